import { at } from '../addresses.js';
import { challengesEndAt, isEnded, isOpen, mayAct, SCOPE } from '../model/rules.js';
import { settle } from '../model/settle.js';
import type { Commitment, Model } from '../model/state.js';
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

const commitmentAccounts = (params: CommitmentParams) => ({
    ...contractAccounts(params.contract),
    commitment: `commitment:${idOf(params)}`,
});
export const cosignDelivery = operation<CommitmentParams & { by: string }>({
    name: 'cosignDelivery',
    weight: 8,
    free: ['authority'],
    isHarmless: isOfSameContract,
    propose: (model, random) => {
        const commitment = pickCommitment(model, random, isOpen);
        if (!commitment) return null;
        const { buyer, seller } = partOf(commitment.contract);
        const signers = [
            `wallet:${model.participants.get(buyer)!.hotKey}`,
            `wallet:${buyer}`,
            `wallet:${seller} hot`,
            `wallet:${buyer} hot`,
            `wallet:x`,
        ];
        return {
            ...paramsOf(commitment),
            by: random.chance(0.9) ? random.pick(signers.slice(0, 2)) : random.pick(signers),
        };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'cosignDelivery',
        accounts: {
            contract: `contract:${params.contract}`,
            commitment: `commitment:${idOf(params)}`,
            contentProvider: `participant:${partOf(params.contract).buyer}`,
            authority: params.by,
        },
    }),
    refusal: (model, params) => {
        const commitment = findCommitment(model, params);
        if (!commitment) return 'no such commitment';
        if (!mayAct(model, partOf(params.contract).buyer, params.by, SCOPE.cosign)) return 'not authorized';
        if (!isOpen(commitment)) return 'not open';
        return model.now > commitment.deadline ? 'too late' : null;
    },
    apply: (model, params) => {
        const commitment = findCommitment(model, params)!;
        commitment.state = 'CosignedFinal';
        if (commitment.slaSource === 0) commitment.slaSource = 1;
    },
});

/** Final by co-signature; or proven, unchallenged when the time is over, and judged if enough auditors spoke. */
export function settleRefusal(model: Model, commitment: Commitment): string | null {
    if (commitment.state === 'CosignedFinal') return null;
    if (commitment.state !== 'Proven') return 'not final';
    if (model.now < challengesEndAt(commitment)) return 'it may still be challenged';
    if (commitment.openChallenges > 0) return 'a challenge is open';
    const { quorum } = model.contracts.get(commitment.contract)!.offer.sla;
    const isReported = commitment.reportCount >= Math.max(1, quorum);
    return isReported && commitment.slaSource !== 2 ? 'reports are not resolved' : null;
}

export const settleDelivery = operation<CommitmentParams>({
    name: 'settleDelivery',
    weight: 8,
    isHarmless: isOfSameContract,
    propose: (model, random) => {
        const isHasty = random.chance(0.3);
        const isNear = (one: Commitment) => settleRefusal(model, one) === null || (isHasty && one.state === 'Proven');
        const commitment = pickCommitment(model, random, isNear);
        return commitment && paramsOf(commitment);
    },
    call: (params) => ({ program: 'settlement', instruction: 'settleDelivery', accounts: commitmentAccounts(params) }),
    refusal: (model, params) => {
        const commitment = findCommitment(model, params);
        if (!commitment) return 'no such commitment';
        return settleRefusal(model, commitment);
    },
    apply: (model, params) => {
        const commitment = findCommitment(model, params)!;
        settle(model.now, model.contracts.get(params.contract)!, commitment);
        commitment.state = 'Settled';
        const { key } = at(`commitment:${idOf(params)}`);
        if (model.settledEver.has(key.toBase58())) throw new Error('INV-2: settled twice');
        model.settledEver.add(key.toBase58());
    },
});

export const expireCommitment = operation<CommitmentParams>({
    name: 'expireCommitment',
    weight: 4,
    isHarmless: isOfSameContract,
    propose: (model, random) => {
        const commitment = pickCommitment(model, random, (one) => isOpen(one) && model.now >= one.deadline);
        return commitment && paramsOf(commitment);
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'expireCommitment',
        accounts: commitmentAccounts(params),
    }),
    refusal: (model, params) => {
        const commitment = findCommitment(model, params);
        if (!commitment) return 'no such commitment';
        const isUnsigned = commitment.state === 'Committed' || (commitment.kind === 1 && isOpen(commitment));
        if (!isUnsigned) return 'not one that expires';
        return model.now <= commitment.deadline ? 'the co-signature may still come' : null;
    },
    apply: (model, params) => {
        const commitment = findCommitment(model, params)!;
        const contract = model.contracts.get(params.contract)!;
        commitment.state = 'Expired';
        contract.openGross -= commitment.gross;
        contract.open -= 1;
        contract.bondFree += commitment.lock;
    },
});

export const closeCommitment = operation<CommitmentParams>({
    name: 'closeCommitment',
    weight: 3,
    propose: (model, random) => {
        const commitment = pickCommitment(model, random, isEnded);
        return commitment && paramsOf(commitment);
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'closeCommitment',
        accounts: { commitment: `commitment:${idOf(params)}`, rentPayer: 'wallet:payer' },
    }),
    free: ['commitment'],
    refusal: (model, params) => {
        const commitment = findCommitment(model, params);
        if (!commitment) return 'no such commitment';
        if (!isEnded(commitment)) return 'not at its end';
        if (commitment.openChallenges > 0) return 'a challenge is open';
        return model.now <= commitment.closableAt ? 'the commit window is open' : null;
    },
    apply: (model, params) => {
        model.commitments.delete(idOf(params));
    },
});
