import { fetchClaims, fetchNode, getBeginClosingInstructions, getTerminateContractInstructions } from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createActiveContract,
    createProposedContract,
    expectRefusal,
    type FundedTrade,
    readContract,
    registerContentProvider,
    registerSeller,
    send,
    swapAccount,
    travelTo,
} from '../../support/index.js';

const EPOCHS = 60;

describe('terminate_contract', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract({ contract: { epochCount: EPOCHS } });
    });

    const build = (authority: Keypair, noticeEpochs = 24) =>
        getTerminateContractInstructions({ authority: authority.publicKey, contract: trade.contract, noticeEpochs });
    const terminate = async (authority: Keypair, noticeEpochs?: number) =>
        send(trade.market, await build(authority, noticeEpochs), [authority]);
    /** Moves into an epoch. */
    const travelInto = (epoch: number) =>
        travelTo(trade.market, trade.contract.genesisAt + BigInt(epoch * trade.contract.epochLengthSecs) + 1n);

    it.each(['contentProvider', 'seller'] as const)(
        'lets the %s end it after the present epoch and the notice',
        async (side) => {
            const { market, contract } = trade;
            travelInto(5);
            const authority = trade[side].owner;
            const { events } = await terminate(authority);
            expect(events).toEqual([
                {
                    program: 'market',
                    name: 'ContractTerminated',
                    data: {
                        contract: contract.address,
                        terminatedBy: authority.publicKey,
                        epochCountBefore: EPOCHS,
                        epochCountAfter: 30,
                    },
                },
            ]);
            expect(await readContract(market, contract)).toMatchObject({ epochCount: 30, state: 'active' });
            const claims = await fetchClaims(market.connection, contract.claims);
            const closing = await getBeginClosingInstructions({ contract, claims });
            travelTo(market, contract.genesisAt + 299n);
            await expectRefusal(send(market, closing), 'market', 'ContractNotOver');
            travelTo(market, contract.genesisAt + 300n);
            await send(market, closing);
            const node = await fetchNode(market.connection, trade.node.address);
            expect(node?.committedKilobitsPerSecond).toBe(0n);
        },
    );

    it('refuses less notice than 24 epochs', async () => {
        const [instruction] = await build(trade.seller.owner);
        // The notice is the last argument, a u32.
        instruction!.data[instruction!.data.length - 4] = 23;
        const sending = send(trade.market, [instruction!], [trade.seller.owner]);
        await expectRefusal(sending, 'market', 'NoticeTooShort');
    });

    it('refuses a termination that would end no earlier, by one epoch', async () => {
        travelInto(35);
        await expectRefusal(terminate(trade.seller.owner), 'market', 'TerminationTooLate');
        const earlier = await createActiveContract({ contract: { epochCount: EPOCHS } });
        trade = earlier;
        travelInto(34);
        await terminate(trade.seller.owner);
    });

    it('refuses a stranger and the hot keys', async () => {
        await expectRefusal(terminate(trade.market.deployer), 'market', 'NotContractSide');
        await expectRefusal(terminate(trade.seller.hot), 'market', 'NotContractSide');
    });

    it('refuses a contract that is not running', async () => {
        const proposed = await createProposedContract({ contract: { epochCount: EPOCHS } });
        trade = proposed;
        await expectRefusal(terminate(trade.seller.owner), 'market', 'ContractStateInvalid');
    });

    it('refuses participants of another contract', async () => {
        const { market, contract } = trade;
        const buyer = await registerContentProvider(market, { name: 'other buyer' });
        const vendor = await registerSeller(market, { name: 'other seller' });
        const own = await build(buyer.owner);
        const asBuyer = swapAccount(own, contract.contentProvider, buyer.address);
        await expectRefusal(send(market, asBuyer, [buyer.owner]), 'market', 'NotContentProvider');
        const asSeller = swapAccount(own, contract.seller, vendor.address);
        await expectRefusal(send(market, asSeller, [buyer.owner]), 'market', 'NotContractSeller');
    });
});
