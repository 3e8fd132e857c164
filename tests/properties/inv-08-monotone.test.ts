import { describe, expect, it } from 'vitest';
import { type Sight, walk } from './walk.js';

/** Figures that may stay or grow. */
function counters({ contract, seller }: Sight): Record<string, bigint> {
    const { cumBytes, grossTotal, paidTotal, penaltyTotal, topUpTotal, depositedTotal } = contract;
    const { historySize, settledCommitments, epochCount, issuerFromEpoch } = contract;
    const list = (name: string, values: readonly (bigint | number)[]) =>
        values.map((value, place) => [`${name} ${place}`, BigInt(value)] as const);
    return Object.fromEntries([
        ...list('cumBytes', cumBytes),
        ...list('grossTotal', grossTotal),
        ...list('issuerFromEpoch', issuerFromEpoch),
        ...list('totals', [paidTotal, penaltyTotal, topUpTotal, depositedTotal]),
        ...list('counts', [historySize, settledCommitments, epochCount]),
        ...list('seller', [seller.slashedTotal, seller.nextContractNonce, seller.nodeCount]),
    ]);
}

describe('INV-8, what only grows', () => {
    it('never shrinks: bytes, totals, history, rearms and numbers of challenges', async () => {
        const seen = await walk(
            ({ before, after }) => {
                const [earlier, later] = [counters(before), counters(after)];
                for (const [name, value] of Object.entries(earlier)) {
                    expect(later[name], name).toBeGreaterThanOrEqual(value);
                }
                for (const commitment of before.commitments) {
                    const now = after.commitments.find(({ address }) => address.equals(commitment.address));
                    expect(now?.rearms).toBeGreaterThanOrEqual(commitment.rearms);
                    expect(now?.challengeCount).toBeGreaterThanOrEqual(commitment.challengeCount);
                    expect(now?.samples).toBeGreaterThanOrEqual(commitment.samples);
                    // Fixed for ever by the commit.
                    const { root, totalBytes, gross, lock } = commitment;
                    expect(now).toMatchObject({ root, totalBytes, gross, lock });
                }
            },
            { seed: 8 },
        );
        expect([...seen]).toContain('settled');
    });
});
