import { ZERO_ADDRESS } from '../chain/address.js';
import { splitSlash } from '../protocol/money.js';
import { TREASURY_PLACE, zeros } from './books.js';
import { dropCommitment } from './commitment.js';
import { accountOf, commitmentOf, type Handler, type Step } from './ledger.js';
import { coveringLeaf } from './proofs.js';
import { livenessSlash } from './settlement.js';

const REASON_CHALLENGE = 1;
const REASON_EVIDENCE = 2;

export const challengeLeaf: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    const { ledger, books: contract, moment, events } = step;
    const target = step.instruction.args.target as bigint;
    const [challenge, challenger] = [accountOf(step, 'challenge'), accountOf(step, 'challenger')];
    const told = events.expect('LeafChallenged', {
        challenge,
        commitment: accountOf(step, 'commitment'),
        challenger,
        target,
        // The content provider's first challenges are free.
        bond: (bond) => bond === 0n || bond === contract.challengeBond,
        deadline:
            moment === null
                ? (deadline) => typeof deadline === 'bigint'
                : moment.time + BigInt(contract.challengeResponseSecs),
    });
    const bond = (told?.bond as bigint | undefined) ?? contract.challengeBond;
    ledger.vaultBalance += bond;
    contract.heldTotal += bond;
    record.books.openChallenges += 1;
    record.books.challengeCount += 1;
    if (bond === 0n) record.books.freeChallenges += 1;
    ledger.challenges.set(challenge, {
        commitment: accountOf(step, 'commitment'),
        challenger,
        beneficiary: challenger,
        target,
        bond,
        payout: bond,
        state: 'open',
        leafHash: zeros(32),
    });
};

function challengeOf(step: Step) {
    const address = accountOf(step, 'challenge');
    const challenge = step.ledger.challenges.get(address);
    if (challenge === undefined)
        step.findings.add(step.file, step.where, `names the challenge ${address}, which was never opened`);
    return challenge;
}

export const answerInclusion: Handler = (step) => {
    const challenge = challengeOf(step);
    const record = commitmentOf(step);
    if (challenge === undefined || record === null) return;
    const leaf = coveringLeaf(record.books, challenge.target, step.instruction.args);
    if (leaf === null) step.findings.add(step.file, step.where, 'answers with a leaf that does not cover the target');
    challenge.leafHash = leaf ?? challenge.leafHash;
    challenge.state = 'included';
};

export const answerEvidence: Handler = (step) => {
    const challenge = challengeOf(step);
    const record = commitmentOf(step);
    if (challenge === undefined || record === null) return;
    const answerer = accountOf(step, 'answerer');
    challenge.state = 'answered';
    challenge.beneficiary = answerer;
    record.books.openChallenges -= 1;
    const { commitment, bond } = challenge;
    step.events.expect('ChallengeAnswered', { challenge: accountOf(step, 'challenge'), commitment, answerer, bond });
};

/** Of those still open when their commitment ended, the bond goes back. */
export const closeChallenge: Handler = (step) => {
    const { ledger, books: contract, events } = step;
    const challenge = challengeOf(step);
    if (challenge === undefined) return;
    const { commitment, beneficiary, payout, state } = challenge;
    const record = ledger.commitments.get(commitment);
    if (record !== undefined && (state === 'open' || state === 'included')) record.books.openChallenges -= 1;
    if (payout > 0n) {
        ledger.vaultBalance -= payout;
        contract.heldTotal -= payout;
        events.expect('HeldPaid', {
            contract: ledger.address,
            recipient: accountOf(step, 'beneficiaryTokenAccount'),
            amount: payout,
            vaultBalanceAfter: ledger.vaultBalance,
        });
    }
    events.expect('ChallengeClosed', {
        challenge: accountOf(step, 'challenge'),
        commitment,
        state,
        beneficiary,
        payout,
    });
};

export const failCommitment: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    const { ledger, books: contract, events } = step;
    const { books } = record;
    const address = accountOf(step, 'challenge');
    const challenge = address === '' ? undefined : challengeOf(step);
    const slashed = address === '' ? livenessSlash(contract, books.lock) : books.lock;
    const split = splitSlash(slashed, address !== '');
    books.state = 'failed';
    books.failReason = address === '' ? REASON_EVIDENCE : REASON_CHALLENGE;
    if (address !== '') books.openChallenges -= 1;
    dropCommitment(contract, books, slashed);
    ledger.vaultBalance += slashed;
    contract.heldTotal += split.challenger;
    contract.owed[TREASURY_PLACE] = (contract.owed[TREASURY_PLACE] ?? 0n) + split.treasury;
    if (challenge !== undefined) {
        challenge.state = 'won';
        challenge.payout += split.challenger;
    }
    const { gross, lock, failReason } = books;
    events.expect('FailureRecorded', { contract: ledger.address, gross, slashed, ...split });
    events.expect('CommitmentFailed', {
        commitment: accountOf(step, 'commitment'),
        contract: ledger.address,
        challenge: address === '' ? ZERO_ADDRESS : address,
        reason: failReason,
        gross,
        lock,
        slashed,
        bounty: split.challenger,
    });
};
