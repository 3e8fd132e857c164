import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { History, VictimKind } from './history.js';

const CLOCK = new URL('./shifted-clock.mjs', import.meta.url).href;

export type WorkerSpec = {
    name: string;
    /** Undefined: is never killed. */
    kind: VictimKind | undefined;
    worker: string;
    config: object;
};
export type WorkerPlace = {
    folder: string;
    /** Milliseconds from the machine's clock to that of the chain. */
    clockMs: number;
    history: History;
};

/** Starts a worker with its configuration; its wall clock is that of the chain, and wrong by `clockStepMs`. */
export function launchWorker(spec: WorkerSpec, place: WorkerPlace, dataDir: string, clockStepMs: number): ChildProcess {
    const configPath = join(place.folder, `${spec.name}.json`);
    writeFileSync(configPath, JSON.stringify({ dataDir, ...spec.config }), { mode: 0o600 });
    const shiftMs = `${place.clockMs + clockStepMs}`;
    return spawn(process.execPath, [entryOf(spec.worker), '--config', configPath], {
        // The channel is a leash: however the campaign ends, its workers end with it.
        stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
        env: { ...process.env, NODE_OPTIONS: `--import ${CLOCK}`, OCM_CAMPAIGN_CLOCK_MS: shiftMs },
    });
}

/** A long campaign bundles the workers before: they start in half the time, and that is most of what it costs. */
function entryOf(worker: string): string {
    const isBundled = process.env.OCM_CAMPAIGN_BUNDLED === '1' && worker !== 'origin';
    const file = isBundled ? 'bundled.mjs' : 'main.js';
    return fileURLToPath(new URL(`../../workers/${worker}/dist/${file}`, import.meta.url));
}
