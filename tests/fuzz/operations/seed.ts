import { computeSeed, seedHash } from '../model/slots.js';
import type { Commitment, Model } from '../model/state.js';
import type { Random } from '../random.js';
import { type CommitmentParams, findCommitment, idOf, isOfSameContract, paramsOf, pickCommitment } from './common.js';
import { operation } from './types.js';

const MAX_REARMS = 3;
const isSeedable = ({ state, kind }: Commitment) => state === 'Committed' && kind !== 1;

/** Another account in the sysvar's place: refused whatever it says. */
interface Params extends CommitmentParams {
    readonly slotHashes: string;
}

function proposeFor(fits: (model: Model, commitment: Commitment) => boolean) {
    return (model: Model, random: Random): Params | null => {
        const isFit = (one: Commitment) => isSeedable(one) && fits(model, one);
        const commitment = pickCommitment(model, random, random.chance(0.9) ? isFit : isSeedable);
        const slotHashes = random.chance(0.95) ? 'slotHashes' : random.pick(['instructions', 'wallet:x', 'system']);
        return commitment && { ...paramsOf(commitment), slotHashes };
    };
}

const seen = (model: Model, commitment: Commitment) => seedHash(model.slot, commitment.seedTarget);

export const seedCommitment = operation<Params>({
    name: 'seedCommitment',
    weight: 8,
    propose: proposeFor((model, commitment) => typeof seen(model, commitment) !== 'string'),
    call: (params) => ({
        program: 'settlement',
        instruction: 'seedCommitment',
        accounts: { commitment: `commitment:${idOf(params)}`, slotHashes: params.slotHashes },
    }),
    free: ['commitment'],
    refusal: (model, params) => {
        const commitment = findCommitment(model, params);
        if (!commitment) return 'no such commitment';
        if (params.slotHashes !== 'slotHashes') return 'another account in the place of the sysvar';
        if (!isSeedable(commitment)) return 'not one that waits for a seed';
        const hash = seen(model, commitment);
        return typeof hash === 'string' ? hash : null;
    },
    apply: (model, params) => {
        const commitment = findCommitment(model, params)!;
        const hash = seen(model, commitment) as Uint8Array;
        commitment.seed = computeSeed(hash, `commitment:${idOf(params)}`, commitment.root);
        commitment.seededAt = model.now;
        commitment.state = 'Seeded';
    },
});

export const rearmSeed = operation<Params>({
    name: 'rearmSeed',
    weight: 2,
    propose: proposeFor((model, commitment) => seen(model, commitment) === 'missed'),
    call: (params) => ({
        program: 'settlement',
        instruction: 'rearmSeed',
        accounts: {
            contract: `contract:${params.contract}`,
            commitment: `commitment:${idOf(params)}`,
            slotHashes: params.slotHashes,
        },
    }),
    isHarmless: isOfSameContract,
    refusal: (model, params) => {
        const commitment = findCommitment(model, params);
        if (!commitment) return 'no such commitment';
        if (params.slotHashes !== 'slotHashes') return 'another account in the place of the sysvar';
        if (!isSeedable(commitment)) return 'not one that waits for a seed';
        if (seen(model, commitment) !== 'missed') return 'not missed';
        return commitment.rearms >= MAX_REARMS ? 'missed too often' : null;
    },
    apply: (model, params) => {
        const commitment = findCommitment(model, params)!;
        commitment.rearms += 1;
        commitment.samples = Math.min(8, 2 * commitment.samples);
        commitment.seedTarget = model.slot + commitment.params.seedDelaySlots;
    },
});
