import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/rewards.json' with { type: 'json' };
import { fromHex, toHex } from './bytes.js';
import { isMarketplaceError } from './error.js';
import { hashRecord } from './record-tree.js';
import {
    assertRewardDecrease,
    assertRewardSuccessor,
    buildRewardTree,
    encodeRewardEntry,
    type RewardProof,
    verifyReward,
} from './rewards.js';

const outcome = (compute: () => unknown): string => {
    try {
        compute();
    } catch (error) {
        if (!isMarketplaceError(error)) throw error;
        return error.code;
    }
    return 'accepted';
};
const CODES: Record<string, string> = {
    RewardCountDecreased: 'MKT_CORE__REWARD_COUNT_DECREASED',
    RewardTotalDecreased: 'MKT_CORE__REWARD_TOTAL_DECREASED',
    RewardIndexWrong: 'MKT_CORE__REWARD_INDEX_WRONG',
    RewardNotDecreased: 'MKT_CORE__REWARD_NOT_DECREASED',
    // Where Rust names why an inclusion fails, TypeScript says that it does.
    RootMismatch: 'MKT_CORE__ROOT_MISMATCH',
    PathLengthWrong: 'MKT_CORE__ROOT_MISMATCH',
    IndexOutOfRange: 'MKT_CORE__ROOT_MISMATCH',
};
const demanded = (row: object) => ('error' in row ? (CODES[String(row.error)] as string) : 'accepted');
type Pool = (typeof table.pools)[number];
const membersOf = (pool: Pool) =>
    pool.members.map(({ owner, lifetime }) => ({ owner: fromHex(owner), lifetime: BigInt(lifetime) }));

describe('rewards', () => {
    it.each(table.pools)('have the root and proofs of the table for $count members', (pool) => {
        const tree = buildRewardTree(membersOf(pool));
        expect(toHex(tree.root)).toBe(pool.root);
        expect(tree.totalLifetime).toBe(BigInt(pool.totalLifetime));
        pool.members.forEach((member, index) => {
            const proof = tree.prove(index);
            expect(proof.path.map(toHex)).toEqual(member.path);
            expect(toHex(hashRecord(encodeRewardEntry(proof.entry)))).toBe(member.leafHash);
            expect(verifyReward(tree, proof)).toBe(true);
            const { entry } = proof;
            const changes: RewardProof[] = [
                { ...proof, entry: { ...entry, lifetime: entry.lifetime ^ 1n } },
                { ...proof, entry: { ...entry, owner: new Uint8Array(32) } },
                { ...proof, entry: { ...entry, owner: new Uint8Array(31) } },
                { ...proof, entry: { ...entry, index: entry.index + 1 } },
                { ...proof, path: [...proof.path, new Uint8Array(32)] },
            ];
            for (const changed of changes) expect(verifyReward(tree, changed)).toBe(false);
        });
        expect(outcome(() => tree.prove(pool.count))).toBe('MKT_CORE__INDEX_OUT_OF_RANGE');
    });

    it('refuse a total beyond 64 bits and members that do not fit', () => {
        const owner = new Uint8Array(32);
        const most = (1n << 64n) - 1n;
        const beyond = [
            { owner, lifetime: most },
            { owner, lifetime: 1n },
        ];
        expect(outcome(() => buildRewardTree(beyond))).toBe('MKT_CORE__AMOUNT_TOO_LARGE');
        expect(() => buildRewardTree([{ owner, lifetime: -1n }])).toThrow('field="lifetime"');
        expect(() => buildRewardTree([{ owner: new Uint8Array(3), lifetime: 1n }])).toThrow('field="owner"');
    });

    it.each(table.vetoes)('are vetoed or not as in the table: $why', (row) => {
        const proofOf = ({ proof }: typeof row.active): RewardProof => ({
            entry: { index: proof.index, owner: fromHex(proof.owner), lifetime: BigInt(proof.lifetime) },
            path: proof.path.map(fromHex),
        });
        const result = outcome(() =>
            assertRewardDecrease({
                active: { root: fromHex(row.active.root), count: row.active.count },
                activeProof: proofOf(row.active),
                pending: { root: fromHex(row.pending.root), count: row.pending.count },
                pendingProof: proofOf(row.pending),
            }),
        );
        expect(result).toBe(demanded(row));
    });

    it('lose no member and no unit of the total', () => {
        for (const row of table.successors) {
            const [active, pending] = [row.active, row.pending].map(({ count, totalLifetime }) => ({
                count,
                totalLifetime: BigInt(totalLifetime),
            })) as [{ count: number; totalLifetime: bigint }, { count: number; totalLifetime: bigint }];
            expect(outcome(() => assertRewardSuccessor(active, pending))).toBe(demanded(row));
        }
    });

    it('can be vetoed exactly where a member lost something', () => {
        const amounts = fc.array(fc.tuple(fc.nat(1000), fc.nat(1000)), { minLength: 1, maxLength: 20 });
        fc.assert(
            fc.property(amounts, fc.nat(), (pairs, pick) => {
                const side = (which: 0 | 1) =>
                    buildRewardTree(
                        pairs.map((pair, i) => ({ owner: new Uint8Array(32).fill(i), lifetime: BigInt(pair[which]) })),
                    );
                const [active, pending] = [side(0), side(1)];
                const index = pick % pairs.length;
                const [before, after] = pairs[index] as [number, number];
                const result = outcome(() =>
                    assertRewardDecrease({
                        active,
                        activeProof: active.prove(index),
                        pending,
                        pendingProof: pending.prove(index),
                    }),
                );
                expect(result).toBe(after < before ? 'accepted' : 'MKT_CORE__REWARD_NOT_DECREASED');
            }),
            { numRuns: 60 },
        );
    });
});
