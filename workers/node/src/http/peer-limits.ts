import { LRUCache } from 'lru-cache';
import { isWithin, type Network, networkOf, readAddress, readNetworks } from './addresses.js';
import type { HttpLimits } from './limits.js';

/** Prefixes whose rate is remembered; the one that was silent longest is forgotten first, with a full burst. */
const MAX_REMEMBERED = 65_536;

type Bucket = { tokens: number; filledAtMs: number };

/** Connections and requests by address prefix. Prefixes live in memory only: nothing of them is logged or told. */
export class PeerLimits {
    readonly #limits: HttpLimits;
    readonly #unlimited: Network[];
    readonly #connections = new Map<string, number>();
    readonly #buckets = new LRUCache<string, Bucket>({ max: MAX_REMEMBERED });

    constructor(limits: HttpLimits) {
        this.#limits = limits;
        this.#unlimited = readNetworks(limits.unlimitedPrefixes);
    }

    /** Counts a connection; null if it is one too many, else what gives it back. */
    connect(address: string | undefined): (() => void) | null {
        const key = this.#prefixOf(address);
        if (key === null) return () => undefined;
        const held = this.#connections.get(key) ?? 0;
        if (held >= this.#limits.maxConnectionsPerPrefix) return null;
        this.#connections.set(key, held + 1);
        return () => {
            const left = (this.#connections.get(key) ?? 1) - 1;
            if (left > 0) this.#connections.set(key, left);
            else this.#connections.delete(key);
        };
    }

    /** False if the prefix has used up its rate. */
    request(address: string | undefined): boolean {
        const key = this.#prefixOf(address);
        if (key === null) return true;
        const { requestsPerPrefixPerSec: rate, requestBurstPerPrefix: burst } = this.#limits;
        const nowMs = performance.now();
        const bucket = this.#buckets.get(key) ?? { tokens: burst, filledAtMs: nowMs };
        const tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.filledAtMs) * rate) / 1_000);
        this.#buckets.set(key, { tokens: tokens < 1 ? tokens : tokens - 1, filledAtMs: nowMs });
        return tokens >= 1;
    }

    /** Null: not limited. A peer whose address is not known counts with all of those. */
    #prefixOf(text: string | undefined): string | null {
        const address = readAddress(text ?? '');
        if (address === null) return 'unknown';
        if (this.#unlimited.some((prefix) => isWithin(address, prefix))) return null;
        const { ipv4PrefixLength, ipv6PrefixLength } = this.#limits;
        const length = address.kind() === 'ipv4' ? ipv4PrefixLength : ipv6PrefixLength;
        return networkOf(address, length);
    }
}
