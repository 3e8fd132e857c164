import { getChallengeLeafInstructions, getCloseChallengeInstructions, getFailCommitmentInstructions } from '@ocm/sdk';
import type { Keypair } from '@solana/web3.js';
import { beforeEach, describe, expect, it } from 'vitest';
import {
    acceptOffer,
    answerEvidence,
    answerInclusion,
    buildEvidenceAnswer,
    challengeLeaf,
    closeChallenge,
    commitDelivery,
    commitSessions,
    commitTree,
    corruptField,
    cosignDelivery,
    createActiveContract,
    createMint,
    expectRefusal,
    type FundedTrade,
    failCommitment,
    fundContract,
    fundWallet,
    mintTokens,
    nowSecs,
    ownerBalance,
    type ProvableCommitment,
    proveAll,
    readChallenge,
    readCommitment,
    readContract,
    readParticipant,
    registerContentProvider,
    registerSeller,
    seedCommitment,
    send,
    settleDelivery,
    swapAccount,
    TEST_BOND,
    THOUSAND_TOKENS,
    testKeypair,
    tokenBalance,
    travel,
    travelTo,
    withdrawPayout,
} from '../../support/index.js';

const BOND = 1_000_000n;
const challenger = testKeypair('challenger');
const answerer = testKeypair('answerer');
/** 100 MB at 5 000 base units per gigabyte, and twice that. */
const [GROSS, LOCK] = [500n, 1_000n];

async function fund({ market }: FundedTrade, wallet: Keypair, tokens = 3n * BOND): Promise<void> {
    await fundWallet(market, wallet);
    await mintTokens(market, { mint: market.mint, owner: wallet.publicKey, amount: tokens });
}

const balance = ({ market }: FundedTrade, { publicKey }: Keypair) => ownerBalance(market, market.mint, publicKey);

describe('challenge_leaf', () => {
    let trade: FundedTrade;
    let provable: ProvableCommitment;

    beforeEach(async () => {
        trade = await createActiveContract();
        provable = await commitSessions(trade);
        await fund(trade, challenger);
    });

    it('holds the bond in the vault until the challenge is decided', async () => {
        const before = await tokenBalance(trade.market, trade.contract.vault);
        const challenge = await challengeLeaf(provable, challenger, 17n);
        expect(challenge).toMatchObject({
            commitment: provable.commitment.address,
            contract: trade.contract.address,
            index: 0,
            challenger: challenger.publicKey,
            target: 17n,
            bond: BOND,
            payout: BOND,
            beneficiary: challenger.publicKey,
            state: 'open',
            deadline: nowSecs(trade.market) + 30n,
        });
        expect(await tokenBalance(trade.market, trade.contract.vault)).toBe(before + BOND);
        expect((await readContract(trade.market, trade.contract)).heldTotal).toBe(BOND);
        const { openChallenges, challengeCount } = await readCommitment(trade, provable.commitment);
        expect([openChallenges, challengeCount]).toEqual([1, 1]);
        await expectRefusal(closeChallenge(trade, challenge), 'settlement', 'ChallengeNotOver');
    });

    it('asks no bond of the content provider, twice', async () => {
        const { contentProvider } = trade;
        for (const target of [1n, 2n]) {
            expect(await challengeLeaf(provable, contentProvider.hot, target, true)).toMatchObject({ bond: 0n });
        }
        await expectRefusal(challengeLeaf(provable, contentProvider.hot, 3n, true), 'settlement', 'BondAccountMissing');
        expect((await readContract(trade.market, trade.contract)).heldTotal).toBe(0n);
    });

    it('is for bytes that were committed, with receipts, until the window ends', async () => {
        const { totalBytes, committedAt } = provable.commitment;
        await expectRefusal(challengeLeaf(provable, challenger, totalBytes), 'settlement', 'TargetOutOfRange');
        const cosigned = await commitDelivery(trade, { kind: 1, ...commitTree([1_000n]) });
        await expectRefusal(
            challengeLeaf({ ...provable, commitment: cosigned }, challenger, 1n),
            'settlement',
            'KindNotSampled',
        );
        travelTo(trade.market, committedAt + 60n);
        await expectRefusal(challengeLeaf(provable, challenger, 1n), 'settlement', 'ChallengeWindowClosed');
    });

    it('refuses what is accepted already', async () => {
        await cosignDelivery(trade, provable.commitment);
        await expectRefusal(challengeLeaf(provable, challenger, 1n), 'settlement', 'CommitmentStateInvalid');
    });

    it('refuses a seventeenth open challenge', async () => {
        await corruptField(trade.market, {
            program: 'settlement',
            account: 'DeliveryCommitment',
            address: provable.commitment.address,
            field: 'openChallenges',
            bytes: Uint8Array.of(16),
        });
        await expectRefusal(challengeLeaf(provable, challenger, 1n), 'settlement', 'TooManyChallenges');
    });

    it('refuses every account but those of the contract', async () => {
        const { market, contract, contentProvider, offer } = trade;
        const input = { challenger: challenger.publicKey, contract, commitment: provable.commitment, target: 1n };
        const instructions = await getChallengeLeafInstructions(input);
        const swapped = (from: typeof contract.vault, to: typeof contract.vault) =>
            send(market, swapAccount(instructions, from, to), [challenger]);
        const other = await registerContentProvider(market, { name: 'other buyer' });
        await expectRefusal(swapped(contentProvider.address, other.address), 'settlement', 'NotContentProvider');
        const own = await mintTokens(market, { mint: market.mint, owner: other.owner.publicKey, amount: 1n });
        await expectRefusal(swapped(contract.vault, own), 'settlement', 'WrongVault');
        const mint = await createMint(market, { name: 'other mint' });
        await mintTokens(market, { mint, owner: challenger.publicKey, amount: BOND });
        const wrongMint = await getChallengeLeafInstructions({
            ...input,
            contract: { ...contract, mint: mint.address },
        });
        await expectRefusal(send(market, wrongMint, [challenger]), 'settlement', 'WrongMint');
        const second = await fundContract(market, contentProvider, await acceptOffer(market, contentProvider, offer));
        const wrongContract = await getChallengeLeafInstructions({ ...input, contract: second });
        await expectRefusal(send(market, wrongContract, [challenger]), 'settlement', 'WrongContract');
    });
});

describe('an answered challenge', () => {
    it('gives the bond to who answers, and the commitment goes on', async () => {
        const trade = await createActiveContract();
        const provable = await commitSessions(trade);
        await fund(trade, challenger);
        await fund(trade, answerer, 1n);
        const challenge = await challengeLeaf(provable, challenger, 60_000_000n);
        await expectRefusal(answerEvidence(provable, challenge, answerer), 'settlement', 'InclusionMissing');
        const wrong = await commitSessions(trade, { overrides: { kind: 2 } });
        await expectRefusal(
            answerInclusion({ ...provable, tree: wrong.tree }, challenge),
            'settlement',
            'InclusionInvalid',
        );
        await answerInclusion(provable, challenge);
        await expectRefusal(answerInclusion(provable, challenge), 'settlement', 'ChallengeStateInvalid');
        const { events } = await answerEvidence(provable, challenge, answerer);
        expect(events[0]).toMatchObject({
            name: 'ChallengeAnswered',
            data: { challenge: challenge.address, answerer: answerer.publicKey, bond: BOND },
        });
        expect(await readChallenge(trade, challenge.address)).toMatchObject({
            state: 'answered',
            beneficiary: answerer.publicKey,
        });
        const closed = await closeChallenge(trade, challenge);
        expect(closed.events.map(({ name }) => name)).toEqual(['HeldPaid', 'ChallengeClosed']);
        expect(await balance(trade, answerer)).toBe(BOND + 1n);
        expect(await balance(trade, challenger)).toBe(2n * BOND);
        expect((await readContract(trade.market, trade.contract)).heldTotal).toBe(0n);
        expect((await readCommitment(trade, provable.commitment)).openChallenges).toBe(0);
    });

    it('is too late after the deadline, and its evidence is that of the included leaf', async () => {
        const trade = await createActiveContract();
        const provable = await commitSessions(trade);
        await fund(trade, challenger);
        await fundWallet(trade.market, answerer);
        const [first, second] = [
            await challengeLeaf(provable, challenger, 0n),
            await challengeLeaf(provable, challenger, 99_999_999n),
        ];
        await answerInclusion(provable, first);
        const { market } = trade;
        const other = await buildEvidenceAnswer(provable, { ...first, target: second.target }, answerer);
        await expectRefusal(send(market, other, [answerer]), 'settlement', 'LeafMismatch');
        const right = await buildEvidenceAnswer(provable, first, answerer);
        await expectRefusal(
            send(market, swapAccount(right, first.address, second.address), [answerer]),
            'settlement',
            'InclusionMissing',
        );
        const elsewhere = await commitSessions(trade, { overrides: { kind: 2 } });
        await expectRefusal(
            send(market, swapAccount(right, provable.commitment.address, elsewhere.commitment.address), [answerer]),
            'settlement',
            'WrongCommitment',
        );
        travel(market, 31);
        await expectRefusal(answerInclusion(provable, second), 'settlement', 'ResponseTooLate');
        await expectRefusal(answerEvidence(provable, first, answerer), 'settlement', 'ResponseTooLate');
    });
});

describe('fail_commitment', () => {
    it('slashes the whole lock for a challenge that nobody answered', async () => {
        const trade = await createActiveContract();
        const provable = await commitSessions(trade);
        const { market, contract, seller } = trade;
        await fund(trade, challenger);
        const challenge = await challengeLeaf(provable, challenger, 5n);
        await expectRefusal(failCommitment(provable, challenge), 'settlement', 'ResponseNotDue');
        travel(market, 31);
        const vaultBefore = await tokenBalance(market, contract.vault);
        const { events } = await failCommitment(provable, challenge);
        expect(events.map(({ name }) => name)).toEqual(['StakeSlashed', 'FailureRecorded', 'CommitmentFailed']);
        expect(events[1]?.data).toMatchObject({
            gross: GROSS,
            slashed: LOCK,
            contentProvider: 500n,
            challenger: 300n,
            treasury: 200n,
        });
        expect(events[2]?.data).toMatchObject({ reason: 1, slashed: LOCK, bounty: 300n, challenge: challenge.address });
        expect(await readCommitment(trade, provable.commitment)).toMatchObject({ state: 'failed', failReason: 1 });
        const after = await readContract(market, contract);
        expect(after).toMatchObject({
            openGross: 0n,
            openCommitments: 0,
            bondTotal: TEST_BOND - LOCK,
            bondFree: TEST_BOND - LOCK,
            heldTotal: BOND + 300n,
        });
        expect(after.owed[8]).toBe(200n);
        expect(await tokenBalance(market, contract.vault)).toBe(vaultBefore + LOCK);
        const { stakeLocked, slashedTotal } = await readParticipant(market, seller);
        expect([stakeLocked, slashedTotal]).toEqual([TEST_BOND - LOCK, LOCK]);

        await expectRefusal(failCommitment(provable, challenge), 'settlement', 'ChallengeStateInvalid');
        await closeChallenge(trade, challenge);
        expect(await balance(trade, challenger)).toBe(3n * BOND + 300n);
        await withdrawPayout(trade, 8);
    });

    it('slashes a part for evidence that is late, and gives other challengers their bonds back', async () => {
        const trade = await createActiveContract();
        const provable = await seedCommitment(await commitSessions(trade));
        await fund(trade, challenger);
        const challenge = await challengeLeaf(provable, challenger, 5n);
        await expectRefusal(failCommitment(provable), 'settlement', 'ProofsNotDue');
        travelTo(trade.market, provable.commitment.seededAt + 61n);
        const { events } = await failCommitment(provable);
        // 25 % of 1,000: half to the content provider, none to a challenger.
        expect(events[1]?.data).toMatchObject({ slashed: 250n, contentProvider: 125n, challenger: 0n, treasury: 125n });
        expect(events[2]?.data).toMatchObject({ reason: 2, bounty: 0n });
        expect((await readContract(trade.market, trade.contract)).bondFree).toBe(TEST_BOND - 250n);
        await closeChallenge(trade, challenge);
        expect(await balance(trade, challenger)).toBe(3n * BOND);
        await expectRefusal(failCommitment(provable), 'settlement', 'ProofsNotDue');
    });

    it('does not fail what is proven, nor what is accepted', async () => {
        const trade = await createActiveContract();
        const provable = await seedCommitment(await commitSessions(trade));
        await fund(trade, challenger);
        const challenge = await challengeLeaf(provable, challenger, 5n);
        await proveAll(provable);
        travelTo(trade.market, provable.commitment.seededAt + 61n);
        await expectRefusal(failCommitment(provable), 'settlement', 'ProofsNotDue');
        await cosignDelivery(trade, provable.commitment);
        await expectRefusal(failCommitment(provable, challenge), 'settlement', 'CommitmentStateInvalid');
        await closeChallenge(trade, challenge);
        await settleDelivery(trade, provable.commitment);
    });

    it('refuses every account but those of the contract', async () => {
        const trade = await createActiveContract();
        const provable = await seedCommitment(await commitSessions(trade));
        const { market, contract, contentProvider, offer } = trade;
        travelTo(market, provable.commitment.seededAt + 61n);
        const instructions = await getFailCommitmentInstructions({ contract, commitment: provable.commitment.address });
        const other = await registerSeller(market, { name: 'other seller' });
        const swapped = (from: typeof contract.vault, to: typeof contract.vault) =>
            send(market, swapAccount(instructions, from, to));
        await expectRefusal(swapped(contract.seller, other.address), 'settlement', 'NotContractSeller');
        const own = await mintTokens(market, { mint: market.mint, owner: other.owner.publicKey, amount: 1n });
        await expectRefusal(swapped(contract.vault, own), 'market', 'WrongVault');
        const second = await fundContract(market, contentProvider, await acceptOffer(market, contentProvider, offer));
        await expectRefusal(swapped(contract.address, second.address), 'settlement', 'WrongContract');
    });
});

describe('close_challenge', () => {
    it('pays nobody but the beneficiary, and the rent to who paid it', async () => {
        const trade = await createActiveContract();
        const provable = await commitSessions(trade);
        await fund(trade, challenger);
        const challenge = await challengeLeaf(provable, challenger, 5n);
        await cosignDelivery(trade, provable.commitment);
        const { market, contract } = trade;
        const build = (change: Partial<typeof challenge>) =>
            getCloseChallengeInstructions({
                payer: market.deployer.publicKey,
                contract,
                challenge: { ...challenge, ...change },
            });
        const thief = testKeypair('thief').publicKey;
        await expectRefusal(send(market, await build({ beneficiary: thief })), 'settlement', 'WrongBeneficiary');
        await expectRefusal(send(market, await build({ rentPayer: thief })), 'settlement', 'WrongRentPayer');
        const elsewhere = await commitSessions(trade, { overrides: { kind: 2 } });
        await expectRefusal(
            send(market, await build({ commitment: elsewhere.commitment.address })),
            'settlement',
            'WrongCommitment',
        );
        await closeChallenge(trade, challenge);
        expect(await balance(trade, challenger)).toBe(3n * BOND);
    });
});

describe('a commitment that nobody co-signs', () => {
    it('settles when it is proven and its challenges are over', async () => {
        const trade = await createActiveContract();
        const provable = await seedCommitment(await commitSessions(trade));
        await proveAll(provable);
        await fund(trade, challenger);
        await fundWallet(trade.market, answerer);
        await expectRefusal(settleDelivery(trade, provable.commitment), 'settlement', 'ChallengeWindowOpen');
        travelTo(trade.market, provable.commitment.committedAt + 59n);
        const challenge = await challengeLeaf(provable, challenger, 5n);
        travel(trade.market, 1);
        await expectRefusal(settleDelivery(trade, provable.commitment), 'settlement', 'ChallengesOpen');
        await answerInclusion(provable, challenge);
        await answerEvidence(provable, challenge, answerer);
        const { events } = await settleDelivery(trade, provable.commitment);
        // Nobody but the seller vouches for the quality: no minimum commit.
        expect(events[0]?.data).toMatchObject({ gross: GROSS, topUp: 0n, net: GROSS });
        expect(await readParticipant(trade.market, trade.seller)).toMatchObject({
            stakeFree: THOUSAND_TOKENS - TEST_BOND,
        });
    });
});
