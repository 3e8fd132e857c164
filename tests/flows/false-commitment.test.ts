import {
    buildSettlementTree,
    getProveInclusionInstructions,
    proveTarget,
    type SettlementTree,
    type SumNode,
    sha256,
} from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    closeOut,
    commitSessions,
    createActiveContract,
    expectMoney,
    expectRefusal,
    failCommitment,
    openTradeLedger,
    type ProvableCommitment,
    proveEvidence,
    proveInclusion,
    sampleTarget,
    seedCommitment,
    send,
    sessionAt,
    testKeypair,
    testSession,
    travelTo,
    u64Bytes,
} from '../support/index.js';

const FUNDING = 10_000_000n;
/** What the cap of 200 Mbit/s can carry in an epoch: the most that a liar can ask to be paid for. */
const CAP_BYTES = 250_000_000n;
/** Five base units per megabyte; twice the gross is locked, and a quarter of that is lost. */
const [GROSS, SLASHED] = [1_250n, 625n];

/** The two halves of a tree, as proofs of leaves in the respective other half show them. */
function halvesOf(tree: SettlementTree): readonly [left: SumNode, right: SumNode] {
    const topSibling = (target: bigint) => tree.prove(tree.find(target)).path.at(-1)!;
    return [topSibling(tree.totalBytes - 1n), topSibling(0n)];
}

/** The root of protocol 6.5 over a right half that is said to weigh all that the cap leaves. */
function inflateRoot(left: SumNode, right: SumNode): Uint8Array {
    const sums = [left.sum, CAP_BYTES - left.sum].map(u64Bytes);
    return sha256(Uint8Array.of(1), left.hash, right.hash, ...sums);
}

/** Waits for the proofs' deadline, has the commitment fail and the contract ended. */
async function failAndClose(provable: ProvableCommitment): Promise<void> {
    const { trade, commitment } = provable;
    travelTo(trade.market, commitment.seededAt + BigInt(trade.contract.proveWindowSecs) + 1n);
    await failCommitment(provable);
    await closeOut(trade, [commitment]);
}

describe('a commitment to more than was delivered', () => {
    it('whose sum was inflated has nothing to show for the bytes that are not there', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const ledger = await openTradeLedger(trade);
        // Forty bytes were delivered, so that luck cannot save the liar. The right half of the tree is said to weigh almost the whole cap.
        const sessions = ['a', 'b', 'c', 'd'].map((name) => testSession(trade, { name, bytes: 10n }));
        const [left, right] = halvesOf(buildSettlementTree(sessions.map(({ leaf }) => leaf)));
        const overrides = { root: inflateRoot(left, right), totalBytes: CAP_BYTES };
        const seeded = await seedCommitment(await commitSessions(trade, { sessions, overrides }));
        expect(seeded.commitment).toMatchObject({ gross: GROSS, totalBytes: CAP_BYTES });

        // Of ten million bytes that can be asked for, hardly more than one is in the honest half.
        const targets = [0, 1].map((index) => sampleTarget(seeded, index));
        expect(Math.min(...targets.map(Number))).toBeGreaterThan(Number(left.sum));
        for (const index of [0, 1]) {
            // There is no leaf for such a byte, and the last leaf does not reach it.
            const proof = proveTarget(seeded.tree, seeded.tree.totalBytes - 1n);
            const attempt = getProveInclusionInstructions({ commitment: seeded.commitment.address, index, proof });
            await expectRefusal(send(trade.market, await attempt), 'settlement', 'InclusionInvalid');
        }
        await failAndClose(seeded);
        await expectMoney(ledger, { contentProvider: 312n, treasury: 313n, sellerStake: -SLASHED });
    });

    it('with leaves of invented viewers has no token of the buyer’s issuer for them', async () => {
        const trade = await createActiveContract({ funding: FUNDING });
        const ledger = await openTradeLedger(trade);
        // One viewer got ten bytes; the seller signs tokens for the rest of the cap itself.
        const issuer = testKeypair('false issuer');
        const sessions = [
            testSession(trade, { name: 'a viewer', bytes: 10n }),
            testSession(trade, { name: 'nobody', bytes: CAP_BYTES - 10n }, { issuer }),
        ];
        const seeded = await seedCommitment(await commitSessions(trade, { sessions }));
        expect(seeded.commitment.gross).toBe(GROSS);

        // The tree is sound, so the leaves can be shown. Who admitted the viewer cannot.
        for (const index of [0, 1]) {
            expect(sessionAt(seeded, sampleTarget(seeded, index))).toBe(sessions[1]);
            await proveInclusion(seeded, index);
            await expectRefusal(proveEvidence(seeded, index), 'settlement', 'IssuerKeyWrong');
        }
        await failAndClose(seeded);
        await expectMoney(ledger, { contentProvider: 312n, treasury: 313n, sellerStake: -SLASHED });
    });
});
