import { isIPv6 } from 'node:net';
import { failure } from '@ocm/runtime';

/** Prefixes remembered at once; beyond it the one seen longest ago is forgotten, which only helps it. */
const MAX_PREFIXES = 20_000;

export type RateLimit = { burst: number; perSecond: number };

/**
 * Token bucket per connection prefix, in memory only: prefixes of clients are personal data and reach no log and no disk.
 * Hosts behind one prefix share a bucket, because one subscriber can take any address of it.
 */
export function createRateLimiter(
    { burst, perSecond }: RateLimit,
    nowMs: () => number = Date.now,
): (address: string) => void {
    const buckets = new Map<string, { tokens: number; atMs: number }>();
    return (address) => {
        const prefix = prefixOf(address);
        const now = nowMs();
        const before = buckets.get(prefix) ?? { tokens: burst, atMs: now };
        const tokens = Math.min(burst, before.tokens + (Math.max(0, now - before.atMs) / 1000) * perSecond);
        // Re-inserted, so that the map's order is the order of last use.
        buckets.delete(prefix);
        buckets.set(prefix, { tokens: tokens >= 1 ? tokens - 1 : tokens, atMs: now });
        if (buckets.size > MAX_PREFIXES) {
            const oldest = buckets.keys().next();
            if (!oldest.done) buckets.delete(oldest.value);
        }
        if (tokens < 1)
            throw failure(
                'MKT_PROVIDER__RATE_LIMITED',
                'too many requests from this network; wait a few seconds and try again',
                { retryAfterSecs: Math.max(1, Math.ceil((1 - tokens) / perSecond)) },
            );
    };
}

/** IPv4 /24, IPv6 /48, IPv4-mapped as IPv4. */
export function prefixOf(address: string): string {
    const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
    const plain = mapped ?? address;
    if (!isIPv6(plain)) return plain.split('.').slice(0, 3).join('.');
    const [head = '', tail] = plain.split('%')[0]?.split('::') ?? [];
    const left = head === '' ? [] : head.split(':');
    const right = tail === undefined || tail === '' ? [] : tail.split(':');
    const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
    const groups = [...left, ...Array<string>(zeros).fill('0'), ...right];
    return groups
        .slice(0, 3)
        .map((group) => Number.parseInt(group, 16).toString(16))
        .join(':');
}
