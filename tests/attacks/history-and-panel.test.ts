import {
    assertConsistency,
    computeConsistencyPath,
    computePanelRate,
    computeTreeHead,
    encodeHistoryEntry,
    type HistoryEntry,
} from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    commitDelivery,
    cosignDelivery,
    createActiveContract,
    readContract,
    settleDelivery,
} from '../support/index.js';

describe('a settlement that an aggregator leaves out', () => {
    it('A14: is missed by the frontier on chain and by any earlier head that somebody kept', async () => {
        const trade = await createActiveContract({ contract: { epochCount: 4 } });
        const entries: Uint8Array[] = [];
        const heads = new Map<number, Uint8Array>();
        for (let epoch = 0; epoch < 4; epoch += 1) {
            const commitment = await commitDelivery(trade, { epoch });
            await cosignDelivery(trade, commitment);
            await settleDelivery(trade, commitment);
            const { kind, root, totalBytes, gross } = commitment;
            const entry = {
                commitment: commitment.address.toBytes(),
                epoch,
                kind: Number(kind),
                root,
                totalBytes,
                gross,
                penalty: 0n,
            };
            entries.push(encodeHistoryEntry(entry satisfies HistoryEntry));
            const { historySize, historyFrontier } = await readContract(trade.market, trade.contract);
            const [head] = historyFrontier.filter((_, level) => 1n << BigInt(level) === historySize);
            if (head !== undefined) heads.set(epoch + 1, head);
        }
        const [two, four] = [heads.get(2), heads.get(4)];
        if (two === undefined || four === undefined) throw new Error('full subtrees are heads');
        expect([computeTreeHead(entries.slice(0, 2)), computeTreeHead(entries)]).toEqual([two, four]);
        const connect = (told: readonly Uint8Array[], secondRoot: Uint8Array) =>
            assertConsistency({
                firstSize: 2,
                secondSize: told.length,
                firstRoot: two,
                secondRoot,
                path: computeConsistencyPath(told, 2),
            });
        connect(entries, four);
        const mismatch = expect.objectContaining({ code: 'MKT_CORE__ROOT_MISMATCH' });
        const without = entries.filter((_, epoch) => epoch !== 1);
        expect(computeTreeHead(without)).not.toEqual(four);
        expect(() => connect(without, computeTreeHead(without))).toThrow(mismatch);
        const forged = entries.map((entry, epoch) => (epoch === 3 ? entry.map((byte) => byte ^ 1) : entry));
        expect(() => connect(forged, four)).toThrow(mismatch);
    });
});

describe('members of a panel that lie for the node', () => {
    it('A15: raise nothing while they are as many as the rule allows for; one more does', () => {
        const [size, faults, truth] = [32, 8, 10];
        const rate = (liars: number) =>
            computePanelRate({
                rows: Array.from({ length: size }, (_, place) => ({
                    kilobits: new Array<number>(8).fill(place < liars ? 1_000_000 : truth),
                    pacedKilobitsPerSecond: 1_000n,
                })),
                size,
                faults,
                subWindowMs: 500,
            }).verifiedKilobitsPerSecond;
        const honest = rate(0);
        expect([rate(1), rate(faults)]).toEqual([honest, honest]);
        const raised = rate(faults + 1);
        expect(raised).toBeGreaterThan(honest);
        console.info(`A15: ${faults} of ${size} liars raise ${honest} kbit/s by 0, ${faults + 1} to ${raised}`);
    });
});
