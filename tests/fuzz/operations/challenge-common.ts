import type { Challenge, Model } from '../model/state.js';
import type { Random } from '../random.js';
import { type CommitmentParams, commitmentParams, prefer } from './common.js';

export interface ChallengeParams extends CommitmentParams {
    readonly challenge: number;
}

export const challengeId = ({ contract, epoch, kind, challenge }: ChallengeParams) =>
    `${contract}:${epoch}:${kind}:${challenge}`;
export const findChallenge = (model: Model, params: ChallengeParams) => model.challenges.get(challengeId(params));

export const challengeParams = ({ commitment, index }: Challenge): ChallengeParams => ({
    ...commitmentParams(commitment),
    challenge: index,
});

/** As `close_challenge` needs it: with its commitment, where that still stands. */
export const closingOf = (model: Model, challenge: Challenge) => ({
    ...challengeParams(challenge),
    hasCommitment: model.commitments.has(challenge.commitment),
    challenger: challenge.challenger,
    beneficiary: challenge.beneficiary,
    isUnpaid: challenge.payout === 0n,
});

/** A challenge, preferably one that fits. */
export function pickChallenge(
    model: Model,
    random: Random,
    fits: (challenge: Challenge) => boolean = () => true,
): Challenge | null {
    return prefer(random, model.challenges.values(), fits);
}

/** Another challenge of the commitment: whether it is ready is another question. */
export const isOfSameCommitment = (params: ChallengeParams, account: string, other: string) => {
    const { contract, epoch, kind } = params;
    return account === 'challenge' && other.startsWith(`challenge:${contract}:${epoch}:${kind}:`);
};
