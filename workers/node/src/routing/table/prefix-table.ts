import type { AddressBits } from '../address.js';
import { BlockArena } from './block-arena.js';
import {
    type Arenas,
    CHILD_BLOCK,
    CHILDREN,
    COVER,
    countBits,
    MAX_CHILDREN,
    MAX_VALUES,
    NO_VALUE,
    NODE_SHIFT,
    RELATIVE,
    type Roots,
    STRIDE,
    VALUE_BLOCK,
} from './layout.js';
import { PrefixWriter } from './prefix-writer.js';

/** Most prefixes that can cover one address: lengths 0 to 128. */
export const MAX_COVERING = 129;

/**
 * Prefixes of both families, each with a number. Lookups read the published version; `set` and `delete` change a draft beside
 * it, in as many steps as one likes, until `publish` makes it the version that is read: no lookup sees half of a change.
 */
export class PrefixTable {
    readonly #arenas: Arenas = {
        nodes: new BlockArena(NODE_SHIFT, MAX_CHILDREN),
        values: new BlockArena(0, MAX_VALUES),
    };
    readonly #draft: Roots;
    #live: Roots;
    readonly #writer: PrefixWriter;
    #size = 0;

    constructor() {
        const { nodes } = this.#arenas;
        const emptyRoot = (): number => {
            const node = nodes.allocate(1);
            nodes.words.fill(0, node << NODE_SHIFT, (node + 1) << NODE_SHIFT);
            return node;
        };
        this.#draft = { node4: emptyRoot(), node6: emptyRoot(), value4: NO_VALUE, value6: NO_VALUE };
        this.#live = { ...this.#draft };
        this.#writer = new PrefixWriter(this.#arenas, this.#draft);
        this.publish();
    }

    /** Prefixes in the draft. */
    get size(): number {
        return this.#size;
    }

    /** What the table holds of memory, with what it keeps for growth. */
    get bytes(): number {
        return this.#arenas.nodes.bytes + this.#arenas.values.bytes;
    }

    /** The draft's value of exactly this prefix, or NO_VALUE. */
    get(bits: AddressBits, length: number): number {
        return this.#writer.get(bits, length);
    }

    /** @param value 0 or more */
    set(bits: AddressBits, length: number, value: number): void {
        if (this.#writer.get(bits, length) === NO_VALUE) this.#size += 1;
        this.#writer.set(bits, length, value);
    }

    delete(bits: AddressBits, length: number): boolean {
        const wasThere = this.#writer.delete(bits, length);
        if (wasThere) this.#size -= 1;
        return wasThere;
    }

    publish(): void {
        this.#live = { ...this.#draft };
        this.#arenas.nodes.publish();
        this.#arenas.values.publish();
    }

    /** Value of the longest published prefix that covers the address, or NO_VALUE. */
    longest({ family, words }: AddressBits): number {
        const live = this.#live;
        const nodes = this.#arenas.nodes.words;
        const depths = family === 4 ? 8 : 32;
        let at = (family === 4 ? live.node4 : live.node6) << NODE_SHIFT;
        let best = -1;
        let covering = 0;
        let word = 0;
        for (let depth = 0; depth < depths; depth += 1) {
            if ((depth & 7) === 0) word = words[depth >>> 3]!;
            const nibble = word >>> 28;
            word <<= STRIDE;
            const matched = nodes[at]! & COVER[nibble]!;
            if (matched !== 0) {
                best = at;
                covering = matched;
            }
            const children = nodes[at + CHILDREN]!;
            if ((children & (1 << nibble)) === 0) break;
            at = (nodes[at + CHILD_BLOCK]! + countBits(children & ((1 << nibble) - 1))) << NODE_SHIFT;
        }
        if (best < 0) return family === 4 ? live.value4 : live.value6;
        const below = (1 << (31 - Math.clz32(covering))) - 1;
        return this.#arenas.values.words[nodes[best + VALUE_BLOCK]! + countBits(nodes[best]! & below)]!;
    }

    /**
     * Values and lengths of all published prefixes that cover the address, the shortest first; returns how many.
     * @param values,lengths at least MAX_COVERING long
     */
    covering({ family, words }: AddressBits, values: Int32Array, lengths: Uint8Array): number {
        const live = this.#live;
        const nodes = this.#arenas.nodes.words;
        const held = this.#arenas.values.words;
        const depths = family === 4 ? 8 : 32;
        let at = (family === 4 ? live.node4 : live.node6) << NODE_SHIFT;
        let count = 0;
        let word = 0;
        const shortest = family === 4 ? live.value4 : live.value6;
        if (shortest !== NO_VALUE) {
            values[0] = shortest;
            lengths[0] = 0;
            count = 1;
        }
        for (let depth = 0; depth < depths; depth += 1) {
            if ((depth & 7) === 0) word = words[depth >>> 3]!;
            const nibble = word >>> 28;
            word <<= STRIDE;
            for (let left = nodes[at]! & COVER[nibble]!; left !== 0; left &= left - 1) {
                const bit = 31 - Math.clz32(left & -left);
                values[count] = held[nodes[at + VALUE_BLOCK]! + countBits(nodes[at]! & ((1 << bit) - 1))]!;
                lengths[count] = depth * STRIDE + RELATIVE[bit]!;
                count += 1;
            }
            const children = nodes[at + CHILDREN]!;
            if ((children & (1 << nibble)) === 0) break;
            at = (nodes[at + CHILD_BLOCK]! + countBits(children & ((1 << nibble) - 1))) << NODE_SHIFT;
        }
        return count;
    }
}
