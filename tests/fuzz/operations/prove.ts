import { type Session, type TreeSpec, treeOf } from '../model/sessions.js';
import { sampleTarget } from '../model/slots.js';
import type { Commitment, Model } from '../model/state.js';
import { Pack } from '../pack.js';
import type { Random } from '../random.js';
import { type CommitmentParams, findCommitment, idOf, paramsOf, partOf, pickCommitment } from './common.js';
import { LAYOUTS, type Layout, signedBefore } from './ed25519.js';
import { operation } from './types.js';

/** How a proof of inclusion is spoilt. */
export const TAMPERS = ['none', 'leaf', 'path', 'longer'] as const;
export type Tamper = (typeof TAMPERS)[number];

/** A leaf shown for some byte of a commitment. */
export interface Shown extends CommitmentParams {
    readonly tree: TreeSpec;
    /** Place of the session in the tree. */
    readonly session: number;
}

export const sessionOf = ({ tree, session }: Shown): Session => treeOf(tree).sessions[session]!;
const sameKey = (left: { key: Uint8Array }, right: { key: Uint8Array }) => Buffer.compare(left.key, right.key) === 0;

/** Leaf, other entries and path, as the instructions take them. */
export function inclusionArgs(pack: Pack, params: Shown, tamper: Tamper): Pack {
    const { leaf, key } = sessionOf(params);
    const { others, path } = treeOf(params.tree).prove(key);
    const [shown, way] = [Uint8Array.from(leaf), Uint8Array.from(path)];
    if (tamper === 'leaf') shown[111]! ^= 1;
    if (tamper === 'path') way[0]! ^= 1;
    const longer = tamper === 'longer' ? 40 : 0;
    pack.raw(shown).u32(others.length).raw(others);
    return pack
        .u32(way.length + longer)
        .raw(way)
        .raw(new Uint8Array(longer));
}

/** Whether the leaf is the one of the committed tree that covers the byte. */
export function covers(commitment: Commitment, params: Shown, target: bigint, tamper: Tamper): boolean {
    if (tamper !== 'none' || !commitment.tree) return false;
    const tree = treeOf(params.tree);
    const isSame = Buffer.compare(tree.root, commitment.root) === 0 && params.tree.bytes === commitment.bytes;
    return isSame && sameKey(tree.find(target), sessionOf(params));
}

/** The session that covers a byte, mostly. */
export function pickSession(random: Random, tree: TreeSpec, target: bigint): number {
    if (random.chance(0.06)) return random.int(0, tree.sessions - 1);
    const { sessions, find } = treeOf(tree);
    const found = find(target % tree.bytes);
    return sessions.findIndex((session) => sameKey(session, found));
}

interface InclusionParams extends Shown {
    readonly index: number;
    readonly tamper: Tamper;
}

const isProvable = ({ state, tree }: Commitment) => state === 'Seeded' && tree !== null;
const targetOf = ({ seed, bytes }: Commitment, index: number) => sampleTarget(seed, index, bytes);

/** A sample that lacks something, and the session to show for it. */
function proposeSample(model: Model, random: Random, lacks: (commitment: Commitment, index: number) => boolean) {
    const samplesOf = ({ samples }: Commitment) => Array.from({ length: samples }, (_, index) => index);
    const isFit = (one: Commitment) => isProvable(one) && samplesOf(one).some((index) => lacks(one, index));
    const commitment = pickCommitment(model, random, isFit);
    if (!commitment?.tree) return null;
    const missing = samplesOf(commitment).filter((index) => lacks(commitment, index));
    const index = missing.length > 0 && random.chance(0.95) ? random.pick(missing) : random.int(0, 8);
    const session = pickSession(random, commitment.tree, targetOf(commitment, index));
    return { ...paramsOf(commitment), tree: commitment.tree, index, session };
}

export const proveInclusion = operation<InclusionParams>({
    name: 'proveInclusion',
    weight: 10,
    propose: (model, random) => {
        const sample = proposeSample(model, random, ({ included }, index) => included[index] === null);
        return sample && { ...sample, tamper: random.chance(0.94) ? 'none' : random.pick(TAMPERS) };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'proveInclusion',
        accounts: { commitment: `commitment:${idOf(params)}` },
        args: inclusionArgs(new Pack().u8(params.index), params, params.tamper).done(),
    }),
    refusal: (model, params) => {
        const commitment = findCommitment(model, params);
        if (!commitment) return 'no such commitment';
        if (commitment.state !== 'Seeded') return 'not seeded';
        if (params.index >= commitment.samples) return 'no such sample';
        const target = targetOf(commitment, params.index);
        return covers(commitment, params, target, params.tamper) ? null : 'not the leaf of that byte';
    },
    apply: (model, params) => {
        findCommitment(model, params)!.included[params.index] = sessionOf(params).leafHash;
    },
});

/** Nodes of the seller stand in tokens; another's proves nothing. */
export const nodeOf = (contract: string) => `node:${partOf(contract).seller}`;

export const proposeLayout = (random: Random): Layout => (random.chance(0.9) ? 'good' : random.pick(LAYOUTS));

interface EvidenceParams extends Shown {
    readonly index: number;
    readonly layout: Layout;
}

export const proveEvidence = operation<EvidenceParams>({
    name: 'proveEvidence',
    weight: 14,
    propose: (model, random) => {
        const lacks = ({ included, evidenced }: Commitment, index: number) =>
            included[index] !== null && !((evidenced >> index) & 1);
        const sample = proposeSample(model, random, lacks);
        return sample && { ...sample, layout: proposeLayout(random) };
    },
    call: (params) => ({
        program: 'settlement',
        instruction: 'proveEvidence',
        accounts: {
            contract: `contract:${params.contract}`,
            commitment: `commitment:${idOf(params)}`,
            node: nodeOf(params.contract),
        },
        before: signedBefore(sessionOf(params).evidence(), params.layout),
        args: new Pack().u8(params.index).raw(sessionOf(params).leaf).done(),
    }),
    refusal: (model, params) => {
        const commitment = findCommitment(model, params);
        if (!commitment) return 'no such commitment';
        if (commitment.state !== 'Seeded') return 'not seeded';
        const proved = params.index < commitment.samples ? commitment.included[params.index] : null;
        if (!proved) return 'no leaf proved for it';
        return evidenceRefusal(params, proved, params.layout);
    },
    apply: (model, params) => {
        const commitment = findCommitment(model, params)!;
        commitment.evidenced |= 1 << params.index;
        if (commitment.evidenced === 2 ** commitment.samples - 1) commitment.state = 'Proven';
    },
});

/** What both proofs of evidence ask for. */
export function evidenceRefusal(params: Shown, proved: Uint8Array, layout: Layout): string | null {
    const session = sessionOf(params);
    if (Buffer.compare(session.leafHash, proved) !== 0) return 'another leaf was proved';
    if (layout !== 'good') return `signatures: ${layout}`;
    return session.isGood ? null : `evidence: ${params.tree.flaw}`;
}
