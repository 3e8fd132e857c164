import { makeTrouble } from './faults.js';
import { type FaultKind, History, type VictimKind } from './history.js';
import { judgeRound, type RoundReport } from './judge.js';
import { type KillBudget, killAgainAndAgain } from './killer.js';
import type { Terms } from './market.js';
import type { Random } from './random.js';
import type { SessionTally } from './session-tally.js';
import { watchStream } from './viewer.js';
import { until, untilCommitted, untilDelivered, untilSettled } from './waits.js';
import { createWorld, type World } from './world.js';

const VIEWERS_PER_RELAY = 2;

export type RoundInput = {
    label: string;
    random: Random;
    victims: readonly VictimKind[];
    faults: readonly FaultKind[];
    budget: KillBudget;
    terms: Terms;
    longestPeaceMs: number;
};

/** Contracts in a row, delivered, committed, settled and indexed by processes that are killed again and again. */
export async function runRound(input: RoundInput): Promise<RoundReport> {
    const history = new History(input.label);
    const world = await createWorld({ ...input, history });
    const tallies: SessionTally[] = [];
    const stopped = { viewers: new AbortController(), harm: new AbortController() };
    const harm = startHarm(world, input, stopped.harm.signal);
    const viewers = seatViewers(world, input.random, tallies, stopped.viewers.signal);
    const makePeace = async () => {
        stopped.harm.abort();
        await Promise.all([...harm.killers, harm.trouble]);
        await heal(world);
    };
    let report: RoundReport | undefined;
    try {
        await untilDelivered(world, () => harm.isOver());
        // Where so much was killed that nobody was served, nothing would have been shown: peace comes first.
        if (harm.isOver()) {
            await makePeace();
            await untilDelivered(world, () => tallies.some(({ heldSeq }) => heldSeq > 0));
        }
        stopped.viewers.abort();
        await Promise.all(viewers);
        // Without further kills a wrong clock would stay wrong, and its node's epochs open.
        await Promise.race([untilCommitted(world, tallies), Promise.all(harm.killers)]);
        await makePeace();
        await untilSettled(world, tallies);
        report = await judgeRound(world, tallies);
        return report;
    } catch (error) {
        throw new Error(`${error instanceof Error ? error.message : error}\n${history.describe()}\n${world.folder}`);
    } finally {
        stopped.viewers.abort();
        stopped.harm.abort();
        await Promise.all([...harm.killers, harm.trouble, ...viewers]);
        await world.dispose({ keepFolder: report === undefined || history.violations.length > 0 });
    }
}

function startHarm({ processes, trouble, history }: World, input: RoundInput, signal: AbortSignal) {
    const mortal = processes.filter(({ spec }) => spec.kind !== undefined);
    const killers = input.victims.map((kind) =>
        killAgainAndAgain({
            kind,
            victims: mortal.filter(({ spec }) => spec.kind === kind),
            budget: input.budget,
            random: input.random.fork(kind),
            history,
            longestPeaceMs: input.longestPeaceMs,
            signal,
        }),
    );
    const random = input.random.fork('faults');
    const made = makeTrouble({ kinds: input.faults, processes: mortal, trouble, random, history, signal });
    let isOver = false;
    void Promise.all(killers).then(() => {
        isOver = true;
    });
    return { killers, trouble: made, isOver: () => isOver };
}

function seatViewers(world: World, random: Random, tallies: SessionTally[], signal: AbortSignal): Promise<void>[] {
    const { chain, ports, objects, history } = world;
    return chain.relays.flatMap(({ name: relay, viewers }) =>
        Array.from({ length: VIEWERS_PER_RELAY }, (_, place) => {
            const name = `viewer ${place} of ${relay}`;
            return watchStream({
                name,
                address: `${viewers}.${place + 1}`,
                routerUrl: `http://127.0.0.1:${ports.cast}`,
                providerUrl: `http://127.0.0.1:${ports.provider}`,
                objects,
                random: random.fork(name),
                history,
                nowMs: chain.nowMs,
                tallies,
                signal,
            });
        }),
    );
}

/** Ends all trouble, full disks and wrong clocks too; everything comes back by itself then, or it is a defect. */
async function heal({ processes, trouble, history, ports }: World): Promise<void> {
    trouble.end();
    for (const worker of processes) {
        worker.nextClockStepMs = 0;
        if (worker.hasClockStep && (await worker.kill())) worker.start();
        if (worker.isAlive) await worker.limitFiles(false);
    }
    await until('all processes serve again', async () => {
        const asked = processes.map(({ spec }) => fetch(`http://127.0.0.1:${ports[spec.name]}/healthz`));
        return (await Promise.allSettled(asked)).every(({ status }) => status === 'fulfilled');
    });
    history.tell('all is healed');
}
