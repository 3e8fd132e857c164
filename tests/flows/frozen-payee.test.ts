import { findTokenAccountAddress, getCloseContractInstructions } from '@ocm/sdk';
import {
    createCloseAccountInstruction,
    createFreezeAccountInstruction,
    createThawAccountInstruction,
    createTransferInstruction,
} from '@solana/spl-token';
import { describe, expect, it } from 'vitest';
import {
    allowTestMint,
    createActiveContract,
    createMint,
    createTestMarket,
    deliverEpoch,
    expectMoney,
    expectRefusal,
    findTestCommitment,
    fundWallet,
    mintTokens,
    needTimeTravel,
    openTradeLedger,
    payOut,
    readContract,
    refusalOf,
    runToTheEnd,
    send,
    testKeypair,
    tokenBalance,
    withdrawPayout,
} from '../support/index.js';

const FUNDING = 10_000_000n;
/** Places of the payees in the contract's splits. */
const [CAST_OPERATOR, BEACONS] = [1, 2];

/** A contract in a token whose issuer may freeze accounts, as issuers of stable coins may. */
async function createFreezableTrade() {
    const shared = await createTestMarket();
    needTimeTravel(shared);
    const mint = await createMint(shared, { name: 'freezable', freezable: true });
    await allowTestMint(shared, mint);
    return createActiveContract({ market: { ...shared, mint }, funding: FUNDING });
}

describe('a payee whose token account is frozen', () => {
    it('keeps nobody else from being paid, and has its share once the account is thawed', async () => {
        const trade = await createFreezableTrade();
        const { market, contract } = trade;
        const { address: mint, authority } = market.mint;
        const castOperator = testKeypair('cast operator').publicKey;
        const account = await mintTokens(market, { mint: market.mint, owner: castOperator, amount: 0n });
        const ledger = await openTradeLedger(trade);
        await deliverEpoch(trade);
        const freeze = createFreezeAccountInstruction(account, mint, authority.publicKey);
        await send(market, [freeze], [market.deployer, authority]);

        // The contract ends by its time. The frozen account refuses its money; everybody else has theirs.
        await runToTheEnd(trade, [findTestCommitment(contract)]);
        expect(await refusalOf(withdrawPayout(trade, CAST_OPERATOR))).toMatchObject({ name: 'AccountFrozen' });
        await payOut(trade, [CAST_OPERATOR]);
        await expectMoney(ledger, {
            contentProvider: -500n,
            seller: 343n,
            beacons: 24n,
            treasury: 11n,
            escrow: 122n,
        });
        expect(await readContract(market, contract)).toMatchObject({ state: 'settled', bondTotal: 0n });

        // Its share waits for as long as it takes; only the contract's account stays open for it.
        const close = await getCloseContractInstructions({ contract });
        await expectRefusal(send(market, close), 'market', 'AmountsOwed');
        const thaw = createThawAccountInstruction(account, mint, authority.publicKey);
        await send(market, [thaw], [market.deployer, authority]);
        await withdrawPayout(trade, CAST_OPERATOR);
        await send(market, close);
        await expectMoney(ledger, {
            contentProvider: -500n,
            seller: 343n,
            castOperator: 122n,
            beacons: 24n,
            treasury: 11n,
        });
    });
});

describe('a payee who closes its token account', () => {
    it('finds it opened again by the next payout, and nobody waits', async () => {
        const beacons = testKeypair('beacons');
        const trade = await createActiveContract({ funding: FUNDING });
        const { market, contract } = trade;
        const { address: mint, tokenProgram } = market.mint;
        const account = findTokenAccountAddress({ owner: beacons.publicKey, mint, tokenProgram });
        await fundWallet(market, beacons);
        const ledger = await openTradeLedger(trade);
        await deliverEpoch(trade);

        // The account is made for its first payout; there is none for it to refuse with.
        expect(await market.connection.getAccountInfo(account)).toBeNull();
        await withdrawPayout(trade, BEACONS);
        expect(await tokenBalance(market, account)).toBe(24n);

        // Its owner spends all and closes it before the second epoch is paid.
        const shop = findTokenAccountAddress({ owner: trade.seller.owner.publicKey, mint, tokenProgram });
        const spend = createTransferInstruction(account, shop, beacons.publicKey, 24n);
        const close = createCloseAccountInstruction(account, beacons.publicKey, beacons.publicKey);
        await send(market, [spend, close], [beacons]);
        await deliverEpoch(trade, { epoch: 1 });
        await runToTheEnd(trade, [findTestCommitment(contract), findTestCommitment(contract, 1)]);
        await payOut(trade);
        await send(market, await getCloseContractInstructions({ contract }));
        await expectMoney(ledger, {
            contentProvider: -1_000n,
            seller: 2n * 343n + 24n,
            castOperator: 2n * 122n,
            beacons: 24n,
            treasury: 2n * 11n,
        });
    });
});
