import { failure } from '@ocm/runtime';
import type { StoredMeta, StoredObject } from './object-storage.js';

const MAX_META_BYTES = 64 * 1024;

/** An object with its description as JSON, which is made once: it is what is counted, sealed and indexed. */
export interface DescribedObject {
    object: StoredObject;
    metaText: string;
}

/** A small buffer may be a window on a slab that it alone keeps alive; counted are its own bytes. */
export const isOwned = (body: Buffer): boolean => body.buffer.byteLength === body.length;

export function copyOf(body: Buffer): Buffer {
    const copy = Buffer.allocUnsafeSlow(body.length);
    body.copy(copy);
    return copy;
}

/** A description as it is kept on disk. @throws MKT_NODE__META_TOO_LARGE */
export function metaTextOf(meta: StoredMeta): string {
    const text = JSON.stringify(meta);
    const bytes = Buffer.byteLength(text);
    if (bytes <= MAX_META_BYTES) return text;
    throw failure('MKT_NODE__META_TOO_LARGE', 'a description of a stored object has 64 KiB at most; do not store it', {
        bytes,
    });
}
