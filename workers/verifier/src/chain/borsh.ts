import { toHex } from '../protocol/bytes.js';
import { toAddress } from './address.js';

/** The parts of an IDL that reading data needs. */
export type IdlType =
    | string
    | { array: [IdlType, number] }
    | { vec: IdlType }
    | { option: IdlType }
    | { defined: { name: string } };
export type IdlField = { name: string; type: IdlType };
export type IdlTypeDefinition = {
    name: string;
    type: { kind: 'struct'; fields: IdlField[] } | { kind: 'enum'; variants: { name: string }[] };
};

/** A decoded value: 64 bits and more as bigint, keys in base58, byte arrays in hex, variants of enums by name. */
export type Value = number | bigint | boolean | string | Value[] | { [field: string]: Value };
export type Fields = { [field: string]: Value };

export const toCamel = (name: string): string =>
    name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/**
 * Reads Borsh as an IDL describes it. Stricter than a client needs: a flag is 0 or 1 and nothing is left over, so that no
 * byte of an account or event can change without a change of its value.
 */
export class BorshReader {
    readonly #view: DataView;
    readonly #bytes: Uint8Array;
    #at = 0;

    constructor(
        bytes: Uint8Array,
        private readonly types: ReadonlyMap<string, IdlTypeDefinition>,
    ) {
        this.#bytes = bytes;
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    }

    struct(name: string): Fields {
        const definition = this.types.get(name)?.type;
        if (definition?.kind !== 'struct') throw new TypeError(`the IDL has no struct ${name}`);
        return Object.fromEntries(definition.fields.map((field) => [toCamel(field.name), this.value(field.type)]));
    }

    value(type: IdlType): Value {
        if (typeof type === 'string') return this.#primitive(type);
        if ('array' in type) {
            const [item, count] = type.array;
            if (item === 'u8') return toHex(this.#take(count));
            return Array.from({ length: count }, () => this.value(item));
        }
        if ('vec' in type) return this.#list(type.vec);
        if ('option' in type) return this.#flag() ? this.value(type.option) : 'none';
        return this.#defined(type.defined.name);
    }

    end(): void {
        if (this.#at !== this.#bytes.length) throw new RangeError(`${this.#bytes.length - this.#at} bytes too many`);
    }

    #list(item: IdlType): Value {
        const count = this.#view.getUint32(this.#advance(4), true);
        if (count > this.#bytes.length) throw new RangeError('a list is longer than its data');
        return Array.from({ length: count }, () => this.value(item));
    }

    #defined(name: string): Value {
        const definition = this.types.get(name)?.type;
        if (definition?.kind !== 'enum') return this.struct(name);
        const variant = definition.variants[this.#view.getUint8(this.#advance(1))];
        if (variant === undefined) throw new RangeError(`no such ${name}`);
        return lowerFirst(variant.name);
    }

    #primitive(type: string): Value {
        switch (type) {
            case 'u8':
                return this.#view.getUint8(this.#advance(1));
            case 'u16':
                return this.#view.getUint16(this.#advance(2), true);
            case 'u32':
                return this.#view.getUint32(this.#advance(4), true);
            case 'u64':
                return this.#view.getBigUint64(this.#advance(8), true);
            case 'i64':
                return this.#view.getBigInt64(this.#advance(8), true);
            case 'bool':
                return this.#flag();
            case 'pubkey':
                return toAddress(this.#take(32));
            case 'bytes':
                return toHex(this.#take(this.#view.getUint32(this.#advance(4), true)));
            default:
                throw new TypeError(`the type ${type} is not known here`);
        }
    }

    #flag(): boolean {
        const byte = this.#view.getUint8(this.#advance(1));
        if (byte > 1) throw new RangeError(`a flag is ${byte}`);
        return byte === 1;
    }

    #take(count: number): Uint8Array {
        const start = this.#advance(count);
        return this.#bytes.subarray(start, start + count);
    }

    #advance(count: number): number {
        const start = this.#at;
        if (start + count > this.#bytes.length) throw new RangeError('the data is cut short');
        this.#at += count;
        return start;
    }
}
