import { isAnswerable, isOpen } from '../model/rules.js';
import { closingOf, findChallenge, pickChallenge } from './challenge-common.js';
import { addTokens, type CommitmentParams, contractAccounts, findCommitment, idOf } from './common.js';
import { operation } from './types.js';

const NONE = 'program:settlement';

interface CloseParams extends CommitmentParams {
    readonly challenge: number;
    /** Whether the commitment's account is named: one that is closed cannot be. */
    readonly hasCommitment: boolean;
    /** Names of wallets as the challenge is believed to hold them. */
    readonly challenger: string;
    readonly beneficiary: string;
    /** By the instruction for challenges that pay nothing, which needs no contract. */
    readonly isUnpaid: boolean;
}

export const closeChallenge = operation<CloseParams>({
    name: 'closeChallenge',
    weight: 6,
    free: ['payer'],
    isHarmless: (params, account, other) =>
        (account === 'challenge' &&
            other.startsWith(params.isUnpaid ? 'challenge:' : `challenge:${params.contract}:`)) ||
        (account === 'commitment' && other === `commitment:${idOf(params)}`),
    propose: (model, random) => {
        const isOver = ({ commitment: id }: { commitment: string }) => {
            const commitment = model.commitments.get(id);
            return !commitment || !isOpen(commitment);
        };
        const challenge = pickChallenge(model, random, (one) => !isAnswerable(one) || isOver(one));
        if (!challenge) return null;
        const closing = closingOf(model, challenge);
        return {
            ...closing,
            hasCommitment: closing.hasCommitment && random.chance(0.9),
            isUnpaid: random.chance(0.9) ? closing.isUnpaid : !closing.isUnpaid,
        };
    },
    call: (params) => {
        const closed = {
            challenge: `challenge:${idOf(params)}:${params.challenge}`,
            commitment: params.hasCommitment ? `commitment:${idOf(params)}` : NONE,
            rentPayer: `wallet:${params.challenger}`,
        };
        if (params.isUnpaid) return { program: 'settlement', instruction: 'closeUnpaidChallenge', accounts: closed };
        const accounts = {
            ...contractAccounts(params.contract),
            ...closed,
            beneficiary: `wallet:${params.beneficiary}`,
            beneficiaryTokenAccount: `tokens:${params.beneficiary}`,
        };
        return { program: 'settlement', instruction: 'closeChallenge', accounts };
    },
    refusal: (model, params) => {
        const challenge = findChallenge(model, params);
        if (!challenge) return 'no such challenge';
        const { challenger, beneficiary } = challenge;
        if (challenger !== params.challenger) return 'another rent payer';
        if (params.isUnpaid && challenge.payout > 0n) return 'it pays';
        if (!params.isUnpaid && beneficiary !== params.beneficiary) return 'another payee';
        if (!params.isUnpaid && !model.contracts.has(params.contract)) return 'no such contract';
        const commitment = findCommitment(model, params);
        if (params.hasCommitment && !commitment) return 'no such commitment';
        if (!isAnswerable(challenge)) return null;
        return params.hasCommitment && !isOpen(commitment!) ? null : 'not over';
    },
    apply: (model, params) => {
        const challenge = findChallenge(model, params)!;
        if (isAnswerable(challenge)) findCommitment(model, params)!.openChallenges -= 1;
        if (!params.isUnpaid) {
            const contract = model.contracts.get(params.contract)!;
            contract.vault -= challenge.payout;
            contract.held -= challenge.payout;
            addTokens(model, challenge.beneficiary, challenge.payout);
        }
        model.challenges.delete(`${challenge.commitment}:${challenge.index}`);
    },
});
