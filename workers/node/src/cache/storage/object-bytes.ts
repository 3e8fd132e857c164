import { failure } from '@ocm/runtime';
import type { StoredMeta } from './object-storage.js';

const MAX_META_BYTES = 64 * 1024;

/** A small buffer may be a window on a slab that it alone keeps alive; counted are its own bytes. */
export const isOwned = (body: Buffer): boolean => body.buffer.byteLength === body.length;

export function copyOf(body: Buffer): Buffer {
    const copy = Buffer.allocUnsafeSlow(body.length);
    body.copy(copy);
    return copy;
}

/** @throws MKT_NODE__META_TOO_LARGE */
export function metaBytesOf(meta: StoredMeta): number {
    const bytes = Buffer.byteLength(JSON.stringify(meta));
    if (bytes <= MAX_META_BYTES) return bytes;
    throw failure('MKT_NODE__META_TOO_LARGE', 'a description of a stored object has 64 KiB at most; do not store it', {
        bytes,
    });
}
