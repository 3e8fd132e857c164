import {
    fetchConfig,
    findTokenAccountAddress,
    getAllowMintInstructions,
    getApplyAuthoritiesInstructions,
    getApplyParamsInstructions,
    getPauseInstructions,
    getQueueAuthoritiesInstructions,
    getQueueParamsInstructions,
    getUnpauseInstructions,
    TREASURY_INDEX,
} from '@ocm/sdk';
import { createTransferCheckedInstruction } from '@solana/spl-token';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptOffer,
    bondContract,
    createMint,
    createTestBoard,
    createTestMarket,
    createTestOffer,
    decide,
    deliverEpoch,
    expectRefusal,
    fundContract,
    mintTokens,
    nowSecs,
    ownerBalance,
    send,
    TEST_PARAMS,
    type TestBoard,
    type TestMarket,
    testKeypair,
    travel,
    withdrawPayout,
} from '../support/index.js';

/** The plain key that governs so far hands everything to the board's vault. */
async function handOver(market: TestMarket, board: TestBoard): Promise<void> {
    const guardian = market.guardian.publicKey;
    const authorities = { board: board.vault, guardian, treasury: board.vault, feeBasisPoints: 200 };
    const queue = await getQueueAuthoritiesInstructions({ board: market.board.publicKey, authorities });
    await send(market, queue, [market.deployer, market.board]);
    travel(market, 1);
    await send(market, await getApplyAuthoritiesInstructions({ authorities }));
}

describe('a board that governs the marketplace', () => {
    let market: TestMarket;
    let board: TestBoard;

    beforeEach(async () => {
        market = await createTestMarket();
        board = await createTestBoard(market);
        await handOver(market, board);
    });

    it('changes the parameters by a proposal and the time lock of the registry after it', async () => {
        const params = { ...TEST_PARAMS, prefundEpochs: 9 };
        const { events } = await decide(
            market,
            board,
            await getQueueParamsInstructions({ board: board.vault, params }),
        );
        expect(events.map(({ name }) => name)).toEqual(['ParamsQueued', 'ProposalExecuted']);
        await expectRefusal(send(market, await getApplyParamsInstructions({ params })), 'registry', 'TimelockNotEnded');
        travel(market, 1);
        await send(market, await getApplyParamsInstructions({ params }));
        expect((await fetchConfig(market.connection))?.params.prefundEpochs).toBe(9);
    });

    it('allows a mint and lifts the guardian’s pause, in one proposal', async () => {
        const mint = (await createMint(market, { name: 'second' })).address;
        const authority = market.guardian.publicKey;
        const until = nowSecs(market) + 5_000n;
        const pause = await getPauseInstructions({ authority, bits: ['newContracts'], until });
        await send(market, pause, [market.deployer, market.guardian]);
        const allow = await getAllowMintInstructions({ board: board.vault, mint });
        await decide(market, board, [...allow, ...(await getUnpauseInstructions({ authority: board.vault }))]);
        const config = await fetchConfig(market.connection);
        expect(config?.mints).toContainEqual(mint);
        expect(config?.pauseBits).toBe(0);
    });

    it('leaves the key that governed before, and every single member, without power', async () => {
        const mint = (await createMint(market, { name: 'second' })).address;
        for (const signer of [market.board, ...board.members]) {
            const allow = await getAllowMintInstructions({ board: signer.publicKey, mint });
            await expectRefusal(send(market, allow, [market.deployer, signer]), 'registry', 'NotBoard');
        }
    });
});

describe('a board’s vault as treasury', () => {
    it('receives the fee of a contract and spends it by a proposal', async () => {
        const trade = await createTestOffer();
        const { market: own, contentProvider, offer } = trade;
        const treasurer = await createTestBoard(own);
        await handOver(own, treasurer);
        const proposed = await acceptOffer(own, contentProvider, offer);
        const active = await fundContract(own, contentProvider, proposed);
        const contract = await bondContract(own, trade.seller, active);
        expect(contract.treasury).toEqual(treasurer.vault);
        const funded = { ...trade, contract };
        await deliverEpoch(funded);
        await withdrawPayout(funded, TREASURY_INDEX);
        // fee 10 of 500, and what rounding left.
        expect(await ownerBalance(own, own.mint, treasurer.vault)).toBe(11n);
        const receiver = testKeypair('receiver').publicKey;
        const to = await mintTokens(own, { mint: own.mint, owner: receiver, amount: 0n });
        const { address: mint, tokenProgram, decimals } = own.mint;
        const from = findTokenAccountAddress({ owner: treasurer.vault, mint, tokenProgram });
        const transfer = createTransferCheckedInstruction(
            from,
            mint,
            to,
            treasurer.vault,
            7n,
            decimals,
            [],
            tokenProgram,
        );
        await decide(own, treasurer, [transfer]);
        expect(await ownerBalance(own, own.mint, receiver)).toBe(7n);
        expect(await ownerBalance(own, own.mint, treasurer.vault)).toBe(4n);
    });
});
