import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import consistency from '../../../tests/vectors/consistency-proofs.json' with { type: 'json' };
import settlements from '../../../tests/vectors/inclusion-proofs.json' with { type: 'json' };
import trees from '../../../tests/vectors/record-trees.json' with { type: 'json' };
import { computeTreeHead, fromHex, toHex } from '../core/index.js';
import { checkConsistencyProof, checkInclusionProof, checkSettlementProof, computeHistoryHead } from './text-proofs.js';

describe('proofs as JSON carries them', () => {
    it('hold or fail as in the tables', () => {
        for (const row of consistency.proofs) expect(checkConsistencyProof(row)).toEqual({ verified: true });
        for (const row of consistency.invalid) {
            const { verified } = checkConsistencyProof(row);
            expect([row.why, verified]).toEqual([row.why, false]);
        }
        for (const { entries, root, paths } of trees.trees) {
            for (const { index, path } of paths) {
                const proof = { root, index, size: entries.length, entry: entries[index] ?? '', path };
                expect(checkInclusionProof(proof)).toBe(true);
                expect(checkInclusionProof({ ...proof, entry: `${proof.entry}00` })).toBe(false);
            }
        }
        for (const row of trees.invalidPaths) expect([row.why, checkInclusionProof(row)]).toEqual([row.why, false]);
        for (const row of settlements.proofs) {
            expect([row.why, checkSettlementProof(row)]).toEqual([row.why, !('error' in row)]);
        }
    });

    it('tell the rule that is broken, and none where nothing can be read', () => {
        const [row = expect.fail('no row')] = consistency.proofs.filter(({ path }) => path.length > 1);
        const other = { ...row, secondRoot: row.firstRoot };
        expect(checkConsistencyProof(other)).toEqual({ verified: false, code: 'MKT_CORE__ROOT_MISMATCH' });
        const told = (lie: object) => checkConsistencyProof({ ...row, ...lie });
        expect(told({ firstRoot: 'xyz' })).toEqual({ verified: false, code: 'MKT_CORE__HEX_INVALID' });
        for (const path of [null, undefined, 7]) expect(told({ path })).toEqual({ verified: false, code: null });
    });

    it('never throw, whatever they hold, and never hold by chance', () => {
        const anything = fc.anything();
        fc.assert(
            fc.property(fc.dictionary(fc.string(), anything), anything, (some, other) => {
                const hostile = { root: other, path: [other], entry: other, leaf: other, firstSize: other, ...some };
                expect(checkConsistencyProof(hostile as never).verified).toBe(false);
                expect(checkInclusionProof(hostile as never)).toBe(false);
                expect(checkSettlementProof(hostile as never)).toBe(false);
            }),
        );
    });
});

describe('the head of a history', () => {
    const encoded = trees.history.map((row) => fromHex(row.encoded));
    /** Roots of full subtrees, that of 2^i entries at place i, as a contract's account keeps them. */
    function frontierOf(size: number): Uint8Array[] {
        const frontier = Array.from({ length: 16 }, () => new Uint8Array(32));
        let from = 0;
        for (let level = 15; level >= 0; level -= 1) {
            if ((size & (1 << level)) === 0) continue;
            frontier[level] = computeTreeHead(encoded.slice(from, from + (1 << level)));
            from += 1 << level;
        }
        return frontier;
    }

    it('is that of the table at each size, from the full subtrees alone', () => {
        for (const [place, { headAfter }] of trees.history.entries()) {
            const head = computeHistoryHead(BigInt(place + 1), frontierOf(place + 1));
            expect(head === null ? null : toHex(head)).toBe(headAfter);
        }
        expect(toHex(computeHistoryHead(0n, []) ?? new Uint8Array())).toBe(toHex(computeTreeHead([])));
    });

    it('is not known where places are missing', () => {
        expect(computeHistoryHead(4n, frontierOf(3).slice(0, 2))).toBeNull();
        expect(computeHistoryHead(1n, [new Uint8Array(31)])).toBeNull();
        for (const size of [1n << 64n, -1n]) expect(computeHistoryHead(size, frontierOf(3))).toBeNull();
    });
});
