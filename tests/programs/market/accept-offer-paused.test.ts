import { getPauseInstructions, getUnpauseInstructions, type PauseBit } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptOffer,
    createTestOffer,
    expectRefusal,
    nowSecs,
    send,
    type TestTrade,
    travel,
} from '../../support/index.js';

describe('accept_offer while the guardian has paused', () => {
    let trade: TestTrade;

    beforeEach(async () => {
        trade = await createTestOffer();
    });

    const pause = async (bits: PauseBit[]) => {
        const { market } = trade;
        const authority = market.guardian.publicKey;
        const until = nowSecs(market) + 100n;
        await send(market, await getPauseInstructions({ authority, bits, until }), [market.deployer, market.guardian]);
    };
    const accept = () => acceptOffer(trade.market, trade.contentProvider, trade.offer);

    it('refuses new contracts, to the last second of the pause', async () => {
        await pause(['newContracts']);
        await expectRefusal(accept(), 'market', 'NewContractsPaused');
        travel(trade.market, 99);
        await expectRefusal(accept(), 'market', 'NewContractsPaused');
        travel(trade.market, 1);
        expect((await accept()).state).toBe('proposed');
    });

    it('takes them again once the pause is lifted', async () => {
        const { market } = trade;
        await pause(['newContracts', 'auction', 'bandwidthProof']);
        const authority = market.guardian.publicKey;
        await send(market, await getUnpauseInstructions({ authority }), [market.deployer, market.guardian]);
        expect((await accept()).state).toBe('proposed');
    });

    it('takes them while other things are paused', async () => {
        await pause(['auction', 'bandwidthProof']);
        expect((await accept()).state).toBe('proposed');
    });
});
