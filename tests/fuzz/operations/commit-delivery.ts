import { emptyRoot } from '@ocm/sdk';
import {
    commitClosesAt,
    commitOpensAt,
    isRunning,
    maxEpochBytes,
    mayAct,
    min,
    SCOPE,
    share,
    spare,
    updateFunding,
} from '../model/rules.js';
import { type TreeSpec, treeOf } from '../model/sessions.js';
import type { Contract, Model, Summary } from '../model/state.js';
import { Pack } from '../pack.js';
import { type CommitmentParams, idOf, partOf, pickContract } from './common.js';
import { proposeTree } from './propose-tree.js';
import { isSummary, packSummary, proposeSummary } from './summary.js';
import { operation } from './types.js';

interface Params extends CommitmentParams {
    readonly bytes: bigint;
    readonly depth: number;
    readonly leafCount: number;
    /** The empty tree's root; else a tree's, or some root that nobody can tell from a tree's. */
    readonly isEmptyRoot: boolean;
    readonly tree: TreeSpec | null;
    readonly summary: Summary;
    readonly by: string;
}

function rootOf({ isEmptyRoot, depth, epoch, tree }: Params): Uint8Array {
    if (tree) return treeOf(tree).root;
    return isEmptyRoot && depth >= 1 && depth <= 20 ? emptyRoot(depth) : new Uint8Array(32).fill(epoch + 1);
}

/** As many as the gross is worth (6.15). */
const samplesOf = (kind: number, bytes: bigint, gross: bigint) =>
    kind === 1 || bytes === 0n ? 0 : gross < 1_000_000n ? 2 : gross < 100_000_000n ? 4 : 8;

const committable = (contract: Contract, now: number) => {
    const due: number[] = [];
    for (let epoch = contract.epoch; epoch < contract.epochs; epoch += 1) {
        if (now >= commitOpensAt(contract, epoch) && now <= commitClosesAt(contract, epoch)) due.push(epoch);
    }
    return due;
};

function refusal(model: Model, params: Params): string | null {
    const { epoch, kind, bytes, depth, leafCount, isEmptyRoot, summary } = params;
    const contract = model.contracts.get(params.contract);
    if (!contract) return 'no such contract';
    if (!mayAct(model, contract.seller, params.by, SCOPE.commit)) return 'not authorized';
    if (model.participants.get(contract.seller)!.jailed) return 'jailed';
    if (kind > 2) return 'an unknown kind';
    if (depth < 1 || depth > 20 || leafCount > 4 * 2 ** depth) return 'a tree that cannot be';
    if (bytes === 0n ? leafCount > 0 || !isEmptyRoot : leafCount === 0) return 'an empty tree that is not';
    if (!isSummary(summary)) return 'more than all';
    if (epoch >= contract.epochs) return 'no such epoch';
    if (model.now < commitOpensAt(contract, epoch)) return 'too early';
    if (model.now > commitClosesAt(contract, epoch)) return 'too late';
    if (!isRunning(contract) && contract.state !== 'Closing') return 'not in force';
    if (epoch < contract.epoch) return 'out of order';
    const isNew = epoch > contract.epoch;
    if (!isNew && (contract.kinds >> kind) & 1) return 'committed already';
    if ((isNew ? 0n : contract.epochBytes) + bytes > maxEpochBytes(contract)) return 'above the cap';
    return terms(contract, params).lock > contract.bondFree ? 'the bond is too small' : null;
}

/** Gross and lock, fixed at the commitment (6.7). */
function terms(contract: Contract, { kind, bytes }: Params) {
    const gross = min((bytes * contract.offer.prices[kind]!) / 1_000_000_000n, spare(contract));
    return { gross, lock: kind === 1 ? 0n : share(gross, contract.params.slashMultiplierBasisPoints) };
}

export const commitDelivery = operation<Params>({
    name: 'commitDelivery',
    weight: 16,
    propose: (model, random) => {
        const contract = pickContract(model, random, (one) => committable(one, model.now).length > 0);
        if (!contract) return null;
        const due = committable(contract, model.now);
        const epoch =
            due.length > 0 && random.chance(0.95)
                ? due[random.chance(0.8) ? 0 : due.length - 1]!
                : random.int(0, contract.epochs);
        const used = epoch === contract.epoch ? contract.epochBytes : 0n;
        const left = maxEpochBytes(contract) - used;
        const isEmpty = random.chance(0.1);
        // Mostly what the bond can stand behind, whatever the kind.
        const covered = (contract.bondFree * 500_000_000n) / contract.offer.prices[2];
        const limit = random.chance(0.7) ? min(left, covered) : left;
        const bytes = isEmpty ? 0n : random.chance(0.7) ? random.upTo(limit) : random.amount(limit);
        const { seller } = contract;
        const signers = [
            `wallet:${model.participants.get(seller)!.hotKey}`,
            `wallet:${seller}`,
            `wallet:${contract.buyer}`,
            `wallet:${seller} hot`,
            'wallet:x',
        ];
        const fresh = [0, 1, 2].filter((kind) => epoch !== contract.epoch || !((contract.kinds >> kind) & 1));
        const kind = random.chance(0.93) && fresh.length > 0 ? random.pick(fresh) : random.int(0, 3);
        const tree = random.chance(0.95) ? proposeTree(random, contract, { epoch, kind, bytes }) : null;
        const leaves = bytes === 0n ? (random.chance(0.05) ? 1 : 0) : random.pick([1, 8, 32, 32, 2, 33]);
        return {
            contract: contract.id,
            epoch,
            kind,
            bytes,
            tree,
            depth: tree ? treeOf(tree).depth : random.chance(0.9) ? 3 : random.pick([0, 1, 20, 21]),
            leafCount: tree?.sessions ?? leaves,
            isEmptyRoot: !tree && random.chance(bytes === 0n ? 0.95 : 0.3),
            summary: proposeSummary(random),
            by: random.chance(0.93) ? random.pick(signers.slice(0, 2)) : random.pick(signers),
        };
    },
    call: (params) => {
        const { contract, epoch, kind, depth, leafCount, bytes, summary, by } = params;
        const args = new Pack().u32(epoch).u8(kind).raw(rootOf(params)).u8(depth).u32(leafCount).u64(bytes);
        args.raw(new Uint8Array(32));
        return {
            program: 'settlement',
            instruction: 'commitDelivery',
            accounts: {
                contract: `contract:${contract}`,
                vault: `vault:${contract}`,
                seller: `participant:${partOf(contract).seller}`,
                commitment: `commitment:${idOf(params)}`,
                authority: by,
            },
            args: packSummary(args, summary).done(),
        };
    },
    free: ['payer', 'authority'],
    refusal,
    apply: (model, params) => {
        const { epoch, kind, bytes, summary } = params;
        const contract = model.contracts.get(params.contract)!;
        const { gross, lock } = terms(contract, params);
        if (epoch > contract.epoch) [contract.kinds, contract.epochBytes] = [0, 0n];
        contract.epoch = epoch;
        contract.kinds |= 1 << kind;
        contract.epochBytes += bytes;
        contract.openGross += gross;
        contract.open += 1;
        contract.bondFree -= lock;
        updateFunding(contract, model.now);
        const closableAt = commitClosesAt(contract, epoch);
        const deadline = model.now + contract.params.cosignWindowSecs;
        const state = bytes === 0n ? 'Proven' : 'Committed';
        const samples = samplesOf(kind, bytes, gross);
        model.commitments.set(idOf(params), {
            contract: params.contract,
            epoch,
            kind,
            bytes,
            root: rootOf(params),
            tree: params.tree,
            params: contract.params,
            summary,
            gross,
            lock,
            committedAt: model.now,
            deadline,
            closableAt,
            state,
            samples,
            seedTarget: model.slot + contract.params.seedDelaySlots,
            ...unsampled(),
        });
    },
});

const unsampled = () => ({
    slaSource: 0 as const,
    rearms: 0,
    seed: new Uint8Array(32),
    seededAt: 0,
    included: new Array<Uint8Array | null>(8).fill(null),
    evidenced: 0,
    openChallenges: 0,
    freeChallenges: 0,
    challengeCount: 0,
    reportCount: 0,
    failReason: 0,
});
