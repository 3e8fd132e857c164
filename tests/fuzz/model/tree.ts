import { createHash } from 'node:crypto';
import { Pack } from '../pack.js';

/** A leaf as its bucket knows it (6.5). */
export interface Entry {
    readonly key: Uint8Array;
    readonly leafHash: Uint8Array;
    readonly bytes: bigint;
}

interface Node {
    readonly hash: Uint8Array;
    readonly sum: bigint;
}

/** What `prove_inclusion` takes beside the leaf. */
export interface TreeProof {
    readonly others: Uint8Array;
    readonly path: Uint8Array;
}

export interface Tree {
    readonly root: Uint8Array;
    readonly depth: number;
    prove(key: Uint8Array): TreeProof;
    /** Place, in the order of keys, of the entry that covers a byte. */
    find(target: bigint): Entry;
}

export const sha256 = (...parts: Uint8Array[]): Uint8Array => {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return new Uint8Array(hash.digest());
};

const bytesOf = ({ key, leafHash, bytes }: Entry) => new Pack().raw(key).raw(leafHash).u64(bytes).done();
const join = ({ hash, sum }: Node) => new Pack().raw(hash).u64(sum).done();

const bucketOf = (entries: readonly Entry[]): Node => ({
    hash: sha256(new Pack().u8(2).u16(entries.length).done(), ...entries.map(bytesOf)),
    sum: entries.reduce((sum, { bytes }) => sum + bytes, 0n),
});

const parentOf = (left: Node, right: Node): Node => ({
    hash: sha256(new Pack().u8(1).raw(left.hash).raw(right.hash).u64(left.sum).u64(right.sum).done()),
    sum: left.sum + right.sum,
});

const prefixOf = (key: Uint8Array, depth: number) => ((key[0]! << 8) | key[1]!) >> (16 - depth);

/** The settlement tree of protocol 6.5 over a few entries. */
export function buildTree(given: readonly Entry[], depth: number): Tree {
    const entries = [...given].sort((left, right) => Buffer.compare(left.key, right.key));
    const bucket = (prefix: number) => entries.filter(({ key }) => prefixOf(key, depth) === prefix);
    const levels: Node[][] = [Array.from({ length: 2 ** depth }, (_, prefix) => bucketOf(bucket(prefix)))];
    for (let level = 0; level < depth; level += 1) {
        const below = levels[level]!;
        levels.push(below.flatMap((node, place) => (place % 2 === 0 ? [parentOf(node, below[place + 1]!)] : [])));
    }
    return {
        root: levels[depth]![0]!.hash,
        depth,
        prove: (key) => {
            const prefix = prefixOf(key, depth);
            const others = bucket(prefix).filter((entry) => Buffer.compare(entry.key, key) !== 0);
            const path = Array.from({ length: depth }, (_, level) => join(levels[level]![(prefix >> level) ^ 1]!));
            return { others: Buffer.concat(others.map(bytesOf)), path: Buffer.concat(path) };
        },
        find: (target) => {
            let left = target;
            for (const entry of entries) {
                if (left < entry.bytes) return entry;
                left -= entry.bytes;
            }
            throw new Error('no leaf covers the target');
        },
    };
}
