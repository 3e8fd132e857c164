import { findTokenAccountAddress, getWithdrawPayoutInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    createActiveContract,
    createMint,
    deliverEpoch,
    expectRefusal,
    type FundedTrade,
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
    withdrawPayout,
} from '../../support/index.js';

const MAX_COMPUTE_UNITS = 150_000;
const FUNDING = 10_000n;

const deliveredTrade = async (options: Parameters<typeof createActiveContract>[0] = {}) => {
    const trade = await createActiveContract({ funding: FUNDING, ...options });
    return { ...trade, contract: await deliverEpoch(trade) };
};
const build = ({ market, contract }: FundedTrade, index: number) =>
    getWithdrawPayoutInstructions({ payer: market.deployer.publicKey, contract, index });

describe.each(Object.keys(TOKEN_PROGRAMS) as TokenProgramName[])('withdraw_payout with %s', (name) => {
    it('pays every payee its share of 500 to the unit, cranked by anyone, once', async () => {
        const trade = await deliveredTrade({ tokenProgram: TOKEN_PROGRAMS[name] });
        const { market, contract, seller } = trade;
        // fee 10, rest 490: floor(343), floor(122.5), floor(24.5), treasury 10 + 1.
        const payees = [
            [0, seller.owner.publicKey, 343n, THOUSAND_TOKENS],
            [1, testKeypair('cast operator').publicKey, 122n, 0n],
            [2, testKeypair('beacons').publicKey, 24n, 0n],
            [8, market.treasury.publicKey, 11n, 0n],
        ] as const;
        for (const [index, payee, amount, before] of payees) {
            const { events, computeUnits } = await withdrawPayout(trade, index);
            expect(events.at(-1)).toEqual({
                program: 'settlement',
                name: 'PayoutWithdrawn',
                data: { contract: contract.address, index, payee, mint: market.mint.address, amount },
            });
            expect(await ownerBalance(market, market.mint, payee)).toBe(before + amount);
            console.info(`withdraw_payout ${index} with ${name}: ${computeUnits} compute units`);
            expect(computeUnits).toBeLessThan(MAX_COMPUTE_UNITS);
            await expectRefusal(withdrawPayout(trade, index), 'market', 'NothingToPay');
        }
        expect((await readContract(market, contract)).owed).toEqual(new Array(9).fill(0n));
        expect(await tokenBalance(market, contract.vault)).toBe(FUNDING - 500n);
    });
});

describe('withdraw_payout', () => {
    it('refuses a payee that does not exist', async () => {
        const trade = await deliveredTrade();
        const instructions = await build(trade, 0);
        for (const index of [3, 7, 9]) {
            for (const instruction of instructions) instruction.data[8] = index;
            await expectRefusal(send(trade.market, instructions), 'settlement', 'PayeeIndexInvalid');
        }
    });

    it('refuses every receiver but the payee', async () => {
        const trade = await deliveredTrade();
        const { market, seller, contract } = trade;
        const thief = testKeypair('thief').publicKey;
        const { mint, tokenProgram } = contract;
        const loot = findTokenAccountAddress({ owner: thief, mint, tokenProgram });
        const rightful = findTokenAccountAddress({ owner: seller.owner.publicKey, mint, tokenProgram });
        const instructions = await build(trade, 0);
        const both = swapAccount(swapAccount(instructions, seller.owner.publicKey, thief), rightful, loot);
        await expectRefusal(send(market, both), 'settlement', 'WrongPayee');
        await mintTokens(market, { mint: market.mint, owner: thief, amount: 0n });
        const account = swapAccount(instructions, rightful, loot);
        await expectRefusal(send(market, account), 'settlement', 'ConstraintTokenOwner');
    });

    it('is not held up for the others by a payee whose account is frozen', async () => {
        const trade = await deliveredTrade();
        const { market, seller } = trade;
        const { address: mint, tokenProgram } = market.mint;
        const account = findTokenAccountAddress({ owner: seller.owner.publicKey, mint, tokenProgram });
        const info = await market.connection.getAccountInfo(account);
        if (!info) throw new Error('no token account');
        const data = Buffer.from(info.data);
        // The state of a token account, after mint, owner, amount and delegate: 2 is frozen.
        data[108] = 2;
        const params = [account.toBase58(), { data: data.toString('hex') }];
        await market.cluster.handle({ jsonrpc: '2.0', id: 1, method: 'surfnet_setAccount', params });
        await expectRefusal(withdrawPayout(trade, 0), 'token', 'AccountFrozen');
        for (const index of [1, 2, 8]) await withdrawPayout(trade, index);
        expect((await readContract(market, trade.contract)).owed).toEqual([343n, ...new Array(8).fill(0n)]);
    });

    it('refuses another mint and another vault', async () => {
        const trade = await deliveredTrade();
        const { market, contract, seller } = trade;
        const mint = await createMint(market, { name: 'other mint' });
        const wrongMint = await build({ ...trade, contract: { ...contract, mint: mint.address } }, 0);
        await expectRefusal(send(market, wrongMint), 'settlement', 'WrongMint');
        const own = await mintTokens(market, { mint: market.mint, owner: market.board.publicKey, amount: 1n });
        const wrongVault = swapAccount(await build(trade, 0), contract.vault, own);
        await expectRefusal(send(market, wrongVault), 'settlement', 'WrongVault');
        expect(await ownerBalance(market, market.mint, seller.owner.publicKey)).toBe(THOUSAND_TOKENS);
    });
});
