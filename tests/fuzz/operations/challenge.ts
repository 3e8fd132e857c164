import { challengesEndAt, isOpen, mayAct, SCOPE } from '../model/rules.js';
import type { Commitment, Model } from '../model/state.js';
import { Pack } from '../pack.js';
import {
    addTokens,
    BUYERS,
    type CommitmentParams,
    contractAccounts,
    findCommitment,
    idOf,
    paramsOf,
    partOf,
    pickCommitment,
    STRANGER,
    walletTokens,
} from './common.js';
import { operation } from './types.js';

interface Params extends CommitmentParams {
    /** Number of the challenge that it becomes. */
    readonly index: number;
    /** Name of a wallet. */
    readonly challenger: string;
    readonly target: bigint;
    /** Whether an account to take the bond from is named. */
    readonly isBonded: boolean;
}

const MAX_OPEN = 16;
const MAX_FREE = 2;

/** The content provider's first two of a commitment (6.7). */
function isFree(model: Model, params: Params): boolean {
    const { buyer } = partOf(params.contract);
    const isOwn = mayAct(model, buyer, `wallet:${params.challenger}`, SCOPE.challenge);
    return isOwn && findCommitment(model, params)!.freeChallenges < MAX_FREE;
}

function refusal(model: Model, params: Params): string | null {
    const commitment = findCommitment(model, params);
    if (!commitment) return 'no such commitment';
    if (params.index !== commitment.challengeCount) return 'another number';
    if (commitment.kind === 1) return 'not a kind that is sampled';
    if (!isOpen(commitment)) return 'not open';
    if (params.target >= commitment.bytes) return 'no such byte';
    if (model.now >= challengesEndAt(commitment)) return 'too late';
    if (commitment.openChallenges >= MAX_OPEN) return 'too many are open';
    // A named account must be the challenger's own, needed or not.
    if (params.isBonded && !model.wallets.has(params.challenger)) return 'no such token account';
    if (isFree(model, params)) return null;
    if (!params.isBonded) return 'no account to take the bond from';
    return walletTokens(model, params.challenger) < commitment.params.challengeBond ? 'the wallet holds less' : null;
}

/** Another byte's challenge is numbered apart; only who else may challenge free of charge is no attack. */
const isHarmless = (params: Params, account: string, other: string) => {
    const { buyer } = partOf(params.contract);
    if (account === 'challenger') return !params.isBonded && other.startsWith(`wallet:${buyer}`);
    // Without an account to pay from no token program is called.
    if (account === 'tokenProgram') return !params.isBonded;
    return account === 'challengerTokenAccount' && other === `tokens:${params.challenger}`;
};

export const challengeLeaf = operation<Params>({
    name: 'challengeLeaf',
    weight: 6,
    isHarmless,
    propose: (model, random) => {
        // Half of them where there are challenges already: limits are counted by commitment.
        const isAgain = random.chance(0.5);
        const fits = (one: Commitment) => isOpen(one) && one.kind !== 1 && (!isAgain || one.challengeCount > 0);
        const commitment = pickCommitment(model, random, fits);
        if (!commitment) return null;
        const { buyer } = partOf(commitment.contract);
        const challenger = random.pick([
            buyer,
            buyer,
            model.participants.get(buyer)!.hotKey,
            STRANGER,
            STRANGER,
            ...BUYERS,
        ]);
        const { challengeCount, bytes } = commitment;
        return {
            ...paramsOf(commitment),
            index: challengeCount + (random.chance(0.03) ? 1 : 0),
            challenger,
            target: random.chance(0.95) ? random.upTo(bytes > 0n ? bytes - 1n : 0n) : bytes,
            isBonded: challenger.includes(' ') ? random.chance(0.05) : random.chance(challenger === buyer ? 0.5 : 0.95),
        };
    },
    call: (params) => {
        const id = idOf(params);
        return {
            program: 'settlement',
            instruction: 'challengeLeaf',
            accounts: {
                ...contractAccounts(params.contract),
                challenger: `wallet:${params.challenger}`,
                contentProvider: `participant:${partOf(params.contract).buyer}`,
                commitment: `commitment:${id}`,
                challenge: `challenge:${id}:${params.index}`,
                challengerTokenAccount: params.isBonded ? `tokens:${params.challenger}` : 'program:settlement',
            },
            args: new Pack().u64(params.target).done(),
        };
    },
    refusal,
    apply: (model, params) => {
        const commitment = findCommitment(model, params)!;
        const free = isFree(model, params);
        const bond = free ? 0n : commitment.params.challengeBond;
        const { challenger, index, target } = params;
        const contract = model.contracts.get(params.contract)!;
        if (!free) addTokens(model, challenger, -bond);
        contract.vault += bond;
        contract.held += bond;
        commitment.openChallenges += 1;
        commitment.challengeCount += 1;
        commitment.freeChallenges += free ? 1 : 0;
        model.challenges.set(`${idOf(params)}:${index}`, {
            commitment: idOf(params),
            index,
            challenger,
            beneficiary: challenger,
            target,
            bond,
            payout: bond,
            deadline: model.now + commitment.params.challengeResponseSecs,
            state: 'Open',
            leafHash: new Uint8Array(32),
        });
    },
});
