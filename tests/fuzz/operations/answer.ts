import { isAnswerable } from '../model/rules.js';
import type { Model } from '../model/state.js';
import { Pack } from '../pack.js';
import type { Random } from '../random.js';
import {
    type ChallengeParams,
    challengeId,
    challengeParams,
    findChallenge,
    isOfSameCommitment,
    pickChallenge,
} from './challenge-common.js';
import { findCommitment, idOf, partOf, STRANGER } from './common.js';
import { type Layout, signedBefore } from './ed25519.js';
import {
    covers,
    evidenceRefusal,
    inclusionArgs,
    nodeOf,
    pickSession,
    proposeLayout,
    type Shown,
    sessionOf,
    TAMPERS,
    type Tamper,
} from './prove.js';
import { operation } from './types.js';

interface InclusionParams extends Shown, ChallengeParams {
    readonly tamper: Tamper;
}

interface EvidenceParams extends Shown, ChallengeParams {
    readonly layout: Layout;
    /** Name of the wallet that earns the bond. */
    readonly answerer: string;
}

/** A challenge in a state, and the session to show for it. */
function proposeAnswer(model: Model, random: Random, state: string): (Shown & ChallengeParams) | null {
    const challenge = pickChallenge(model, random, (one) => one.state === state);
    if (!challenge) return null;
    const params = challengeParams(challenge);
    const tree = findCommitment(model, params)?.tree;
    return tree ? { ...params, tree, session: pickSession(random, tree, challenge.target) } : null;
}

export const answerChallengeInclusion = operation<InclusionParams>({
    name: 'answerChallengeInclusion',
    weight: 5,
    isHarmless: isOfSameCommitment,
    propose: (model, random) => {
        const answer = proposeAnswer(model, random, 'Open');
        return answer && { ...answer, tamper: random.chance(0.94) ? 'none' : random.pick(TAMPERS) };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'answerChallengeInclusion',
        accounts: { commitment: `commitment:${idOf(params)}`, challenge: `challenge:${challengeId(params)}` },
        args: inclusionArgs(new Pack(), params, params.tamper).done(),
    }),
    refusal: (model, params) => {
        const [challenge, commitment] = [findChallenge(model, params), findCommitment(model, params)];
        if (!challenge || !commitment) return 'no such challenge';
        if (challenge.state !== 'Open') return 'not open';
        if (model.now > challenge.deadline) return 'too late';
        return covers(commitment, params, challenge.target, params.tamper) ? null : 'not the leaf of that byte';
    },
    apply: (model, params) => {
        const challenge = findChallenge(model, params)!;
        challenge.state = 'Included';
        challenge.leafHash = sessionOf(params).leafHash;
    },
});

export const answerChallengeEvidence = operation<EvidenceParams>({
    name: 'answerChallengeEvidence',
    weight: 6,
    free: ['answerer'],
    isHarmless: isOfSameCommitment,
    propose: (model, random) => {
        const answer = proposeAnswer(model, random, 'Included');
        if (!answer) return null;
        const answerer = random.chance(0.8) ? partOf(answer.contract).seller : STRANGER;
        return { ...answer, layout: proposeLayout(random), answerer };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'answerChallengeEvidence',
        accounts: {
            answerer: `wallet:${params.answerer}`,
            contract: `contract:${params.contract}`,
            commitment: `commitment:${idOf(params)}`,
            challenge: `challenge:${challengeId(params)}`,
            node: nodeOf(params.contract),
        },
        before: signedBefore(sessionOf(params).evidence(), params.layout),
        args: new Pack().raw(sessionOf(params).leaf).done(),
    }),
    refusal: (model, params) => {
        const [challenge, commitment] = [findChallenge(model, params), findCommitment(model, params)];
        if (!challenge || !commitment) return 'no such challenge';
        if (challenge.state !== 'Included') return isAnswerable(challenge) ? 'not included' : 'over';
        if (model.now > challenge.deadline) return 'too late';
        return evidenceRefusal(params, challenge.leafHash, params.layout);
    },
    apply: (model, params) => {
        const challenge = findChallenge(model, params)!;
        challenge.state = 'Answered';
        challenge.beneficiary = params.answerer;
        findCommitment(model, params)!.openChallenges -= 1;
    },
});
