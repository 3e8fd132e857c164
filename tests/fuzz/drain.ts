import { findRemains } from './invariants.js';
import type { Machine } from './machine.js';
import { endsAt, PARAMS } from './model/rules.js';
import type { Model } from './model/state.js';
import { challengeParams, closingOf } from './operations/challenge-common.js';
import { commitmentParams, PARTIES, paramsOf, STRANGER } from './operations/common.js';
import { endOf } from './operations/contract-end.js';
import { OPERATION_BY_NAME } from './operations/index.js';
import { payeeOf } from './operations/payout.js';
import { auditorsOf } from './operations/resolve-sla.js';
import { checkAll, runStep, type Step, type Tally } from './step.js';

const MAX_ROUNDS = 12;

/** Every crank that anybody may turn now. */
function* cranks(model: Model): Generator<Step> {
    for (const challenge of [...model.challenges.values()]) {
        yield { op: 'failCommitment', params: challengeParams(challenge) };
        yield { op: 'closeChallenge', params: closingOf(model, challenge) };
    }
    for (const { commitment, auditor } of [...model.reports.values()]) {
        yield { op: 'closeReport', params: { ...commitmentParams(commitment), auditor } };
    }
    for (const commitment of [...model.commitments.values()]) {
        const params = paramsOf(commitment);
        yield { op: 'failCommitment', params: { ...params, challenge: null } };
        yield { op: 'resolveSla', params: { ...params, auditors: auditorsOf(model, commitment) } };
        for (const op of ['settleDelivery', 'expireCommitment', 'closeCommitment']) yield { op, params };
    }
    for (const { lot, bidder } of [...model.bids.values()]) {
        for (const isBidders of [true, false]) {
            const recipient = isBidders ? bidder : lot.split(':')[0]!;
            yield { op: 'releaseBidDeposit', params: { lot, bidder, recipient } };
        }
    }
    for (const lot of [...model.lots.keys()]) {
        yield { op: 'clearLot', params: { lot } };
        yield { op: 'closeLot', params: { lot } };
    }
    for (const bounty of [...model.bounties.keys()]) yield { op: 'refundBounty', params: { bounty } };
    for (const { id, aggregator, active } of [...model.pools.values()]) {
        yield { op: 'activateRewardRoot', params: { pool: id, aggregator } };
        for (const index of active.members.keys()) {
            yield { op: 'claimReward', params: { pool: id, members: active.members, index, isSpoilt: false } };
        }
    }
    for (const one of [...model.contracts.values()]) {
        const contract = one.id;
        const ending = endOf(one);
        yield { op: 'cancelContract', params: { ...ending, by: STRANGER } };
        yield { op: 'beginClosing', params: ending };
        yield { op: 'finishContract', params: { contract } };
        yield { op: 'collectSlash', params: { contract } };
        for (const index of one.owed.keys())
            yield { op: 'withdrawPayout', params: { contract, index, payee: payeeOf(one, index) } };
        yield { op: 'refundContentProvider', params: { contract } };
        yield { op: 'releaseBond', params: { contract, by: STRANGER, amount: one.bondFree } };
        yield { op: 'closeContract', params: { contract } };
    }
}

const isLeft = ({ contracts, commitments, challenges, reports, lots, bounties }: Model) =>
    contracts.size + commitments.size + challenges.size + reports.size + lots.size + bounties.size > 0;

/** What a seller does with its own stake at the end. */
function* unbonding(model: Model): Generator<Step> {
    for (const party of PARTIES) {
        const participant = model.participants.get(party)!;
        for (const slot of [0, 1, 2, 3]) yield { op: 'withdrawUnbonded', params: { party, slot } };
        yield { op: 'requestUnbond', params: { party, amount: participant.free } };
    }
}

/** Runs those of the steps that the model accepts. */
function runAcceptable(machine: Machine, model: Model, steps: Iterable<Step>, tally: Tally): string | null {
    for (const step of steps) {
        if (OPERATION_BY_NAME.get(step.op)!.refusal(model, step.params) !== null) continue;
        const found = runStep(machine, model, step, tally);
        if (found) return `drain: ${found}`;
    }
    return null;
}

const warp = (machine: Machine, model: Model, secs: number, tally: Tally) =>
    runStep(machine, model, { op: 'warp', params: { secs, slots: Math.ceil(secs * 2.5) + 1 } }, tally);

/**
 * Content providers, sellers and board are silent from here on (INV-9): with time and what anybody may do, every contract
 * ends and all money is back. Then sellers take their stake out.
 */
export function drain(machine: Machine, model: Model, tally: Tally): string | null {
    const last = Math.max(
        model.now,
        ...[...model.contracts.values()].map(endsAt),
        ...[...model.lots.values()].map(({ genesisAt }) => genesisAt),
        ...[...model.bounties.values()].map(({ expiresAt }) => expiresAt),
    );
    const settleSecs = 2 * (PARAMS.settleWindowSecs + PARAMS.cosignWindowSecs + PARAMS.commitWindowSecs);
    warp(machine, model, last - model.now, tally);
    for (let round = 0; round < MAX_ROUNDS && isLeft(model); round += 1) {
        const found = runAcceptable(machine, model, cranks(model), tally);
        if (found) return found;
        warp(machine, model, settleSecs, tally);
    }
    for (let round = 0; round < 3; round += 1) {
        const found = runAcceptable(machine, model, unbonding(model), tally);
        if (found) return found;
        warp(machine, model, 2 * PARAMS.unbondSecs, tally);
    }
    return checkAll(machine, model) ?? findRemains(model);
}
