import { LRUCache } from 'lru-cache';
import type { Clock } from '../../ports.js';
import { AddressBits, parseAddressInto } from '../address.js';
import { lineText } from './device-token.js';

/** Of one line, for a BEACON that asks every five minutes and after a failure every five seconds. */
const PER_LINE = { most: 6, everyMs: 10_000 } as const;
/** Of all lines together: what the RPC node is asked because of strangers. */
const ALL = { most: 40, everyMs: 50 } as const;
const MOST_LINES = 20_000;

interface Bucket {
    left: number;
    filledAtMs: number;
}

/** How often strangers may make this node ask the chain: by line (IPv4 /24, IPv6 /56), and all together. */
export class LookupBudget {
    readonly #now: Clock;
    readonly #lines = new LRUCache<string, Bucket>({ max: MOST_LINES });
    readonly #all: Bucket;

    constructor(now: Clock) {
        this.#now = now;
        this.#all = { left: ALL.most, filledAtMs: now() };
    }

    take(from: string): boolean {
        const bits = new AddressBits();
        const line = parseAddressInto(from, bits) ? lineText(bits) : '';
        const bucket = this.#lines.get(line) ?? { left: PER_LINE.most, filledAtMs: this.#now() };
        this.#lines.set(line, bucket);
        // What a line has used up costs nobody else.
        return this.#takeOf(bucket, PER_LINE) && this.#takeOf(this.#all, ALL);
    }

    #takeOf(bucket: Bucket, { most, everyMs }: { most: number; everyMs: number }): boolean {
        const earned = Math.max(0, Math.floor((this.#now() - bucket.filledAtMs) / everyMs));
        bucket.left = Math.min(most, bucket.left + earned);
        bucket.filledAtMs += earned * everyMs;
        if (bucket.left < 1) return false;
        bucket.left -= 1;
        return true;
    }
}
