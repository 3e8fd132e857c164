import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/consistency-proofs.json' with { type: 'json' };
import { fromHex, toHex, utf8 } from './bytes.js';
import { assertConsistency, type ConsistencyInput, computeConsistencyPath } from './consistency.js';
import { isMarketplaceError } from './error.js';
import { encodeHistoryEntry } from './history.js';
import { computeTreeHead } from './record-tree.js';

const CODES: Record<string, string> = {
    IndexOutOfRange: 'MKT_CORE__INDEX_OUT_OF_RANGE',
    PathLengthWrong: 'MKT_CORE__PATH_LENGTH_WRONG',
    FirstRootMismatch: 'MKT_CORE__FIRST_ROOT_MISMATCH',
    RootMismatch: 'MKT_CORE__ROOT_MISMATCH',
};
const outcome = (compute: () => unknown): string => {
    try {
        compute();
    } catch (error) {
        if (!isMarketplaceError(error)) throw error;
        return error.code;
    }
    return 'accepted';
};
const entries = Array.from({ length: table.entries }, (_, i) => utf8(`entry ${i}`));
const read = (row: (typeof table.proofs)[number]): ConsistencyInput => ({
    firstSize: row.firstSize,
    secondSize: row.secondSize,
    firstRoot: fromHex(row.firstRoot),
    secondRoot: fromHex(row.secondRoot),
    path: row.path.map(fromHex),
});

describe('consistency proofs', () => {
    it('are those of the table and verify', () => {
        for (const row of table.proofs) {
            const path = computeConsistencyPath(entries.slice(0, row.secondSize), row.firstSize);
            expect(path.map(toHex)).toEqual(row.path);
            expect(outcome(() => assertConsistency(read(row)))).toBe('accepted');
        }
    });

    it.each(table.invalid)('are refused for the stated reason: $why', (row) => {
        expect(outcome(() => assertConsistency(read(row)))).toBe(CODES[row.error]);
    });

    it('refuse sizes that no history has', () => {
        for (const size of [0, -1, 1.5, Number.NaN, entries.length + 1]) {
            expect(outcome(() => computeConsistencyPath(entries, size))).toBe('MKT_CORE__INDEX_OUT_OF_RANGE');
        }
        const input = read(table.proofs[0]!);
        expect(outcome(() => assertConsistency({ ...input, firstSize: 0.5 }))).toBe('MKT_CORE__INDEX_OUT_OF_RANGE');
        const short = { ...input, secondSize: 2, path: [new Uint8Array(31)] };
        expect(outcome(() => assertConsistency(short))).toBe('MKT_CORE__PATH_LENGTH_WRONG');
    });

    it('connect any two states of a history, and none that was rewritten', () => {
        const entry = (epoch: number, gross: bigint) =>
            encodeHistoryEntry({
                commitment: new Uint8Array(32).fill(epoch),
                epoch,
                kind: 0,
                root: new Uint8Array(32),
                totalBytes: 1n,
                gross,
                penalty: 0n,
            });
        fc.assert(
            fc.property(fc.integer({ min: 1, max: 80 }), fc.nat(), fc.nat(), fc.nat(), (size, pick, at, bit) => {
                const history = Array.from({ length: size }, (_, i) => entry(i, 5n));
                const firstSize = 1 + (pick % size);
                const proof = {
                    firstSize,
                    secondSize: size,
                    firstRoot: computeTreeHead(history.slice(0, firstSize)),
                    secondRoot: computeTreeHead(history),
                    path: computeConsistencyPath(history, firstSize),
                };
                expect(outcome(() => assertConsistency(proof))).toBe('accepted');
                const forged = history.map((bytes, i) => (i === at % firstSize ? entry(i, 6n) : bytes));
                const forgedProof = {
                    ...proof,
                    secondRoot: computeTreeHead(forged),
                    path: computeConsistencyPath(forged, firstSize),
                };
                expect(outcome(() => assertConsistency(forgedProof))).toMatch(/_MISMATCH$/);
                const node = proof.path[at % Math.max(1, proof.path.length)];
                if (node === undefined) return;
                node[bit % 32] = (node[bit % 32] as number) ^ 1;
                expect(outcome(() => assertConsistency(proof))).toMatch(/_MISMATCH$/);
            }),
            { numRuns: 60 },
        );
    });
});
