import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

const MOST_PREFIXES = 50_000;
/** Every second answer above the limit says "ask by TCP", which nobody can do with a forged address. */
const SLIP = 2;

export type Verdict = 'answer' | 'truncate' | 'drop';
interface Bucket {
    tokens: number;
    filledAtMs: number;
    beyond: number;
}

/**
 * Response rate limiting, as name servers do it: answers to one network are bounded, so that a question with a forged address
 * cannot make this server flood the one whose address it is.
 */
export class ResponseRateLimit {
    readonly #perSecond: number;
    readonly #now: () => number;
    readonly #buckets = new LRUCache<string, Bucket>({ max: MOST_PREFIXES });

    constructor(perSecond: number, now: () => number = () => performance.now()) {
        this.#perSecond = perSecond;
        this.#now = now;
    }

    judge(address: string): Verdict {
        const nowMs = this.#now();
        const key = prefixOf(address);
        const bucket = this.#buckets.get(key) ?? { tokens: this.#perSecond, filledAtMs: nowMs, beyond: 0 };
        this.#buckets.set(key, bucket);
        const earned = ((nowMs - bucket.filledAtMs) / 1_000) * this.#perSecond;
        bucket.tokens = Math.min(this.#perSecond, bucket.tokens + earned);
        bucket.filledAtMs = nowMs;
        if (bucket.tokens >= 1) {
            bucket.tokens -= 1;
            bucket.beyond = 0;
            return 'answer';
        }
        bucket.beyond += 1;
        return bucket.beyond % SLIP === 0 ? 'truncate' : 'drop';
    }
}

/** Of the network that one customer may have: /24 and /56. */
function prefixOf(address: string): string {
    const parsed = ipaddr.process(address);
    const bytes = parsed.toByteArray();
    return bytes.slice(0, parsed.kind() === 'ipv4' ? 3 : 7).join('.');
}
