import { randomBytes } from 'node:crypto';
import { getAnswerChallengeInclusionInstructions } from '@ocm/sdk';
import { buildSettlementTree, fitsTransaction, proveTarget } from '@ocm/sdk/core';
import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { compileTransaction } from '../../runtime/src/chain-transaction.js';
import { freshAddress, namedAddress } from '../../runtime/tests/support/sessions.js';
import type { EvidencedSession } from '../src/check-evidence.js';
import { ANSWER_SHAPE, chooseTree, computeBucketLimit } from '../src/tree-depth.js';

/** What the choice looks at: keys and bytes. Keys are hashes, so that random ones are as good as any. */
function createSessions(count: number, prefix: readonly number[] = []): EvidencedSession[] {
    return Array.from({ length: count }, (_, place) => {
        const tokenHash = Uint8Array.from([...prefix, ...randomBytes(32 - prefix.length)]);
        const leaf = {
            tokenHash,
            bytes: BigInt(place + 1),
            objects: 1,
            class: 0,
            receiptHash: new Uint8Array(32),
            logRoot: new Uint8Array(32),
        };
        return { tokenHash, leaf } as EvidencedSession;
    });
}

const build = (sessions: readonly EvidencedSession[], depth: number) =>
    buildSettlementTree(
        sessions.map(({ leaf }) => leaf),
        { depth },
    );

describe('choosing a tree', () => {
    it.each([0, 1, 2, 3, 100, 1_000])('takes the usual depth for %i sessions and leaves none out', (count) => {
        const sessions = createSessions(count);
        const { depth, provable, unprovable } = chooseTree(sessions);
        expect(unprovable).toEqual([]);
        expect(provable).toEqual(sessions);
        expect(depth).toBeGreaterThanOrEqual(buildSettlementTree(sessions.map(({ leaf }) => leaf)).depth);
    });

    it('goes deeper where a full bucket would make a proof too long', () => {
        // Seven sessions share the first thirteen bits, all that a tree of two thousand looks at; six may.
        const crowd = createSessions(7, [0xab, 0xc8]).map((session, place) => {
            session.tokenHash[1] = 0xc8 | place;
            return session;
        });
        const sessions = [...createSessions(2_000), ...crowd];
        const { depth, unprovable } = chooseTree(sessions);
        expect(depth).toBeGreaterThan(12);
        expect(unprovable).toEqual([]);
    });

    it('leaves out the least where no depth fits all', () => {
        // Nine keys that no depth tells apart, for a bucket of eight at most.
        const { depth, unprovable, provable } = chooseTree(createSessions(9, [0xab, 0xcd, 0xe0]));
        expect(unprovable.map(({ leaf }) => leaf.bytes)).toEqual([1n]);
        expect(provable).toHaveLength(8);
        expect(() => build(provable, depth)).not.toThrow();
    });

    it('lets every leaf of a large tree be answered for in one transaction', async () => {
        const { depth, provable } = chooseTree(createSessions(20_000));
        const tree = build(provable, depth);
        const payer = Keypair.generate();
        let longest = 0;
        for (let place = 0; place < 200; place += 1) {
            const target = (tree.totalBytes * BigInt(place)) / 200n;
            const input = { commitment: namedAddress('commitment'), challenge: freshAddress() };
            const instructions = await getAnswerChallengeInclusionInstructions({
                ...input,
                proof: proveTarget(tree, target),
            });
            const terms = { blockhash: freshAddress().toBase58(), units: 10_000, price: 1 };
            const bytes = compileTransaction({ instructions, payer, label: 'answer' }, terms).serialize().length;
            longest = Math.max(longest, bytes);
        }
        expect(longest).toBeLessThanOrEqual(1_232);
    });

    it('counts the bytes of such a transaction as they are', async () => {
        for (const depth of [1, 8, 13, 17, 20]) {
            const others = computeBucketLimit(depth) - 1;
            const proof = {
                leaf: new Uint8Array(112),
                others: new Uint8Array(72 * others),
                path: new Uint8Array(40 * depth),
            };
            const input = { commitment: freshAddress(), challenge: freshAddress(), proof };
            const instructions = await getAnswerChallengeInclusionInstructions(input);
            const terms = { blockhash: freshAddress().toBase58(), units: 1, price: 0 };
            const compile = () =>
                compileTransaction({ instructions, payer: Keypair.generate(), label: 'answer' }, terms);
            expect(compile().serialize().length).toBeLessThanOrEqual(1_232);
            if (others === 7) continue;
            expect(fitsTransaction({ depth, others: others + 1 }, ANSWER_SHAPE)).toBe(false);
            proof.others = new Uint8Array(72 * (others + 1));
            const longer = getAnswerChallengeInclusionInstructions(input).then((one) =>
                compileTransaction({ instructions: one, payer: Keypair.generate(), label: 'answer' }, terms),
            );
            // Either the transaction is too long, or the instruction is already.
            await expect(longer).rejects.toThrow(/do not fit|overruns/);
        }
    });
});
