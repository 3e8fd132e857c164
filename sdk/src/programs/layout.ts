import type { IdlConst, IdlFieldConst, IdlTypeConst } from './idl-types.js';

const PRIMITIVE_BYTES: Readonly<Record<string, number>> = {
    u8: 1,
    i8: 1,
    bool: 1,
    u16: 2,
    i16: 2,
    u32: 4,
    i32: 4,
    u64: 8,
    i64: 8,
    u128: 16,
    i128: 16,
    pubkey: 32,
};

/** The count before the items of a list. */
export const LENGTH_BYTES = 4;

export const DISCRIMINATOR_BYTES = 8;

/** Bytes of a type; of a list, only the count before its items: the least that the type can take. */
export function sizeOf(idl: IdlConst, type: IdlTypeConst): number {
    if (type === 'bytes' || type === 'string') return LENGTH_BYTES;
    if (typeof type === 'string') {
        const bytes = PRIMITIVE_BYTES[type];
        if (bytes === undefined) throw new TypeError(`The IDL type ${type} has no fixed size`);
        return bytes;
    }
    if ('vec' in type) return LENGTH_BYTES;
    if ('array' in type) return sizeOf(idl, type.array[0]) * type.array[1];
    if ('defined' in type) {
        const definition = idl.types.find((candidate) => candidate.name === type.defined.name)?.type;
        if (definition?.kind === 'enum') return 1;
        const fields = (definition?.fields ?? []) as readonly IdlFieldConst[];
        return fields.reduce((total, field) => total + sizeOf(idl, field.type), 0);
    }
    throw new TypeError('The IDL type has no fixed size');
}

/** Bytes before a field in an account's data, discriminator included, where no list stands before it. */
export function fieldOffset(idl: IdlConst, account: string, field: string): number {
    const definition = idl.types.find((candidate) => candidate.name === account)?.type;
    const fields = (definition?.kind === 'struct' ? definition.fields : undefined) as readonly IdlFieldConst[];
    let offset = DISCRIMINATOR_BYTES;
    for (const candidate of fields) {
        if (candidate.name === field) return offset;
        offset += sizeOf(idl, candidate.type);
    }
    throw new TypeError(`The account ${account} has no field ${field}`);
}

/** Bytes of the data of an account or event, discriminator included; the least where it has lists. */
export function dataSize(idl: IdlConst, name: string): number {
    return DISCRIMINATOR_BYTES + sizeOf(idl, { defined: { name } });
}
