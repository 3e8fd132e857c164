import { getCosignDeliveryInstructions } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptOffer,
    commitDelivery,
    commitTree,
    corruptField,
    cosignDelivery,
    createActiveContract,
    expectRefusal,
    type FundedTrade,
    fundContract,
    readCommitment,
    registerContentProvider,
    send,
    swapAccount,
    travelTo,
} from '../../support/index.js';

const MAX_COMPUTE_UNITS = 60_000;

describe('cosign_delivery', () => {
    let trade: FundedTrade;
    let commitment: Awaited<ReturnType<typeof commitDelivery>>;

    beforeEach(async () => {
        trade = await createActiveContract();
        commitment = await commitDelivery(trade);
    });

    const build = (authority = trade.contentProvider.hot) =>
        getCosignDeliveryInstructions({
            authority: authority.publicKey,
            contract: trade.contract,
            commitment: commitment.address,
        });

    it('accepts the figures with the hot key', async () => {
        const { events, computeUnits } = await cosignDelivery(trade, commitment);
        expect((await readCommitment(trade, commitment)).state).toBe('cosignedFinal');
        expect(events).toEqual([
            {
                program: 'settlement',
                name: 'DeliveryCosigned',
                data: {
                    commitment: commitment.address,
                    contract: trade.contract.address,
                    epoch: 0,
                    kind: 0,
                    cosignedBy: trade.contentProvider.hot.publicKey,
                    root: commitment.root,
                    totalBytes: 100_000_000n,
                    gross: 500n,
                    stateBefore: 'committed',
                },
            },
        ]);
        console.info(`cosign_delivery: ${computeUnits} compute units`);
        expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
    });

    it('accepts them with the cold key, and an empty delivery too', async () => {
        await send(trade.market, await build(trade.contentProvider.owner), [trade.contentProvider.owner]);
        const empty = await commitDelivery(trade, { epoch: 1, ...commitTree([]) });
        await cosignDelivery(trade, empty);
        expect((await readCommitment(trade, empty)).state).toBe('cosignedFinal');
    });

    it('happens once', async () => {
        await cosignDelivery(trade, commitment);
        await expectRefusal(cosignDelivery(trade, commitment), 'settlement', 'CommitmentStateInvalid');
    });

    it('is possible until its deadline, not a second longer', async () => {
        travelTo(trade.market, commitment.deadline + 1n);
        await expectRefusal(cosignDelivery(trade, commitment), 'settlement', 'CosignTooLate');
    });

    it('refuses the seller, and a hot key without the permission', async () => {
        const foreign = await build(trade.seller.hot);
        await expectRefusal(send(trade.market, foreign, [trade.seller.hot]), 'settlement', 'NotAuthorized');
        const hotScope = { field: 'hotScope', bytes: Uint8Array.of(13, 0) };
        const { address } = trade.contentProvider;
        await corruptField(trade.market, { program: 'registry', account: 'Participant', address, ...hotScope });
        await expectRefusal(cosignDelivery(trade, commitment), 'settlement', 'NotAuthorized');
    });

    it('refuses another content provider and another contract', async () => {
        const { market, contract, contentProvider } = trade;
        const other = await registerContentProvider(market, { name: 'other buyer' });
        const wrongSide = swapAccount(await build(other.hot), contentProvider.address, other.address);
        await expectRefusal(send(market, wrongSide, [other.hot]), 'settlement', 'NotContentProvider');
        const second = await fundContract(
            market,
            contentProvider,
            await acceptOffer(market, contentProvider, trade.offer),
        );
        const wrongContract = swapAccount(await build(), contract.address, second.address);
        await expectRefusal(send(market, wrongContract, [contentProvider.hot]), 'settlement', 'WrongContract');
    });
});
