import type { DeliveryKind } from '@ocm/sdk';
import {
    answerEvidence,
    answerInclusion,
    challengeLeaf,
    closeChallenge,
    commitSessions,
    cosignDelivery,
    expireCommitment,
    failCommitment,
    fundContract,
    nowSecs,
    type ProvableCommitment,
    proveEvidence,
    proveInclusion,
    releaseBond,
    seedCommitment,
    settleDelivery,
    testSession,
    travel,
    withdrawPayout,
} from '../support/index.js';
import type { World } from './walk.js';

const KINDS: readonly DeliveryKind[] = [0, 0, 0, 2, 1];
/** Payees of the trade, and the treasury. */
const PLACES = [0, 1, 2, 8];

/** Mostly one of those that fit, where there are any. */
function choose<T>(all: readonly T[], pick: number, fits: (one: T) => boolean): T | undefined {
    const fitting = all.filter(fits);
    const among = pick % 5 === 0 || fitting.length === 0 ? all : fitting;
    return among[pick % Math.max(among.length, 1)];
}

const chooseCommitment = ({ commitments, states }: World, pick: number, wanted: readonly string[]) =>
    choose(commitments, pick, ({ commitment }) => wanted.includes(states.get(commitment.address.toBase58()) ?? ''));
const chooseChallenge = ({ challenges }: World, pick: number) => challenges[pick % Math.max(challenges.length, 1)];
const OPEN = ['committed', 'seeded', 'proven'];
/** Around the ends of windows. */
const WAITS_SECS = [1, 31, 61, 121];

async function commit({ trade, commitments }: World, pick: number, size: number): Promise<void> {
    const kind = KINDS[pick % KINDS.length] ?? 0;
    const { genesisAt, epochLengthSecs, epochCount } = trade.contract;
    // Now and then one that was committed already; else the next, or one that is not yet too late.
    const last = commitments.at(-1)?.commitment.epoch ?? -1;
    const ended = Number(nowSecs(trade.market) - genesisAt) / epochLengthSecs;
    const next = Math.max(last + 1, Math.floor(ended) - 4);
    const epoch = Math.min(pick % 6 === 0 ? Math.max(last, 0) : next, epochCount - 1);
    const sessions = [0, 1, 2].map((place) =>
        testSession(trade, { name: `${epoch} ${kind} ${place}`, bytes: BigInt(1 + size * 80_000), epoch, kind }),
    );
    commitments.push(await commitSessions(trade, { sessions, overrides: { epoch, kind } }));
}

async function seed(world: World, pick: number): Promise<void> {
    const one = chooseCommitment(world, pick, ['committed']);
    if (one !== undefined) world.commitments[world.commitments.indexOf(one)] = await seedCommitment(one);
}

async function prove(one: ProvableCommitment): Promise<void> {
    if (one.commitment.state !== 'seeded') return;
    for (let index = 0; index < one.commitment.samples; index += 1) {
        await proveInclusion(one, index);
        await proveEvidence(one, index);
    }
}

/** Something done with a commitment, mostly with one in a state that allows it. */
const withOne =
    (wanted: readonly string[], run: (one: ProvableCommitment, size: number) => Promise<unknown>) =>
    async (world: World, pick: number, size: number) => {
        const one = chooseCommitment(world, pick, wanted);
        if (one !== undefined) await run(one, size);
    };

/** Half of the time it is due. */
async function fail(one: ProvableCommitment, size: number): Promise<void> {
    if (size % 2 === 0) travel(one.trade.market, one.trade.contract.proveWindowSecs + 1);
    await failCommitment(one);
}

async function challenge(world: World, pick: number, size: number): Promise<void> {
    const of = chooseCommitment(world, pick, OPEN);
    if (of === undefined) return;
    const target = (of.commitment.totalBytes * BigInt(size)) / 1_001n;
    world.challenges.push({ of, challenge: await challengeLeaf(of, world.challenger, target) });
}

/** What a step of a walk can do: with what `pick` chooses, to the extent of `size`; nothing where there is nothing. */
export const ACTIONS = {
    commit,
    seed,
    prove: withOne(['seeded'], prove),
    cosign: withOne(OPEN, (one) => cosignDelivery(one.trade, one.commitment)),
    settle: withOne(['cosignedFinal', 'proven'], (one) => settleDelivery(one.trade, one.commitment)),
    expire: withOne(['committed'], (one) => expireCommitment(one.trade, one.commitment)),
    fail: withOne(['seeded'], fail),
    challenge,
    answer: async (world: World, pick: number) => {
        const one = chooseChallenge(world, pick);
        if (one === undefined) return;
        await answerInclusion(one.of, one.challenge);
        await answerEvidence(one.of, one.challenge, world.trade.seller.owner);
    },
    failChallenged: async (world: World, pick: number, size: number) => {
        const one = chooseChallenge(world, pick);
        if (one === undefined) return;
        if (size % 2 === 0) travel(world.trade.market, one.of.trade.contract.challengeResponseSecs + 1);
        await failCommitment(one.of, one.challenge);
    },
    closeChallenge: async (world: World, pick: number) => {
        const one = chooseChallenge(world, pick);
        if (one === undefined) return;
        await closeChallenge(world.trade, one.challenge);
        world.challenges.splice(world.challenges.indexOf(one), 1);
    },
    withdraw: async ({ trade }: World, pick: number) => {
        await withdrawPayout(trade, PLACES[pick % PLACES.length] ?? 0);
    },
    fund: async ({ trade }: World, _pick: number, size: number) => {
        await fundContract(trade.market, trade.contentProvider, trade.contract, BigInt(size));
    },
    releaseBond: async ({ trade }: World, _pick: number, size: number) => {
        await releaseBond(trade, BigInt(size));
    },
    wait: async ({ trade }: World, _pick: number, size: number) => {
        travel(trade.market, WAITS_SECS[size % WAITS_SECS.length] ?? 1);
    },
} satisfies Record<string, (world: World, pick: number, size: number) => Promise<void>>;

export type Action = keyof typeof ACTIONS;

export const WEIGHTS: Readonly<Record<Action, number>> = {
    commit: 8,
    seed: 4,
    prove: 3,
    cosign: 1,
    settle: 3,
    expire: 1,
    fail: 2,
    challenge: 6,
    answer: 5,
    failChallenged: 2,
    closeChallenge: 4,
    withdraw: 2,
    fund: 1,
    releaseBond: 1,
    wait: 1,
};
