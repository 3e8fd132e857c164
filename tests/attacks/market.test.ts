import { getRearmSeedInstructions, getRotateIssuerInstructions, getSeedCommitmentInstructions } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import {
    acceptOffer,
    closeOut,
    commitDelivery,
    commitSessions,
    cosignDelivery,
    createActiveContract,
    expectMoney,
    expectRefusal,
    fundWallet,
    openTradeLedger,
    proveAll,
    proveEvidence,
    proveInclusion,
    readCommitment,
    readContract,
    refusalOf,
    seedCommitment,
    send,
    settleDelivery,
    testKeypair,
    testSession,
    travelTo,
} from '../support/index.js';

/** What the cap of 200 Mbit/s carries in an epoch of ten seconds. */
const CAP_BYTES = 250_000_000n;
const KNOWN_SLOTS = 512;

describe('an issuer that is the seller', () => {
    it('A11: is taken by the chain, which compares nobody, and costs the content provider its cap at most', async () => {
        const issuer = testKeypair('seller');
        const trade = await createActiveContract({ contract: { issuer: issuer.publicKey } });
        // Nothing compares them: the key that signs tokens is the seller's own cold key.
        expect(trade.seller.owner.publicKey.equals(trade.contract.issuer[0] ?? issuer.publicKey)).toBe(true);
        const invented = testSession(trade, { name: 'nobody', bytes: CAP_BYTES }, { issuer });
        const seeded = await seedCommitment(await commitSessions(trade, { sessions: [invented] }));
        await proveAll(seeded);
        travelTo(trade.market, seeded.commitment.committedAt + BigInt(trade.contract.challengeWindowSecs));
        await settleDelivery(trade, seeded.commitment);
        const { paidTotal } = await readContract(trade.market, trade.contract);
        expect(paidTotal).toBe((CAP_BYTES * 5_000n) / 1_000_000_000n);
        const tooMuch = testSession(trade, { name: 'more', bytes: CAP_BYTES + 1n, epoch: 1 }, { issuer });
        const commit = commitSessions(trade, { sessions: [tooMuch], overrides: { epoch: 1 } });
        await expectRefusal(commit, 'market', 'BytesAboveCap');
        console.info(`A11: ${paidTotal} an epoch, the whole cap, for no byte at all, where the issuer is the seller`);
    });

    it('A11: ends with the epoch from which the content provider names another key', async () => {
        const issuer = testKeypair('seller');
        const trade = await createActiveContract({ contract: { issuer: issuer.publicKey } });
        const { market, contract, contentProvider } = trade;
        travelTo(market, contract.genesisAt);
        const rotation = {
            contentProviderOwner: contentProvider.owner.publicKey,
            contract: contract.address,
            slot: 1,
            issuer: testKeypair('own issuer').publicKey,
            fromEpoch: 1,
        };
        await send(market, await getRotateIssuerInstructions(rotation), [contentProvider.owner]);
        const rotated = { ...trade, contract: await readContract(market, contract) };
        const invented = testSession(rotated, { name: 'nobody', bytes: CAP_BYTES, epoch: 1 }, { issuer });
        const committed = await commitSessions(rotated, { sessions: [invented], overrides: { epoch: 1 } });
        const seeded = await seedCommitment(committed);
        await proveInclusion(seeded, 0);
        await expectRefusal(proveEvidence(seeded, 0), 'settlement', 'IssuerKeyWrong');
    });

    it('A11: cannot be the content provider too: one owner is one kind of participant', async () => {
        const { market, seller, offer } = await createActiveContract();
        // Two accounts of one call: Anchor's ConstraintDuplicateMutableAccount, before any rule of ours.
        expect(await refusalOf(acceptOffer(market, seller, offer))).toMatchObject({ program: 'market', code: 2_040 });
    });
});

describe('a seed that nobody draws', () => {
    it('A12: is rearmed and drawn by a stranger’s wallet, each time for twice the samples', async () => {
        const { trade, commitment, tree, sessions } = await commitSessions(await createActiveContract());
        const { market, contract } = trade;
        const stranger = testKeypair('stranger');
        await fundWallet(market, stranger);
        const crank = { commitment: commitment.address };
        const seed = async () => send(market, await getSeedCommitmentInstructions(crank), [stranger]);
        for (const samples of [4, 8]) {
            market.cluster.advanceSlots(contract.seedDelaySlots + KNOWN_SLOTS + 1);
            await expectRefusal(seed(), 'settlement', 'SeedMissed');
            await send(market, await getRearmSeedInstructions({ contract, ...crank }), [stranger]);
            expect((await readCommitment(trade, commitment)).samples).toBe(samples);
        }
        market.cluster.advanceSlots(contract.seedDelaySlots + 1);
        await seed();
        const seeded = await readCommitment(trade, commitment);
        expect(seeded).toMatchObject({ state: 'seeded', samples: 8, rearms: 2 });
        await proveAll({ trade, commitment: seeded, tree, sessions });
        console.info('A12: who waits for a better seed has three more draws, of 4, 8 and 8 samples instead of 2');
    });
});

describe('a content provider that buys from its friend', () => {
    it('A13: gets back what it paid but for fee and dust, to the unit', async () => {
        const trade = await createActiveContract();
        const ledger = await openTradeLedger(trade);
        const commitment = await commitDelivery(trade);
        await cosignDelivery(trade, commitment);
        await settleDelivery(trade, commitment);
        await closeOut(trade, [commitment]);
        // All but the treasury are friends: of 500 they lose the fee of 10 and one of dust.
        await expectMoney(ledger, {
            contentProvider: -500n,
            seller: 343n,
            castOperator: 122n,
            beacons: 24n,
            treasury: 11n,
        });
        console.info('A13: of 500 traded with oneself 11 are lost, 2.2 % (the fee is 2 %), and the fees of the chain');
    });
});
