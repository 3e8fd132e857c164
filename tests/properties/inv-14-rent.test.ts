import {
    getCloseContractInstructions,
    getCloseReportInstructions,
    getReportSlaInstructions,
    listSlaReports,
} from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    challengeLeaf,
    closeChallenge,
    commitSessions,
    cosignDelivery,
    createActiveContract,
    type FundedTrade,
    fundWallet,
    GOOD_SERVICE,
    type IdlAccount,
    mintTokens,
    payOut,
    RENT_RECEIVERS,
    readIdlInstructions,
    registerAuditor,
    runToTheEnd,
    send,
    settleDelivery,
    TEST_PARAMS,
    testKeypair,
} from '../support/index.js';

/** Closes accounts and expects that they are gone and that all their lamports, and no more, are where the rent came from. */
async function expectRentBack(
    { market }: FundedTrade,
    accounts: readonly PublicKey[],
    rentPayer: PublicKey,
    close: () => Promise<unknown>,
): Promise<void> {
    const lamportsOf = async (key: PublicKey) => BigInt(await market.connection.getBalance(key));
    const sum = async () => (await Promise.all(accounts.map(lamportsOf))).reduce((total, each) => total + each, 0n);
    const [rent, before] = [await sum(), await lamportsOf(rentPayer)];
    expect(rent).toBeGreaterThan(0n);
    await close();
    expect(await sum()).toBe(0n);
    for (const address of accounts) expect(await market.connection.getAccountInfo(address)).toBeNull();
    expect((await lamportsOf(rentPayer)) - before).toBe(rent);
}

async function report(trade: FundedTrade, commitment: PublicKey): Promise<void> {
    const auditor = await registerAuditor(trade.market);
    const instructions = await getReportSlaInstructions({
        authority: auditor.hot.publicKey,
        auditor: auditor.address,
        contract: trade.contract,
        commitment,
        summary: GOOD_SERVICE,
        evidenceRoot: new Uint8Array(32).fill(1),
    });
    await send(trade.market, instructions, [auditor.hot]);
}

describe('INV-14, what is closed', () => {
    it('is watched in every transaction of every test: all that returns rent is on the list', () => {
        const idl = readIdlInstructions();
        // Who signs for the rent is about to pay it.
        const isReceiver = ({ name, writable, signer }: IdlAccount) => name === 'rent_payer' && writable && !signer;
        const returning = [...idl].filter(([, { accounts }]) => accounts.some(isReceiver)).map(([name]) => name);
        expect(returning.length).toBeGreaterThan(10);
        expect(returning.filter((name) => RENT_RECEIVERS[name] !== 'rent_payer')).toEqual([]);
        for (const [name, receiver] of Object.entries(RENT_RECEIVERS)) {
            expect(idl.get(name)?.accounts.find((account) => account.name === receiver)?.writable, name).toBe(true);
        }
    });

    it('leaves no lamport, and its rent is back with who paid it, even where a stranger sent more', async () => {
        await fc.assert(
            fc.asyncProperty(fc.integer({ min: 0, max: 1_000_000 }), async (gift) => {
                const trade = await createActiveContract();
                const { market, contract, seller, contentProvider } = trade;
                const challenger = testKeypair('challenger');
                await fundWallet(market, challenger);
                const bond = { mint: market.mint, owner: challenger.publicKey, amount: TEST_PARAMS.challengeBond };
                await mintTokens(market, bond);
                const provable = await commitSessions(trade);
                const { address } = provable.commitment;
                const challenge = await challengeLeaf(provable, challenger, 5n);
                await report(trade, address);
                await cosignDelivery(trade, provable.commitment);
                await settleDelivery(trade, provable.commitment);
                // Lamports that nobody asked for go the same way.
                for (const each of [address, challenge.address, contract.address]) {
                    if (gift > 0) await market.cluster.airdrop(each.toBase58(), BigInt(gift));
                }

                const back = (accounts: readonly PublicKey[], payer: PublicKey, close: () => Promise<unknown>) =>
                    expectRentBack(trade, accounts, payer, close);
                await back([challenge.address], challenger.publicKey, () => closeChallenge(trade, challenge));
                const [stated] = await listSlaReports(market.connection, { commitment: address });
                const closeReport = await getCloseReportInstructions({ report: stated! });
                await back([stated!.address], stated!.rentPayer, () => send(market, closeReport));
                await back([address], seller.hot.publicKey, () => runToTheEnd(trade, [provable.commitment]));
                await payOut(trade);
                const closeContract = await getCloseContractInstructions({ contract });
                const accounts = [contract.address, contract.vault];
                await back(accounts, contentProvider.owner.publicKey, () => send(market, closeContract));
            }),
            { numRuns: 2, seed: 14 },
        );
    });
});
