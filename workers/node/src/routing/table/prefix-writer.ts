import type { AddressBits } from '../address.js';
import {
    type Arenas,
    bitOf,
    CHILD_BLOCK,
    CHILDREN,
    countBits,
    NO_VALUE,
    NODE_SHIFT,
    nibbleAt,
    type Roots,
    STRIDE,
    VALUE_BLOCK,
} from './layout.js';

/** Changes the draft of a table. What the published version reads is copied first. */
export class PrefixWriter {
    readonly #arenas: Arenas;
    readonly #roots: Roots;
    /** Nodes on the way to the prefix that is deleted. */
    readonly #path = new Int32Array(33);

    constructor(arenas: Arenas, roots: Roots) {
        this.#arenas = arenas;
        this.#roots = roots;
    }

    /** The draft's value of exactly this prefix, or NO_VALUE. */
    get(bits: AddressBits, length: number): number {
        const roots = this.#roots;
        if (length === 0) return bits.family === 4 ? roots.value4 : roots.value6;
        const { words } = this.#arenas.nodes;
        let at = (bits.family === 4 ? roots.node4 : roots.node6) << NODE_SHIFT;
        let depth = 0;
        for (; length - depth * STRIDE > STRIDE; depth += 1) {
            const children = words[at + CHILDREN]!;
            const bit = 1 << nibbleAt(bits, depth);
            if ((children & bit) === 0) return NO_VALUE;
            at = (words[at + CHILD_BLOCK]! + countBits(children & (bit - 1))) << NODE_SHIFT;
        }
        const held = words[at]!;
        const bit = bitOf(nibbleAt(bits, depth), length - depth * STRIDE);
        if ((held & (1 << bit)) === 0) return NO_VALUE;
        return this.#arenas.values.words[words[at + VALUE_BLOCK]! + countBits(held & ((1 << bit) - 1))]!;
    }

    /** @param value 0 or more */
    set(bits: AddressBits, length: number, value: number): void {
        if (length === 0) {
            this.#setShortest(bits.family, value);
            return;
        }
        let node = this.#ownRoot(bits.family);
        let depth = 0;
        for (; length - depth * STRIDE > STRIDE; depth += 1) node = this.#ownChild(node, nibbleAt(bits, depth));
        this.#setValue(node, bitOf(nibbleAt(bits, depth), length - depth * STRIDE), value);
    }

    /** Returns whether there was such a prefix. */
    delete(bits: AddressBits, length: number): boolean {
        if (this.get(bits, length) === NO_VALUE) return false;
        if (length === 0) {
            this.#setShortest(bits.family, NO_VALUE);
            return true;
        }
        const path = this.#path;
        let depth = 0;
        path[0] = this.#ownRoot(bits.family);
        for (; length - depth * STRIDE > STRIDE; depth += 1) {
            path[depth + 1] = this.#ownChild(path[depth]!, nibbleAt(bits, depth));
        }
        this.#deleteValue(path[depth]!, bitOf(nibbleAt(bits, depth), length - depth * STRIDE));
        for (; depth > 0 && this.#isEmpty(path[depth]!); depth -= 1) {
            this.#deleteChild(path[depth - 1]!, nibbleAt(bits, depth - 1));
        }
        return true;
    }

    #setShortest(family: 4 | 6, value: number): void {
        this.#roots[family === 4 ? 'value4' : 'value6'] = value;
    }

    #ownRoot(family: 4 | 6): number {
        const field = family === 4 ? 'node4' : 'node6';
        this.#roots[field] = this.#arenas.nodes.own(this.#roots[field], 1);
        return this.#roots[field];
    }

    #ownChild(node: number, nibble: number): number {
        const { nodes } = this.#arenas;
        const at = node << NODE_SHIFT;
        const children = nodes.words[at + CHILDREN]!;
        const bit = 1 << nibble;
        const place = countBits(children & (bit - 1));
        const count = countBits(children);
        const block = nodes.words[at + CHILD_BLOCK]!;
        const owned = (children & bit) === 0 ? nodes.insertAt(block, count, place) : nodes.own(block, count);
        // The arena may have grown meanwhile: `words` is read anew.
        nodes.words[at + CHILDREN] = children | bit;
        nodes.words[at + CHILD_BLOCK] = owned;
        return owned + place;
    }

    #setValue(node: number, bit: number, value: number): void {
        const { nodes, values } = this.#arenas;
        const at = node << NODE_SHIFT;
        const held = nodes.words[at]!;
        const place = countBits(held & ((1 << bit) - 1));
        const block = nodes.words[at + VALUE_BLOCK]!;
        const isHeld = (held & (1 << bit)) !== 0;
        const owned = isHeld ? values.own(block, countBits(held)) : values.insertAt(block, countBits(held), place);
        values.words[owned + place] = value;
        nodes.words[at] = held | (1 << bit);
        nodes.words[at + VALUE_BLOCK] = owned;
    }

    #deleteValue(node: number, bit: number): void {
        const { nodes, values } = this.#arenas;
        const at = node << NODE_SHIFT;
        const held = nodes.words[at]!;
        const place = countBits(held & ((1 << bit) - 1));
        nodes.words[at + VALUE_BLOCK] = values.removeAt(nodes.words[at + VALUE_BLOCK]!, countBits(held), place);
        nodes.words[at] = held & ~(1 << bit);
    }

    #deleteChild(node: number, nibble: number): void {
        const { nodes } = this.#arenas;
        const at = node << NODE_SHIFT;
        const children = nodes.words[at + CHILDREN]!;
        const place = countBits(children & ((1 << nibble) - 1));
        const block = nodes.removeAt(nodes.words[at + CHILD_BLOCK]!, countBits(children), place);
        nodes.words[at + CHILDREN] = children & ~(1 << nibble);
        nodes.words[at + CHILD_BLOCK] = block;
    }

    #isEmpty(node: number): boolean {
        const at = node << NODE_SHIFT;
        return this.#arenas.nodes.words[at] === 0 && this.#arenas.nodes.words[at + CHILDREN] === 0;
    }
}
