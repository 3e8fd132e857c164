import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/record-trees.json' with { type: 'json' };
import { fromHex, toHex } from './bytes.js';
import { MarketplaceError } from './error.js';
import { encodeHistoryEntry } from './history.js';
import { computeAuditPath, computeTreeHead, TreeHeadBuilder, verifyAuditPath } from './record-tree.js';

const entriesOf = (row: { entries: string[] }) => row.entries.map(fromHex);

describe('RFC 9162 tree', () => {
    it.each([...table.named, ...table.trees])('has the head of the table over $entries.length entries', (row) => {
        expect(toHex(computeTreeHead(entriesOf(row)))).toBe(row.root);
    });

    it('has the same head over entries that come one by one, after each of them', () => {
        const builder = new TreeHeadBuilder();
        const entries: Uint8Array[] = [];
        for (let count = 0; count <= 300; count += 1) {
            expect(builder.size).toBe(count);
            expect(toHex(builder.head())).toBe(toHex(computeTreeHead(entries)));
            const entry = Uint8Array.of(count & 255, count >> 8);
            entries.push(entry);
            builder.add(entry);
        }
    });

    it.each(table.trees)('has the audit paths of the table over $entries.length entries', (row) => {
        const entries = entriesOf(row);
        for (const { index, path } of row.paths) {
            expect(computeAuditPath(entries, index).map(toHex)).toEqual(path);
            const entry = entries[index] as Uint8Array;
            const proof = { root: fromHex(row.root), index, size: entries.length, entry, path: path.map(fromHex) };
            expect(verifyAuditPath(proof)).toBe(true);
        }
    });

    it.each(table.invalidPaths)('refuses a path: $why', ({ root, index, size, entry, path }) => {
        const proof = { root: fromHex(root), index, size, entry: fromHex(entry), path: path.map(fromHex) };
        expect(verifyAuditPath(proof)).toBe(false);
    });

    it('proves every entry of any list, and no other entry in its place', () => {
        const lists = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 60 });
        fc.assert(
            fc.property(lists, fc.nat(), fc.uint8Array({ maxLength: 40 }), (entries, pick, other) => {
                const index = pick % entries.length;
                const entry = entries[index] as Uint8Array;
                const root = computeTreeHead(entries);
                const proof = { root, index, size: entries.length, entry, path: computeAuditPath(entries, index) };
                expect(verifyAuditPath(proof)).toBe(true);
                expect(verifyAuditPath({ ...proof, entry: other })).toBe(toHex(other) === toHex(entry));
            }),
        );
    });

    it('answers false to malformed proofs and refuses an index that is not there', () => {
        const base = {
            root: computeTreeHead([new Uint8Array(1)]),
            index: 0,
            size: 1,
            entry: new Uint8Array(1),
            path: [],
        };
        expect(verifyAuditPath(base)).toBe(true);
        fc.assert(
            fc.property(fc.constantFrom('root', 'index', 'size', 'entry', 'path'), fc.anything(), (field, value) => {
                const changed = { ...base, [field]: value };
                fc.pre(
                    !['index', 'size'].includes(field) || typeof value !== 'number' || value !== base[field as 'index'],
                );
                fc.pre(field !== 'path' || !Array.isArray(value) || value.length > 0);
                expect(verifyAuditPath(changed as typeof base)).toBe(false);
            }),
        );
        expect(verifyAuditPath({ ...base, index: 0, size: 2 ** 53 })).toBe(false);
        expect(verifyAuditPath({ ...base, path: [new Uint8Array(31)] })).toBe(false);
        for (const index of [-1, 1, 0.5, Number.NaN]) {
            expect(() => computeAuditPath([new Uint8Array(1)], index)).toThrow(MarketplaceError);
        }
    });

    it('gives the history of a contract the head that the chain keeps', () => {
        const entries: Uint8Array[] = [];
        for (const row of table.history) {
            const entry = encodeHistoryEntry({
                commitment: fromHex(row.commitment),
                epoch: row.epoch,
                kind: row.kind,
                root: fromHex(row.root),
                totalBytes: BigInt(row.totalBytes),
                gross: BigInt(row.gross),
                penalty: BigInt(row.penalty),
            });
            expect(toHex(entry)).toBe(row.encoded);
            entries.push(entry);
            expect(toHex(computeTreeHead(entries))).toBe(row.headAfter);
        }
    });
});
