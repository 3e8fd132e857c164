import { getExpireCommitmentInstructions } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    commitDelivery,
    cosignDelivery,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    readCommitment,
    readContract,
    send,
    TEST_BOND,
    travelTo,
} from '../../support/index.js';

const MAX_COMPUTE_UNITS = 150_000;

describe('expire_commitment', () => {
    let trade: FundedTrade;
    let commitment: Awaited<ReturnType<typeof commitDelivery>>;

    beforeEach(async () => {
        trade = await createActiveContract();
        commitment = await commitDelivery(trade);
    });

    const expire = async () => {
        const input = { contract: trade.contract, commitment: commitment.address };
        return send(trade.market, await getExpireCommitmentInstructions(input));
    };

    it('pays nothing, frees the stake and closes the gross when nobody has co-signed', async () => {
        travelTo(trade.market, commitment.deadline);
        await expectRefusal(expire(), 'settlement', 'CosignWindowOpen');
        travelTo(trade.market, commitment.deadline + 1n);
        const { events, computeUnits } = await expire();
        expect(events.map(({ name }) => name)).toEqual(['CommitmentExpired']);
        expect(events[0]?.data).toEqual({
            commitment: commitment.address,
            contract: trade.contract.address,
            epoch: 0,
            kind: 0,
            gross: 500n,
            unlocked: 1_000n,
        });
        expect((await readCommitment(trade, commitment)).state).toBe('expired');
        expect(await readContract(trade.market, trade.contract)).toMatchObject({
            openGross: 0n,
            openCommitments: 0,
            settledCommitments: 0,
            owed: new Array(9).fill(0n),
        });
        const { bondTotal, bondFree } = await readContract(trade.market, trade.contract);
        expect([bondTotal, bondFree]).toEqual([TEST_BOND, TEST_BOND]);
        console.info(`expire_commitment: ${computeUnits} compute units`);
        expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
        await expectRefusal(expire(), 'settlement', 'CommitmentStateInvalid');
    });

    it('refuses what is co-signed, however late it is', async () => {
        await cosignDelivery(trade, commitment);
        travelTo(trade.market, commitment.deadline + 1_000n);
        await expectRefusal(expire(), 'settlement', 'CommitmentStateInvalid');
    });
});
