import { isAnswerable, isOpen, share, slash, TREASURY } from '../model/rules.js';
import type { Commitment, Model } from '../model/state.js';
import { challengeParams, findChallenge, isOfSameCommitment, pickChallenge } from './challenge-common.js';
import {
    type CommitmentParams,
    contractAccounts,
    findCommitment,
    idOf,
    isOfSameContract,
    paramsOf,
    partOf,
    pickCommitment,
} from './common.js';
import { operation } from './types.js';

interface FailParams extends CommitmentParams {
    /** The unanswered one; null when evidence is late. */
    readonly challenge: number | null;
}

const REASONS = { challenge: 1, evidence: 2 };
const NONE = 'program:settlement';
const proofsDueAt = ({ seededAt, params }: Commitment) => seededAt + params.proveWindowSecs;
const lostOf = (model: Model, params: FailParams) =>
    params.challenge === null ? undefined : findChallenge(model, { ...params, challenge: params.challenge });

function failRefusal(model: Model, params: FailParams): string | null {
    const commitment = findCommitment(model, params);
    if (!commitment) return 'no such commitment';
    if (!isOpen(commitment)) return 'not open';
    if (params.challenge === null) {
        if (commitment.state !== 'Seeded') return 'it waits for no proofs';
        return model.now > proofsDueAt(commitment) ? null : 'proofs are not due';
    }
    const challenge = lostOf(model, params);
    if (!challenge) return 'no such challenge';
    if (!isAnswerable(challenge)) return 'it is decided';
    return model.now > challenge.deadline ? null : 'it may still be answered';
}

/** Only a slash touches them. */
const STAKE_ACCOUNTS = ['stakeAuthority', 'stakeVault', 'marketAuthority', 'registryProgram', 'registryEventAuthority'];

function slashOf(model: Model, params: FailParams): bigint {
    const commitment = findCommitment(model, params);
    if (!commitment) return 0n;
    const { lock, params: terms } = commitment;
    return lostOf(model, params) ? lock : share(lock, terms.livenessSlashBasisPoints);
}

/** Half of the slash to the content provider, 30 % to who challenged, the rest to the treasury (6.7). */
function fail(model: Model, params: FailParams): void {
    const commitment = findCommitment(model, params)!;
    const contract = model.contracts.get(params.contract)!;
    const challenge = lostOf(model, params);
    const { lock, gross } = commitment;
    const slashed = slashOf(model, params);
    const bounty = challenge ? share(slashed, 3_000) : 0n;
    contract.bondTotal -= slashed;
    contract.bondFree += lock - slashed;
    contract.openGross -= gross;
    contract.open -= 1;
    contract.vault += slashed;
    contract.held += bounty;
    contract.owed[TREASURY]! += slashed - share(slashed, 5_000) - bounty;
    model.stakeVault -= slashed;
    if (slashed > 0n) slash(model.participants.get(contract.seller)!, slashed, model.now);
    commitment.state = 'Failed';
    commitment.failReason = challenge ? REASONS.challenge : REASONS.evidence;
    if (!challenge) return;
    commitment.openChallenges -= 1;
    challenge.state = 'Won';
    challenge.payout += bounty;
}

export const failCommitment = operation<FailParams>({
    name: 'failCommitment',
    weight: 5,
    isHarmless: (params, account, other, model) =>
        (STAKE_ACCOUNTS.includes(account) && slashOf(model, params) === 0n) ||
        isOfSameContract(params, account, other) ||
        isOfSameCommitment({ ...params, challenge: 0 }, account, other),
    propose: (model, random) => {
        const isLost = random.chance(0.5);
        if (isLost) {
            const lost = pickChallenge(model, random, (one) => isAnswerable(one) && model.now >= one.deadline);
            return lost && challengeParams(lost);
        }
        const isLate = (one: Commitment) => one.state === 'Seeded' && model.now >= proofsDueAt(one);
        const commitment = pickCommitment(model, random, isLate);
        return commitment && { ...paramsOf(commitment), challenge: null };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'failCommitment',
        accounts: {
            ...contractAccounts(params.contract),
            seller: `participant:${partOf(params.contract).seller}`,
            commitment: `commitment:${idOf(params)}`,
            challenge: params.challenge === null ? NONE : `challenge:${idOf(params)}:${params.challenge}`,
        },
    }),
    refusal: failRefusal,
    apply: fail,
});
