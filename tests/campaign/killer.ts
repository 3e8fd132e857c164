import { setTimeout as sleep } from 'node:timers/promises';
import type { History, VictimKind } from './history.js';
import { describeMoment, drawMoment, type Moment } from './moments.js';
import type { Random } from './random.js';
import type { WorkerProcess } from './worker-process.js';

/** A named moment that does not come: the life is ended anyway. */
const LONGEST_WAIT_MS = 4_000;
/** A process that does not serve by then is killed as it is. */
const LONGEST_BOOT_MS = 45_000;
/** On a slow machine lives are longer, by what it takes to begin one. */
const PEACE_IN_BOOTS = 2;
const LONGEST_PAUSE_MS = 500;
/** One of so many victims stays dead for longer. */
const LONG_PAUSE_ONE_IN = 10;
const LONG_PAUSE_MS = 3_000;

/** How many kills are left of each kind: each life takes one, and gives it back when nothing was killed. */
export type KillBudget = { take(kind: VictimKind): boolean; giveBack(kind: VictimKind): void };
export type KillerInput = {
    kind: VictimKind;
    victims: readonly WorkerProcess[];
    budget: KillBudget;
    random: Random;
    history: History;
    /** A life goes on for as long as this undisturbed before its moment is waited for: a market that is only ever down shows little. */
    longestPeaceMs: number;
    signal: AbortSignal;
};

/** Kills processes of one kind one after another, each at a moment that is drawn, until the budget or the round is over. */
export async function killAgainAndAgain(input: KillerInput): Promise<void> {
    const { kind, victims, budget, random, history, longestPeaceMs, signal } = input;
    while (!signal.aborted && budget.take(kind)) {
        const victim = random.pick(victims);
        const moment = drawMoment(random, kind);
        const pauseMs = random.onceIn(LONG_PAUSE_ONE_IN) ? LONG_PAUSE_MS : random.between(0, LONGEST_PAUSE_MS);
        const peace = random.between(0, longestPeaceMs) / longestPeaceMs;
        const peaceOf = () => peace * Math.max(longestPeaceMs, PEACE_IN_BOOTS * victim.bootMs);
        const came = await untilMoment(victim, moment, peaceOf, signal);
        // What died in the moment in which the round ended is dead all the same, and comes back.
        if ((signal.aborted && !victim.isStruck) || !(await victim.kill())) {
            budget.giveBack(kind);
            await sleep(50);
            continue;
        }
        history.killed(kind, victim.spec.name, came ? describeMoment(moment) : `time (no ${describeMoment(moment)})`);
        await sleep(pauseMs);
        victim.start();
    }
}

/** False if the moment did not come in time. */
async function untilMoment(
    victim: WorkerProcess,
    moment: Moment,
    peaceOf: () => number,
    signal: AbortSignal,
): Promise<boolean> {
    if (!victim.isAlive) await once(victim, 'spawn', 1, LONGEST_BOOT_MS, signal);
    if (moment.at !== 'boot') {
        if (!victim.isReady) await once(victim, 'ready', 1, LONGEST_BOOT_MS, signal);
        await once(victim, 'exit', 1, peaceOf(), signal);
    }
    if ('delayMs' in moment) {
        await once(victim, 'exit', 1, moment.delayMs, signal);
        return true;
    }
    const { at, count } = moment;
    if (at === 'lost' || at === 'late' || at === 'between') return untilTransaction(victim, at, count, signal);
    return once(victim, at, count, LONGEST_WAIT_MS, signal);
}

/** Whether an event came so many times within a time; an end of the process or of the round ends the waiting. */
function once(victim: WorkerProcess, event: string, count: number, withinMs: number, signal: AbortSignal) {
    return new Promise<boolean>((resolve) => {
        let left = count;
        const end = (came: boolean) => {
            clearTimeout(timer);
            victim.off(event, hear).off('exit', onEnd);
            signal.removeEventListener('abort', onEnd);
            resolve(came);
        };
        const hear = () => {
            left -= 1;
            if (left === 0) end(true);
        };
        const onEnd = () => end(false);
        const timer = setTimeout(onEnd, withinMs);
        victim.on(event, hear);
        if (event !== 'exit') victim.on('exit', onEnd);
        signal.addEventListener('abort', onEnd, { once: true });
    });
}

/** The process dies in the very moment, not when somebody has awaited it: nothing of it may come later. */
async function untilTransaction(
    victim: WorkerProcess,
    at: 'lost' | 'late' | 'between',
    count: number,
    signal: AbortSignal,
): Promise<boolean> {
    let left = count;
    let came = false;
    const die = () => {
        came = true;
        victim.onTransaction = undefined;
        victim.strike();
    };
    victim.onTransaction = {
        before() {
            left -= 1;
            if (left > 0 || at === 'between') return 'pass';
            die();
            return at === 'lost' ? 'drop' : 'hold';
        },
        after() {
            if (left <= 0 && at === 'between') die();
        },
    };
    await once(victim, 'struck', 1, LONGEST_WAIT_MS, signal);
    victim.onTransaction = undefined;
    return came;
}
