/** Instructions of a WebAssembly module, or an expression that leaves one value. */
export type Code = readonly number[];

const SIMD = 0xfd;
const I32 = 0x7f;
const V128 = 0x7b;
const END = 0x0b;
/** Lanes are words of 16 bytes' alignment at most, told as 2^0: values of records begin anywhere. */
const UNALIGNED = 0;

/** Unsigned LEB128. */
export function leb(value: number): number[] {
    const bytes: number[] = [];
    for (let left = value; ; left = Math.floor(left / 128)) {
        if (left < 128) return [...bytes, left];
        bytes.push((left % 128) | 128);
    }
}

const simd = (opcode: number, ...operands: Code[]): Code => [...operands.flat(), SIMD, ...leb(opcode)];
const int = (value: number): Code => [0x41, ...signedLeb(value)];
function signedLeb(value: number): number[] {
    const bytes = leb(value);
    return ((bytes.at(-1) ?? 0) & 64) === 0 ? bytes : [...bytes.slice(0, -1), (bytes.at(-1) ?? 0) | 128, 0];
}

export const get = (local: number): Code => [0x20, ...leb(local)];
export const set = (local: number, value: Code): Code => [...value, 0x21, ...leb(local)];
export const addInt = (left: Code, right: Code): Code => [...left, ...right, 0x6a];
export const multiplyInt = (left: Code, factor: number): Code => [...left, ...int(factor), 0x6c];

/** Sixteen bytes at `address + offset`. */
export const load = (address: Code, offset: number): Code => [...simd(0x00, address), UNALIGNED, ...leb(offset)];
/** The word at `address + offset` in all four lanes. */
export const loadSplat = (address: Code, offset: number): Code => [...simd(0x09, address), UNALIGNED, ...leb(offset)];
export const store = (address: Code, offset: number, value: Code): Code => [
    ...simd(0x0b, address, value),
    UNALIGNED,
    ...leb(offset),
];
/** Bytes of the two, chosen by their numbers: 0 to 15 are of `left`, 16 to 31 of `right`. */
export const shuffle = (left: Code, right: Code, bytes: readonly number[]): Code => [
    ...simd(0x0d, left, right),
    ...bytes,
];
export const and = (left: Code, right: Code): Code => simd(0x4e, left, right);
export const or = (left: Code, right: Code): Code => simd(0x50, left, right);
export const xor = (left: Code, right: Code): Code => simd(0x51, left, right);
export const add = (left: Code, right: Code): Code => simd(0xae, left, right);
export const shiftLeft = (value: Code, bits: number): Code => simd(0xab, value, int(bits));
export const shiftRight = (value: Code, bits: number): Code => simd(0xad, value, int(bits));
export const at = (address: number): Code => int(address);

export interface WasmFunction {
    readonly name: string;
    /** Each an address or a length. Locals are counted on from here. */
    readonly parameters: number;
    /** Of sixteen bytes each. */
    readonly vectors: number;
    readonly code: Code;
}

const sized = (bytes: Code): number[] => [...leb(bytes.length), ...bytes];
const list = (items: readonly Code[]): number[] => [...leb(items.length), ...items.flat()];
const section = (id: number, items: readonly Code[]): number[] => [id, ...sized(list(items))];
const named = (name: string): number[] => sized([...name].map((letter) => letter.charCodeAt(0)));

/** A module of these functions, which give nothing back, and one memory of so many pages of 64 KiB: all are exported. */
export function encodeModule(functions: readonly WasmFunction[], pages: number): Uint8Array<ArrayBuffer> {
    const types = functions.map(({ parameters }) => [
        0x60,
        ...list(Array.from({ length: parameters }, () => [I32])),
        0,
    ]);
    const exports = functions.map(({ name }, index) => [...named(name), 0, ...leb(index)]);
    const bodies = functions.map(({ vectors, code }) => sized([1, ...leb(vectors), V128, ...code, END]));
    return Uint8Array.from([
        ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        ...section(1, types),
        ...section(
            3,
            functions.map((_, index) => leb(index)),
        ),
        ...section(5, [[1, ...leb(pages), ...leb(pages)]]),
        ...section(7, [...exports, [...named('memory'), 2, 0]]),
        ...section(10, bodies),
    ]);
}
