import { findTokenAccountAddress, getCloseContractInstructions } from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptInput,
    buildRefund,
    cancelContract,
    createActiveContract,
    createMint,
    createProposedContract,
    deliverEpoch,
    expectRefusal,
    type FundedTrade,
    fundContract,
    mintTokens,
    ownerBalance,
    refund,
    registerContentProvider,
    releaseBond,
    runOut,
    send,
    swapAccount,
    THOUSAND_TOKENS,
    TOKEN_PROGRAMS,
    type TokenProgramName,
    testKeypair,
    tokenBalance,
    withdrawPayout,
} from '../../support/index.js';
import { acceptOfferUnchecked } from './unchecked.js';

const FUNDING = 10_000n;
/** 100 MB at 5 000 base units per gigabyte. */
const NET = 500n;

const balanceOf = ({ market }: FundedTrade, { publicKey }: Keypair) => ownerBalance(market, market.mint, publicKey);
const close = async ({ market, contract }: FundedTrade) =>
    send(market, await getCloseContractInstructions({ contract }));

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('refund_content_provider with %s', (name) => {
    const tokenProgram = TOKEN_PROGRAMS[name];

    it('returns everything but the debts, to the unit, cranked by anyone', async () => {
        const trade = await createActiveContract({ tokenProgram, funding: FUNDING });
        await deliverEpoch(trade);
        await runOut(trade);
        const { events, computeUnits } = await refund(trade);
        expect(events).toEqual([
            {
                program: 'market',
                name: 'ContentProviderRefunded',
                data: {
                    contract: trade.contract.address,
                    owner: trade.contentProvider.owner.publicKey,
                    amount: FUNDING - NET,
                    owedTotal: NET,
                },
            },
        ]);
        expect(await tokenBalance(trade.market, trade.contract.vault)).toBe(NET);
        expect(await balanceOf(trade, trade.contentProvider.owner)).toBe(THOUSAND_TOKENS - NET);
        console.info(`refund_content_provider with ${name}: ${computeUnits} compute units`);
        await expectRefusal(refund(trade), 'market', 'NothingToPay');
    });

    it('returns the escrow of a contract that was cancelled before it was active', async () => {
        const trade = await createProposedContract({ tokenProgram });
        await fundContract(trade.market, trade.contentProvider, trade.contract, 5_549n);
        await cancelContract(trade, trade.seller.owner);
        await refund(trade);
        expect(await balanceOf(trade, trade.contentProvider.owner)).toBe(THOUSAND_TOKENS);
    });
});

describe('refund_content_provider', () => {
    let trade: FundedTrade;

    beforeEach(async () => {
        trade = await createActiveContract({ funding: FUNDING });
    });

    it('refuses a contract that has not ended', async () => {
        await expectRefusal(refund(trade), 'market', 'ContractStateInvalid');
    });

    it('refuses every account but those of the contract', async () => {
        const { market, contract, contentProvider, seller } = trade;
        await runOut(trade);
        const other = await registerContentProvider(market, { name: 'other buyer' });
        const foreign = await buildRefund({ ...trade, contentProvider: other });
        await expectRefusal(send(market, foreign), 'market', 'NotContentProvider');
        const instructions = await buildRefund(trade);
        const own = await mintTokens(market, { mint: market.mint, owner: seller.owner.publicKey, amount: 1n });
        const itsAccount = findTokenAccountAddress({ ...contract, owner: contentProvider.owner.publicKey });
        const thief = swapAccount(instructions, contentProvider.owner.publicKey, seller.owner.publicKey);
        await expectRefusal(send(market, swapAccount(thief, itsAccount, own)), 'market', 'NotOwner');
        await expectRefusal(send(market, swapAccount(instructions, contract.vault, own)), 'market', 'WrongVault');
        const mint = await createMint(market, { name: 'other mint' });
        await mintTokens(market, { mint, owner: contentProvider.owner.publicKey, amount: 1n });
        const wrongMint = await buildRefund({ ...trade, contract: { ...contract, mint: mint.address } });
        await expectRefusal(send(market, wrongMint), 'market', 'WrongMint');
    });
});

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('close_contract with %s', (name) => {
    it('returns all rent to who paid it, when every debt is paid and the vault is empty', async () => {
        const trade = await createActiveContract({ tokenProgram: TOKEN_PROGRAMS[name], funding: FUNDING });
        const { market, contract, contentProvider } = trade;
        await deliverEpoch(trade);
        await expectRefusal(close(trade), 'market', 'ContractStateInvalid');
        await runOut(trade);
        await expectRefusal(close(trade), 'market', 'AmountsOwed');
        for (const index of [0, 1, 2, 8]) await withdrawPayout(trade, index);
        await expectRefusal(close(trade), 'market', 'VaultNotEmpty');
        await refund(trade);
        await expectRefusal(close(trade), 'market', 'BondNotReleased');
        await releaseBond(trade);
        const lamports = async (address = contentProvider.owner.publicKey) =>
            (await market.connection.getBalance(address)) ?? 0;
        const rent = (await lamports(contract.address)) + (await lamports(contract.vault));
        const before = await lamports();
        const { events } = await close(trade);
        expect((await lamports()) - before).toBe(rent);
        expect(await market.connection.getAccountInfo(contract.address)).toBeNull();
        expect(await market.connection.getAccountInfo(contract.vault)).toBeNull();
        expect(events).toEqual([
            {
                program: 'market',
                name: 'ContractClosed',
                data: { contract: contract.address, rentPayer: contentProvider.owner.publicKey },
            },
        ]);
    });
});

describe('close_contract', () => {
    it('refuses another receiver of the rent and another vault', async () => {
        const trade = await createProposedContract();
        const { market, contract, seller } = trade;
        await cancelContract(trade);
        const instructions = await getCloseContractInstructions({ contract });
        const thief = swapAccount(instructions, contract.rentPayer, testKeypair('thief').publicKey);
        await expectRefusal(send(market, thief), 'market', 'WrongRentPayer');
        const own = await mintTokens(market, { mint: market.mint, owner: seller.owner.publicKey, amount: 0n });
        await expectRefusal(send(market, swapAccount(instructions, contract.vault, own)), 'market', 'WrongVault');
    });

    it('leaves an address that no later contract can take', async () => {
        const trade = await createProposedContract();
        const { market, contentProvider, offer, contract } = trade;
        await cancelContract(trade);
        await close(trade);
        const again = acceptOfferUnchecked(
            await acceptInput(market, contentProvider, offer, { nonce: contract.nonce }),
        );
        await expectRefusal(send(market, [again], [contentProvider.owner]), 'registry', 'NonceNotIncreasing');
    });
});
