import { utf8 } from './bytes.js';
import { MarketplaceError } from './error.js';

/** Largest u64. */
export const MAX_U64 = (1n << 64n) - 1n;
const DOMAIN_BYTES = 16;

/** ASCII name, zero padded to 16 bytes: tells one kind of signed message from every other (protocol 6.1). */
export function domain(name: string): Uint8Array {
    const bytes = new Uint8Array(DOMAIN_BYTES);
    bytes.set(utf8(name));
    return bytes;
}

export function assertU64(name: string, value: bigint): void {
    if (typeof value !== 'bigint' || value < 0n || value > MAX_U64) {
        throw new MarketplaceError('MKT_CORE__FIELD_OUT_OF_RANGE', { field: name, value, bits: 64 });
    }
}

export function assertUint(name: string, value: number, bits: 8 | 16 | 32): void {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits) {
        throw new MarketplaceError('MKT_CORE__FIELD_OUT_OF_RANGE', { field: name, value, bits });
    }
}

export function assertLength(name: string, value: Uint8Array, bytes: number): void {
    if (!(value instanceof Uint8Array) || value.length !== bytes) {
        const length = value instanceof Uint8Array ? value.length : 'not bytes';
        throw new MarketplaceError('MKT_CORE__FIELD_LENGTH_WRONG', { field: name, length, expected: bytes });
    }
}

/** Writes fixed-width little-endian fields in order and refuses any value that does not fit its field. */
export class FieldWriter {
    readonly #bytes: Uint8Array;
    readonly #view: DataView;
    #at = 0;

    constructor(length: number) {
        this.#bytes = new Uint8Array(length);
        this.#view = new DataView(this.#bytes.buffer);
    }

    bytes(name: string, value: Uint8Array, length: number): this {
        assertLength(name, value, length);
        this.#bytes.set(value, this.#at);
        this.#at += length;
        return this;
    }

    u8(name: string, value: number): this {
        assertUint(name, value, 8);
        this.#view.setUint8(this.#at, value);
        this.#at += 1;
        return this;
    }

    u16(name: string, value: number): this {
        assertUint(name, value, 16);
        this.#view.setUint16(this.#at, value, true);
        this.#at += 2;
        return this;
    }

    u32(name: string, value: number): this {
        assertUint(name, value, 32);
        this.#view.setUint32(this.#at, value, true);
        this.#at += 4;
        return this;
    }

    u64(name: string, value: bigint): this {
        assertU64(name, value);
        this.#view.setBigUint64(this.#at, value, true);
        this.#at += 8;
        return this;
    }

    finish(): Uint8Array {
        return this.#bytes;
    }
}

/** Reads what {@link FieldWriter} wrote. The caller has checked the length. */
export class FieldReader {
    readonly #bytes: Uint8Array;
    readonly #view: DataView;
    #at = 0;

    constructor(bytes: Uint8Array) {
        this.#bytes = bytes;
        this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    }

    /** A copy, so that a later change of the input cannot change what was decoded. */
    bytes(length: number): Uint8Array {
        return Uint8Array.from(this.#bytes.subarray(this.#advance(length), this.#at));
    }

    u8(): number {
        return this.#view.getUint8(this.#advance(1));
    }

    u16(): number {
        return this.#view.getUint16(this.#advance(2), true);
    }

    u32(): number {
        return this.#view.getUint32(this.#advance(4), true);
    }

    u64(): bigint {
        return this.#view.getBigUint64(this.#advance(8), true);
    }

    #advance(length: number): number {
        const at = this.#at;
        this.#at += length;
        return at;
    }
}

/** u64 as 8 little-endian bytes. */
export function encodeU64(value: bigint): Uint8Array {
    return new FieldWriter(8).u64('value', value).finish();
}

/** Opens a message of an exact length that starts with its domain. */
export function openMessage(message: string, bytes: Uint8Array, length: number, expected: Uint8Array): FieldReader {
    if (!(bytes instanceof Uint8Array) || bytes.length !== length) {
        const actual = bytes instanceof Uint8Array ? bytes.length : 'not bytes';
        throw new MarketplaceError('MKT_CORE__MESSAGE_LENGTH_WRONG', { message, length: actual, expected: length });
    }
    const reader = new FieldReader(bytes);
    const actual = reader.bytes(expected.length);
    if (!actual.every((byte, i) => byte === expected[i])) {
        throw new MarketplaceError('MKT_CORE__MESSAGE_DOMAIN_WRONG', { message });
    }
    return reader;
}
