import type { AddressBits } from '../address.js';
import type { BlockArena } from './block-arena.js';

/**
 * A node decides four bits of an address (tree bitmap: Eatherton, Varghese, Dittia 2004), in four words:
 * - which of the 30 prefixes of one to four bits below it have a value, by `bitOf`
 * - which of its 16 children exist
 * - where the block of its children begins, in the order of their bits
 * - where the block of its values begins, in the order of their bits
 */
export const NODE_SHIFT = 2;
export const STRIDE = 4;
export const CHILDREN = 1;
export const CHILD_BLOCK = 2;
export const VALUE_BLOCK = 3;
export const MAX_CHILDREN = 16;
export const MAX_VALUES = 30;
export const NO_VALUE = -1;

/** Bit of the prefix that is the first `relative` (1 to 4) bits of a nibble. */
export const bitOf = (nibble: number, relative: number): number =>
    (1 << relative) - 2 + (nibble >>> (STRIDE - relative));

/** By nibble: the bits of all prefixes that cover it. */
export const COVER = Int32Array.from({ length: 16 }, (_, nibble) =>
    [1, 2, 3, 4].reduce((mask, relative) => mask | (1 << bitOf(nibble, relative)), 0),
);
/** By bit: how many bits its prefix is long. */
export const RELATIVE = Uint8Array.from({ length: MAX_VALUES }, (_, bit) => 31 - Math.clz32(bit + 2));

export function countBits(word: number): number {
    let bits = word - ((word >>> 1) & 0x55555555);
    bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333);
    return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

export const nibbleAt = (bits: AddressBits, depth: number): number =>
    (bits.words[depth >>> 3]! >>> (28 - ((depth & 7) << 2))) & 15;

/** One version of a table: its two tries and the values of the prefixes without bits. */
export interface Roots {
    node4: number;
    node6: number;
    value4: number;
    value6: number;
}
export interface Arenas {
    nodes: BlockArena;
    values: BlockArena;
}
