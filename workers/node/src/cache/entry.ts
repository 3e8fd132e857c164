import type { HeaderMap } from './headers.js';
import type { CachePolicy } from './policy.js';

/** One complete stored response. `body` is the whole object. */
export interface CacheEntry {
    key: string;
    status: number;
    /** End-to-end fields as the parent sent them (after merges of 304). */
    headers: HeaderMap;
    policy: CachePolicy;
    body: Buffer;
    /** Lower-case hex SHA-256 of `body`. */
    sha256: string;
}

/** Request fields that `Vary` of the stored response names, in lower case and order of names. */
export function variantKey(key: string, vary: string | undefined, requestHeaders: HeaderMap): string {
    if (vary === undefined) return key;
    const names = vary
        .toLowerCase()
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
        .sort();
    return names.reduce((variant, name) => `${variant}\n${name}:${requestHeaders[name] ?? ''}`, key);
}
