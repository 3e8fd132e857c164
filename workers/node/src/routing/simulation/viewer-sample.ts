import type { AddressBits } from '../address.js';
import type { Decision } from '../decision/decision.js';

/** A share of one in a hundred is still some eighty of them. */
const KEPT = 8_192;
/** Masks of what is kept of an address: its /24, its /48. */
const IPV4_MASK = 0xffffff00;
const IPV6_SECOND_WORD_MASK = 0xffff0000;

export interface SampledViewer {
    family: 4 | 6;
    words: readonly [number, number];
    bucket: number;
    node: string | null;
    /** It asked by https. */
    isSecure: boolean;
}

/** The last viewers that were routed, each as its network, its bucket, its scheme and where it went. In memory only. */
export class ViewerSample {
    readonly #words = new Int32Array(2 * KEPT);
    readonly #buckets = new Uint16Array(KEPT);
    readonly #families = new Uint8Array(KEPT);
    readonly #secure = new Uint8Array(KEPT);
    readonly #nodes: (string | null)[] = new Array<string | null>(KEPT).fill(null);
    #count = 0;

    add(
        { family, words }: AddressBits,
        { bucket, node, isSecure }: Pick<Decision, 'bucket' | 'node' | 'isSecure'>,
    ): void {
        const at = this.#count % KEPT;
        this.#words[2 * at] = family === 4 ? words[0]! & IPV4_MASK : words[0]!;
        this.#words[2 * at + 1] = family === 4 ? 0 : words[1]! & IPV6_SECOND_WORD_MASK;
        this.#buckets[at] = bucket;
        this.#families[at] = family;
        this.#secure[at] = isSecure ? 1 : 0;
        this.#nodes[at] = node;
        this.#count += 1;
    }

    /** Those who went to one node; null: to traditional delivery. */
    *of(node: string | null): Generator<SampledViewer> {
        for (let at = 0; at < Math.min(this.#count, KEPT); at += 1) {
            if (this.#nodes[at] !== node) continue;
            yield {
                family: this.#families[at] === 4 ? 4 : 6,
                words: [this.#words[2 * at]!, this.#words[2 * at + 1]!],
                bucket: this.#buckets[at]!,
                node,
                isSecure: this.#secure[at] === 1,
            };
        }
    }
}
