import { getWithdrawExcessInstructions } from '@ocm/sdk';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    createActiveContract,
    createMint,
    createProposedContract,
    deliverEpoch,
    expectRefusal,
    type FundedTrade,
    mintTokens,
    ownerBalance,
    registerContentProvider,
    send,
    swapAccount,
    THOUSAND_TOKENS,
    TOKEN_PROGRAMS,
    type TokenProgramName,
    tokenBalance,
} from '../../support/index.js';

const FUNDING = 10_000n;
const RESERVE = 5_550n;

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('withdraw_excess with %s', (name) => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract({ tokenProgram: TOKEN_PROGRAMS[name], funding: FUNDING });
    });

    const build = (amount: bigint, { contract, contentProvider }: FundedTrade = trade) =>
        getWithdrawExcessInstructions({ contentProviderOwner: contentProvider.owner.publicKey, contract, amount });
    const withdraw = async (amount: bigint) => send(trade.market, await build(amount), [trade.contentProvider.owner]);

    it('returns what lies above the reserve, to the unit', async () => {
        const { market, contentProvider, contract } = trade;
        await expectRefusal(withdraw(FUNDING - RESERVE + 1n), 'market', 'ExcessTooSmall');
        const { events, computeUnits } = await withdraw(FUNDING - RESERVE);
        expect(events).toEqual([
            {
                program: 'market',
                name: 'ExcessWithdrawn',
                data: {
                    contract: contract.address,
                    amount: FUNDING - RESERVE,
                    vaultBalanceBefore: FUNDING,
                    vaultBalanceAfter: RESERVE,
                },
            },
        ]);
        expect(await tokenBalance(market, contract.vault)).toBe(RESERVE);
        expect(await ownerBalance(market, market.mint, contentProvider.owner.publicKey)).toBe(
            THOUSAND_TOKENS - RESERVE,
        );
        console.info(`withdraw_excess with ${name}: ${computeUnits} compute units`);
    });

    it('leaves what the payees are owed', async () => {
        // 100 MB at 5 000 base units per gigabyte.
        const owed = 500n;
        await deliverEpoch(trade);
        await expectRefusal(withdraw(FUNDING - RESERVE - owed + 1n), 'market', 'ExcessTooSmall');
        await withdraw(FUNDING - RESERVE - owed);
        expect(await tokenBalance(trade.market, trade.contract.vault)).toBe(RESERVE + owed);
    });

    it('refuses nothing', async () => {
        const instructions = await build(1n);
        for (const instruction of instructions) instruction.data.fill(0, 8);
        await expectRefusal(send(trade.market, instructions, [trade.contentProvider.owner]), 'market', 'AmountZero');
    });

    it('refuses another content provider', async () => {
        const other = await registerContentProvider(trade.market, { name: 'other buyer' });
        const foreign = await build(1n, { ...trade, contentProvider: other });
        await expectRefusal(send(trade.market, foreign, [other.owner]), 'market', 'NotContentProvider');
    });

    it('refuses to act for the content provider', async () => {
        const other = await registerContentProvider(trade.market, { name: 'other buyer' });
        const swapped = swapAccount(await build(1n), trade.contentProvider.owner.publicKey, other.owner.publicKey);
        await expectRefusal(send(trade.market, swapped, [other.owner]), 'market', 'NotOwner');
    });

    it('refuses another mint and another vault', async () => {
        const { market, contract, contentProvider } = trade;
        const mint = await createMint(market, { name: 'other mint', tokenProgram: TOKEN_PROGRAMS[name] });
        await mintTokens(market, { mint, owner: contentProvider.owner.publicKey, amount: 1n });
        const wrongMint = await build(1n, { ...trade, contract: { ...contract, mint: mint.address } });
        await expectRefusal(send(market, wrongMint, [contentProvider.owner]), 'market', 'WrongMint');
        const own = await mintTokens(market, { mint: market.mint, owner: trade.seller.owner.publicKey, amount: 1n });
        const wrongVault = swapAccount(await build(1n), contract.vault, own);
        await expectRefusal(send(market, wrongVault, [contentProvider.owner]), 'market', 'WrongVault');
    });

    it('refuses a contract that is not running', async () => {
        const proposed = await createProposedContract({ tokenProgram: TOKEN_PROGRAMS[name] });
        const instructions = await build(1n, proposed);
        const sending = send(proposed.market, instructions, [proposed.contentProvider.owner]);
        await expectRefusal(sending, 'market', 'ContractStateInvalid');
    });
});
