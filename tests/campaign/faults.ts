import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind, History } from './history.js';
import type { Random } from './random.js';
import type { Trouble } from './trouble.js';
import type { WorkerProcess } from './worker-process.js';

const PAUSE_MS = { least: 500, most: 4_000 };
const LASTS_MS = { least: 400, most: 3_500 };
/** A little, more than a viewer's proof may differ, and as after a battery was empty. */
const CLOCK_STEPS_MS = [2_000, 20_000, 3_600_000];

export type FaultsInput = {
    kinds: readonly FaultKind[];
    processes: readonly WorkerProcess[];
    trouble: Trouble;
    random: Random;
    history: History;
    signal: AbortSignal;
};

/** Troubles that are drawn come one after another, beside the kills, until the round is over. */
export async function makeTrouble(input: FaultsInput): Promise<void> {
    const { kinds, random, signal } = input;
    if (kinds.length === 0) return;
    while (!signal.aborted) {
        await pause(random.between(PAUSE_MS.least, PAUSE_MS.most), signal);
        if (signal.aborted) return;
        await make(random.pick(kinds), random.between(LASTS_MS.least, LASTS_MS.most), input);
    }
}

async function make(kind: FaultKind, forMs: number, input: FaultsInput): Promise<void> {
    const { trouble, random, history, processes, signal } = input;
    const detail = `${forMs} ms`;
    switch (kind) {
        case 'outage':
        case 'rate-limit':
            trouble.troubleRpc(kind === 'outage' ? 'outage' : 'limited', forMs);
            return history.faulted(kind, detail);
        case 'slow-origin': {
            const how = random.pick(['trickle', 'hang'] as const);
            trouble.troubleOrigin(how, forMs);
            return history.faulted(kind, `${how} ${detail}`);
        }
        case 'clock': {
            const victim = random.pick(processes);
            const stepMs = random.pick(CLOCK_STEPS_MS) * random.pick([1, -1]);
            victim.nextClockStepMs = stepMs;
            return history.faulted(kind, `${stepMs} ms in the next life of ${victim.spec.name}`);
        }
        case 'disk-full':
            return fillDisk(random.pick(processes), forMs, history, signal);
    }
}

async function fillDisk(victim: WorkerProcess, forMs: number, history: History, signal: AbortSignal): Promise<void> {
    const { pid } = victim;
    if (!victim.isAlive || !(await victim.limitFiles(true))) return;
    history.faulted('disk-full', `${victim.spec.name} ${forMs} ms`);
    await pause(forMs, signal);
    // Another life of it has the whole disk again.
    if (victim.pid === pid && victim.isAlive) await victim.limitFiles(false);
}

const pause = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal }).catch(() => undefined);
