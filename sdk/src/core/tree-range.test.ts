import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/record-trees.json' with { type: 'json' };
import { fromHex, toHex } from './bytes.js';
import { MarketplaceError } from './error.js';
import { sha256 } from './hash.js';
import { computeAuditPath, computeTreeHead, hashRecord, verifyAuditPath } from './record-tree.js';
import { computeRangePath, type RangeInput, verifyRange } from './tree-range.js';

const entriesOf = (count: number) =>
    Array.from({ length: count }, (_, index) => Uint8Array.of(index & 255, index >> 8));
function prove(all: readonly Uint8Array[], from: number, to: number): RangeInput {
    const hashes = all.map(hashRecord);
    const path = computeRangePath({ from, to, size: all.length, hashAt: (index) => hashes[index] as Uint8Array });
    return { root: computeTreeHead(all), from, size: all.length, entries: all.slice(from, to), path };
}

describe('ranges of an RFC 9162 tree', () => {
    it.each(table.trees)('are proved for one entry as in the table over $entries.length entries', (row) => {
        const entries = row.entries.map(fromHex);
        for (const { index, path } of row.paths) {
            const proof = prove(entries, index, index + 1);
            expect(proof.path.map(toHex)).toEqual(path);
            expect(verifyRange({ ...proof, root: fromHex(row.root) })).toBe(true);
        }
    });

    it('are proved wherever they begin and end, and no other range in their place', () => {
        for (let size = 1; size <= 24; size += 1) {
            const all = entriesOf(size);
            for (let from = 0; from < size; from += 1)
                for (let to = from + 1; to <= size; to += 1) {
                    const proof = prove(all, from, to);
                    expect(verifyRange(proof), `${from} to ${to} of ${size}`).toBe(true);
                    if (to - from < size) expect(verifyRange({ ...proof, from: (from + 1) % size })).toBe(false);
                    expect(verifyRange({ ...proof, entries: proof.entries.slice(1) })).toBe(false);
                    expect(verifyRange({ ...proof, path: [...proof.path, sha256()] })).toBe(false);
                    expect(verifyRange({ ...proof, root: sha256(proof.root) })).toBe(false);
                }
        }
    });

    it('agree with the inclusion proofs of RFC 9162 over any number of entries', () => {
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 400 }), fc.nat(), (size, pick) => {
                const [all, index] = [entriesOf(size), pick % size];
                const { path, root } = prove(all, index, index + 1);
                expect(path).toEqual(computeAuditPath(all, index));
                expect(verifyAuditPath({ root, index, size, entry: all[index] as Uint8Array, path })).toBe(true);
            }),
            { numRuns: 60 },
        );
    });

    it('refuse one changed entry, swapped entries and one changed hash of the path', () => {
        const all = entriesOf(300);
        fc.assert(
            fc.property(fc.nat(298), fc.nat(), fc.nat(), (from, length, pick) => {
                const to = Math.min(300, from + 2 + (length % 60));
                const proof = prove(all, from, to);
                const at = pick % proof.entries.length;
                const other = proof.entries.map((entry, index) => (index === at ? Uint8Array.of(7) : entry));
                expect(verifyRange({ ...proof, entries: other })).toBe(false);
                expect(verifyRange({ ...proof, entries: [...proof.entries].reverse() })).toBe(false);
                const place = pick % Math.max(1, proof.path.length);
                const path = proof.path.map((node, index) => (index === place ? sha256(node) : node));
                expect(verifyRange({ ...proof, path })).toBe(path.length === 0);
            }),
        );
    });

    it('of an empty tree are nothing, and malformed ones are not valid', () => {
        const empty = { root: computeTreeHead([]), from: 0, size: 0, entries: [], path: [] };
        expect(verifyRange(empty)).toBe(true);
        expect(verifyRange({ ...empty, root: sha256(sha256()) })).toBe(false);
        const proof = prove(entriesOf(9), 2, 5);
        fc.assert(
            fc.property(fc.constantFrom('root', 'from', 'size', 'entries', 'path'), fc.anything(), (field, value) => {
                fc.pre(value !== proof[field as 'from']);
                expect(verifyRange({ ...proof, [field]: value } as RangeInput)).toBe(false);
            }),
        );
        expect(verifyRange({ ...proof, size: 2 ** 53 })).toBe(false);
        for (const [from, to] of [
            [-1, 1],
            [0, 0],
            [2, 1],
            [0, 10],
            [0.5, 1],
        ] as const)
            expect(() => prove(entriesOf(9), from, to)).toThrow(MarketplaceError);
    });
});
