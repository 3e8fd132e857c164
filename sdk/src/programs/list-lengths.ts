import type { IdlConst, IdlFieldConst, IdlTypeConst } from './idl-types.js';
import { LENGTH_BYTES, sizeOf } from './layout.js';

/** Whether the items of a type take the same bytes whatever they are. */
function isFixed(idl: IdlConst, type: IdlTypeConst): boolean {
    if (typeof type === 'string') return type !== 'bytes' && type !== 'string';
    if ('array' in type) return isFixed(idl, type.array[0]);
    return 'defined' in type && fieldsOf(idl, type.defined.name).every((field) => isFixed(idl, field.type));
}

/** Of a struct; none of an enum, whose variants carry nothing. */
function fieldsOf(idl: IdlConst, name: string): readonly IdlFieldConst[] {
    const definition = idl.types.find((candidate) => candidate.name === name)?.type;
    return definition?.kind === 'struct' ? ((definition.fields ?? []) as readonly IdlFieldConst[]) : [];
}

/** The place behind a value that begins at `offset`. */
function skip(idl: IdlConst, type: IdlTypeConst, data: DataView, offset: number): number {
    if (isFixed(idl, type)) return offset + sizeOf(idl, type);
    if (typeof type === 'string') return skipItems(idl, 'u8', data, offset);
    if ('vec' in type) return skipItems(idl, type.vec, data, offset);
    if ('option' in type) return data.getUint8(offset) === 0 ? offset + 1 : skip(idl, type.option, data, offset + 1);
    if ('array' in type) {
        let end = offset;
        for (let place = 0; place < type.array[1]; place += 1) end = skip(idl, type.array[0], data, end);
        return end;
    }
    return fieldsOf(idl, type.defined.name).reduce((end, field) => skip(idl, field.type, data, end), offset);
}

function skipItems(idl: IdlConst, item: IdlTypeConst, data: DataView, offset: number): number {
    const count = data.getUint32(offset, true);
    let end = offset + LENGTH_BYTES;
    if (count * sizeOf(idl, item) > data.byteLength - end) {
        throw new RangeError(`a list of ${count} items does not fit into ${data.byteLength} bytes`);
    }
    if (isFixed(idl, item)) return end + count * sizeOf(idl, item);
    for (let place = 0; place < count; place += 1) end = skip(idl, item, data, end);
    return end;
}

/**
 * Refuses data whose lists say that they are longer than it: the coder would believe them and fill the memory.
 *
 * @throws RangeError naming the count; DataView's own where the data ends before a count.
 */
export function assertListsFit(idl: IdlConst, name: string, data: Uint8Array, offset: number): void {
    const type = { defined: { name } };
    if (!isFixed(idl, type)) skip(idl, type, new DataView(data.buffer, data.byteOffset, data.byteLength), offset);
}
