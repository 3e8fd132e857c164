import { equalBytes } from './bytes.js';
import { MarketplaceError } from './error.js';
import { HASH_BYTES, sha256 } from './hash.js';

const LEAF_PREFIX = Uint8Array.of(0);
const NODE_PREFIX = Uint8Array.of(1);
/** 2^53 entries, the largest index a number holds exactly. */
const MAX_AUDIT_PATH_LENGTH = 53;

/** Leaf hash of an entry: `SHA256(0x00 | entry)`. */
export function hashRecord(entry: Uint8Array): Uint8Array {
    return sha256(LEAF_PREFIX, entry);
}

/** Inner node: `SHA256(0x01 | left | right)`. */
export function hashChildren(left: Uint8Array, right: Uint8Array): Uint8Array {
    return sha256(NODE_PREFIX, left, right);
}

/** Merkle tree hash of RFC 9162 2.1.1 over whole entries; `SHA256("")` of none. */
export function computeTreeHead(entries: readonly Uint8Array[]): Uint8Array {
    if (entries.length === 0) return sha256();
    return reduceToRoot(entries.map(hashRecord));
}

/**
 * {@link computeTreeHead} of entries that come one by one. What is kept is the compact range: one hash per one bit of the
 * count, at most 24 for ten million entries.
 */
export class TreeHeadBuilder {
    /** Roots of whole subtrees, the largest first. */
    readonly #range: Uint8Array[] = [];
    #size = 0;

    get size(): number {
        return this.#size;
    }

    add(entry: Uint8Array): void {
        let node = hashRecord(entry);
        for (let rest = this.#size; rest % 2 === 1; rest = Math.floor(rest / 2)) {
            node = hashChildren(this.#range.pop() as Uint8Array, node);
        }
        this.#range.push(node);
        this.#size += 1;
    }

    /** Of what was added so far. */
    head(): Uint8Array {
        return this.#size === 0 ? sha256() : this.#range.reduceRight((right, left) => hashChildren(left, right));
    }
}

/** Inclusion proof of RFC 9162 2.1.3.1, bottom-up. Throws MKT_CORE__INDEX_OUT_OF_RANGE. */
export function computeAuditPath(entries: readonly Uint8Array[], index: number): Uint8Array[] {
    if (!Number.isInteger(index) || index < 0 || index >= entries.length) {
        throw new MarketplaceError('MKT_CORE__INDEX_OUT_OF_RANGE', { index, size: entries.length });
    }
    const path: Uint8Array[] = [];
    let level = entries.map(hashRecord);
    for (let place = index; level.length > 1; place = Math.floor(place / 2)) {
        const sibling = level[place ^ 1];
        if (sibling !== undefined) path.push(sibling);
        level = parents(level);
    }
    return path;
}

export interface AuditPathInput {
    readonly root: Uint8Array;
    /** From zero. */
    readonly index: number;
    /** Entries of the tree. */
    readonly size: number;
    readonly entry: Uint8Array;
    readonly path: readonly Uint8Array[];
}

/** Inclusion by the algorithm of RFC 9162 2.1.3.2; malformed input is just not valid. */
export function verifyAuditPath({ root, index, size, entry, path }: AuditPathInput): boolean {
    if (!Number.isSafeInteger(index) || !Number.isSafeInteger(size) || index < 0 || index >= size) return false;
    if (!(entry instanceof Uint8Array) || !Array.isArray(path) || path.length > MAX_AUDIT_PATH_LENGTH) return false;
    if (path.some((node) => !(node instanceof Uint8Array) || node.length !== HASH_BYTES)) return false;
    let place = index;
    let last = size - 1;
    let node = hashRecord(entry);
    for (const sibling of path) {
        if (last === 0) return false;
        if (place % 2 === 1 || place === last) {
            node = hashChildren(sibling, node);
            while (place % 2 === 0 && place !== 0) {
                place = Math.floor(place / 2);
                last = Math.floor(last / 2);
            }
        } else {
            node = hashChildren(node, sibling);
        }
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
    }
    return last === 0 && root instanceof Uint8Array && equalBytes(node, root);
}

/** Pairs from the left; an odd last node moves up unchanged, which is the split at the largest power of two. */
function parents(level: readonly Uint8Array[]): Uint8Array[] {
    const next: Uint8Array[] = [];
    for (let i = 0; i < level.length; i += 2) {
        const left = level[i] as Uint8Array;
        const right = level[i + 1];
        next.push(right === undefined ? left : hashChildren(left, right));
    }
    return next;
}

function reduceToRoot(leafHashes: readonly Uint8Array[]): Uint8Array {
    let level = [...leafHashes];
    while (level.length > 1) level = parents(level);
    return level[0] as Uint8Array;
}
