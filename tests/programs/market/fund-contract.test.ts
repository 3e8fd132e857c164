import { getFundContractInstructions } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    corruptField,
    createMint,
    createProposedContract,
    expectRefusal,
    type FundedTrade,
    fundWallet,
    mintTokens,
    ownerBalance,
    readContract,
    send,
    swapAccount,
    THOUSAND_TOKENS,
    TOKEN_PROGRAMS,
    type TokenProgramName,
    testKeypair,
    tokenBalance,
    travelTo,
    u64Bytes,
} from '../../support/index.js';

/** Three epochs of at most 1 850 base units. */
const RESERVE = 5_550n;
const MAX_COMPUTE_UNITS = 90_000;

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('fund_contract with %s', (name) => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createProposedContract({ tokenProgram: TOKEN_PROGRAMS[name] });
    });

    const build = (amount: bigint, funder = trade.contentProvider.owner) =>
        getFundContractInstructions({ funder: funder.publicKey, contract: trade.contract, amount });
    const fund = async (amount: bigint, funder = trade.contentProvider.owner) =>
        send(trade.market, await build(amount, funder), [funder]);
    const corrupt = (field: string, bytes: Uint8Array) =>
        corruptField(trade.market, {
            program: 'market',
            account: 'Contract',
            address: trade.contract.address,
            field,
            bytes,
        });

    it('activates the contract with the last unit of the reserve', async () => {
        const { market, contentProvider, contract } = trade;
        const short = await fund(RESERVE - 1n);
        expect(short.events).toEqual([
            {
                program: 'market',
                name: 'ContractFunded',
                data: {
                    contract: contract.address,
                    amount: RESERVE - 1n,
                    vaultBalance: RESERVE - 1n,
                    stateBefore: 'proposed',
                    stateAfter: 'proposed',
                },
            },
        ]);
        const { events, computeUnits } = await fund(1n);
        expect(events.map(({ name: event }) => event)).toEqual(['ContractFunded', 'ContractActivated']);
        expect(events[1]?.data).toEqual({ contract: contract.address, vaultBalance: RESERVE, reserve: RESERVE });
        expect(await readContract(market, contract)).toMatchObject({ state: 'active', depositedTotal: RESERVE });
        expect(await tokenBalance(market, contract.vault)).toBe(RESERVE);
        expect(await ownerBalance(market, market.mint, contentProvider.owner.publicKey)).toBe(
            THOUSAND_TOKENS - RESERVE,
        );
        console.info(`fund_contract with ${name}: ${computeUnits} compute units`);
        expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
    });

    it('takes money from anyone', async () => {
        const friend = testKeypair('friend');
        await fundWallet(trade.market, friend);
        await mintTokens(trade.market, { mint: trade.market.mint, owner: friend.publicKey, amount: 9n });
        await fund(9n, friend);
        expect((await readContract(trade.market, trade.contract)).depositedTotal).toBe(9n);
    });

    it('refuses nothing', async () => {
        const instructions = await build(1n);
        for (const instruction of instructions) instruction.data.fill(0, 8);
        await expectRefusal(send(trade.market, instructions, [trade.contentProvider.owner]), 'market', 'AmountZero');
    });

    it('refuses more than the funder has', async () => {
        await expectRefusal(fund(THOUSAND_TOKENS + 1n), 'token', 'InsufficientFunds');
    });

    it('refuses another mint', async () => {
        const { market, contentProvider, contract } = trade;
        const mint = await createMint(market, { name: 'other mint', tokenProgram: TOKEN_PROGRAMS[name] });
        await mintTokens(market, { mint, owner: contentProvider.owner.publicKey, amount: 5n });
        const swapped = await getFundContractInstructions({
            funder: contentProvider.owner.publicKey,
            contract: { ...contract, mint: mint.address },
            amount: 5n,
        });
        await expectRefusal(send(market, swapped, [contentProvider.owner]), 'market', 'WrongMint');
    });

    it('refuses another vault', async () => {
        const { market, contentProvider, contract, seller } = trade;
        const { mint } = market;
        const own = await mintTokens(market, { mint, owner: seller.owner.publicKey, amount: 1n });
        const swapped = swapAccount(await build(1n), contract.vault, own);
        await expectRefusal(send(market, swapped, [contentProvider.owner]), 'market', 'WrongVault');
    });

    it('refuses a contract whose time is over', async () => {
        travelTo(trade.market, trade.contract.genesisAt + 29n);
        await fund(1n);
        travelTo(trade.market, trade.contract.genesisAt + 30n);
        await expectRefusal(fund(1n), 'market', 'ContractOver');
    });

    it.each([3, 4, 5])('refuses a contract in state %i', async (state) => {
        await corrupt('state', Uint8Array.of(state));
        await expectRefusal(fund(1n), 'market', 'ContractStateInvalid');
    });

    it('refuses deposits beyond what can be counted', async () => {
        await corrupt('depositedTotal', u64Bytes(0xffff_ffff_ffff_ffffn));
        await expectRefusal(fund(1n), 'market', 'AmountOverflow');
    });

    it('refuses to go on when the vault does not cover what is open', async () => {
        await corrupt('openGross', u64Bytes(2n));
        await expectRefusal(fund(1n), 'market', 'VaultTooSmall');
    });

    it('refuses to go on when the books do not agree', async () => {
        await corrupt('paidTotal', u64Bytes(1n));
        await expectRefusal(fund(1n), 'market', 'InvariantBroken');
    });
});
