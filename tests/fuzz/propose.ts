import { challengesEndAt, commitClosesAt, commitOpensAt, endsAt, isAnswerable } from './model/rules.js';
import type { Model } from './model/state.js';
import { PARTIES } from './operations/common.js';
import { OPERATION_BY_NAME, OPERATIONS, SIDE_TOPICS } from './operations/index.js';
import type { Operation } from './operations/types.js';
import type { Random } from './random.js';
import type { Step, WarpParams } from './step.js';
import { type Bend, metasOf } from './wire.js';

const WARP_CHANCE = 0.12;
const BEND_CHANCE = 0.12;
const SLOT_MS = 400;
/** What one walk draws from: side topics are left out of every other one, so that the others go deeper. */
export function drawOperations(random: Random): readonly Operation[] {
    const silent = SIDE_TOPICS.filter(() => random.chance(0.5)).flat();
    const spoken = OPERATIONS.filter((operation) => !silent.includes(operation));
    // As many places as an operation weighs.
    return spoken.flatMap((operation) => new Array<Operation>(operation.weight).fill(operation));
}

/** Moments at which a rule changes its answer. */
function boundaries(model: Model): number[] {
    const moments: number[] = [];
    for (const contract of model.contracts.values()) {
        const next = Math.min(contract.epoch, contract.epochs - 1);
        for (const epoch of [next, Math.min(next + 1, contract.epochs - 1)]) {
            moments.push(commitOpensAt(contract, epoch), commitClosesAt(contract, epoch));
        }
        const end = endsAt(contract);
        moments.push(contract.genesisAt, end, end + contract.params.settleWindowSecs);
    }
    for (const one of model.commitments.values()) {
        moments.push(one.deadline, one.closableAt, challengesEndAt(one));
        if (one.state === 'Seeded') moments.push(one.seededAt + one.params.proveWindowSecs + 1);
    }
    for (const one of model.challenges.values()) {
        if (isAnswerable(one)) moments.push(one.deadline, one.deadline + 1);
    }
    for (const { commitEndsAt, revealEndsAt, genesisAt } of model.lots.values()) {
        moments.push(commitEndsAt, revealEndsAt, genesisAt);
    }
    const { pausedAt, pauseUntil, queued } = model.config;
    moments.push(pauseUntil, 2 * pauseUntil - pausedAt, queued?.readyAt ?? 0);
    for (const { expiresAt } of model.bounties.values()) moments.push(expiresAt);
    for (const { pending, eta } of model.pools.values()) if (pending) moments.push(eta);
    for (const { unbonding, hotExpiresAt } of model.participants.values()) {
        moments.push(...unbonding.flatMap(({ amount, readyAt }) => (amount > 0n ? [readyAt] : [])), hotExpiresAt);
    }
    return moments;
}

/** Slots go on without time to just before, at or after what a seed waits for, or until it is lost. */
function proposeSlots(model: Model, random: Random): number {
    const targets = [...model.commitments.values()].flatMap(({ state, seedTarget }) =>
        state === 'Committed' && seedTarget >= model.slot ? [seedTarget - model.slot] : [],
    );
    if (targets.length > 0 && random.chance(0.7)) return Math.max(0, random.pick(targets) + random.int(-1, 3));
    return random.pick([1, 64, 512, 690, 700, 704, 710]);
}

/** Some seconds; or to the second before, at or after a boundary not far ahead; rarely very far. */
function proposeWarp(model: Model, random: Random): WarpParams {
    if (random.chance(0.25)) return { secs: 0, slots: proposeSlots(model, random) };
    const ahead = boundaries(model).filter((moment) => moment >= model.now && moment < model.now + 700);
    let secs = random.pick([0, 1, 2, 5, 10, 20]);
    if (ahead.length > 0 && random.chance(0.6)) {
        const nearest = ahead.sort((left, right) => left - right).slice(0, 4);
        secs = Math.max(0, random.pick(nearest) + random.int(-1, 1) - model.now);
    } else if (random.chance(0.02)) secs = random.pick([600, 3_600, 86_400, 30 * 86_400]);
    return { secs, slots: Math.floor((secs * 1_000) / SLOT_MS) + 1 };
}

const STRANGERS = ['wallet:x', 'tokens:x', 'tokens:x:other', 'mint:other', 'mint:paid', 'config', 'stakeVault'];
const OTHERS = [
    'token2022',
    'splToken',
    'system',
    'stakeAuthority',
    'marketAuthority',
    'events:market',
    'program:registry',
];

/** Any account that there is, in any other's place. */
function anyAddress(model: Model, random: Random): string {
    const party = random.pick(PARTIES);
    const contract = random.pick([...model.contracts.keys(), 'c0:s0:99']);
    const commitment = random.pick([...model.commitments.keys(), `${contract}:0:0`]);
    return random.pick([
        ...STRANGERS,
        ...OTHERS,
        `participant:${party}`,
        `wallet:${party}`,
        `wallet:${party} hot`,
        `tokens:${party}`,
        `contract:${contract}`,
        `vault:${contract}`,
        `contract:${contract}`,
        `vault:${contract}`,
        `commitment:${commitment}`,
        `challenge:${random.pick([...model.challenges.keys(), `${commitment}:0`])}`,
        `report:${random.pick([...model.reports.keys(), `${commitment}:a0`])}`,
        `pool:${random.pick([...model.pools.keys(), 's0:9'])}`,
        `poolVault:${random.pick([...model.pools.keys(), 's0:9'])}`,
        `status:${random.pick([...model.pools.keys(), 's0:9'])}:${random.int(0, 4)}`,
        `lot:${random.pick([...model.lots.keys(), 'c0:99'])}`,
        `lotVault:${random.pick([...model.lots.keys(), 'c0:99'])}`,
        `bid:${random.pick([...model.bids.keys(), 'c0:99:s0'])}`,
        `bounty:${random.pick([...model.bounties.keys(), 'c0:99'])}`,
        `node:${random.pick(['s0', 's1'])}`,
        `claim:${random.pick(['s0', 's1'])}:${random.int(0, 1)}`,
        `offer:${random.pick(['s0', 's1'])}:${random.int(0, 1)}`,
    ]);
}

function proposeBend(model: Model, random: Random, step: Step): Bend {
    const metas = metasOf(OPERATION_BY_NAME.get(step.op)!.call(step.params));
    const signers = metas.filter(({ signer }) => signer);
    if (signers.length > 0 && random.chance(0.25)) return { kind: 'unsigned', at: random.pick(signers).account };
    const meta = random.pick(metas);
    return { kind: 'swap', at: meta.account, with: alike(meta.address.name, model, random) };
}

/** Mostly an account of the same kind, which only a rule can tell from the right one. */
function alike(name: string, model: Model, random: Random): string {
    const [kind] = name.split(':');
    for (let tries = 0; tries < 12 && random.chance(0.95); tries += 1) {
        const found = anyAddress(model, random);
        if (found.startsWith(`${kind}:`) && found !== name) return found;
    }
    return anyAddress(model, random);
}

/** The next step of a walk. */
export function proposeStep(model: Model, random: Random, operations: readonly Operation[]): Step {
    if (random.chance(WARP_CHANCE)) return { op: 'warp', params: proposeWarp(model, random) };
    for (;;) {
        const operation = random.pick(operations);
        const params = operation.propose(model, random);
        if (params === null) continue;
        const step: Step = { op: operation.name, params };
        // A hostile caller bends what would otherwise be accepted: else the refusal has another reason.
        const isBent = random.chance(BEND_CHANCE) && operation.refusal(model, params) === null;
        return isBent ? { ...step, bend: proposeBend(model, random, step) } : step;
    }
}
