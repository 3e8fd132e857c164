import type { HeaderMap } from './headers.js';
import type { CachePolicy } from './policy.js';

/** One object of the disk tier. */
export interface CacheEntry {
    key: string;
    status: number;
    headers: HeaderMap;
    policy: CachePolicy;
    body: Buffer;
    /** Lower-case hex SHA-256 of `body`. */
    sha256: string;
}
