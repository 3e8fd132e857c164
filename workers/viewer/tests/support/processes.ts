import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFreePort } from '@ocm/runtime';

const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const START_TIMEOUT_MS = 40_000;

/** Builds what the processes under test run; does nothing where it is up to date. */
export async function buildWorkers(): Promise<void> {
    const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
    await promisify(execFile)(process.execPath, [compiler, '-b', 'workers/viewer', 'workers/origin', 'workers/node'], {
        cwd: ROOT,
    });
}

export type Finished = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };
export type WorkerProcess = { child: ChildProcess; finished: Promise<Finished> };

/** Starts `workers/<name>/dist/main.js` with a config, and with a clock that is not set where `clockAheadMs` says so. */
export async function startWorker(
    name: string,
    config: object,
    dir: string,
    { clockAheadMs = 0 } = {},
): Promise<WorkerProcess> {
    const path = join(dir, `${name}.json`);
    await writeFile(path, JSON.stringify(config));
    const shift = `const { now } = Date; Date.now = () => now() + ${clockAheadMs};`;
    const clock = clockAheadMs === 0 ? [] : ['--import', `data:text/javascript,${encodeURIComponent(shift)}`];
    const main = join(ROOT, `workers/${name}/dist/main.js`);
    const child = spawn(process.execPath, [...clock, main, '--config', path], {
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => (output.stdout += chunk));
    child.stderr.on('data', (chunk) => (output.stderr += chunk));
    const finished = once(child, 'close').then(([code, signal]) => ({ code, signal, ...output }));
    return { child, finished };
}

export type RunningOrigin = { url: string; requests(): Promise<Record<string, number>>; stop(): Promise<void> };

/** The real origin with the demo clip, as a process of its own. */
export async function startOrigin(dir: string, port?: number): Promise<RunningOrigin> {
    const chosen = port ?? (await findFreePort());
    const { child, finished } = await startWorker('origin', { listen: { port: chosen } }, dir);
    const url = `http://127.0.0.1:${chosen}`;
    await untilServing({ child, finished }, `${url}/healthz`);
    return {
        url,
        requests: async () => {
            const response = await fetch(`${url}/.well-known/origin/status`);
            return ((await response.json()) as { requests: Record<string, number> }).requests;
        },
        stop: async () => {
            child.kill('SIGTERM');
            await finished;
        },
    };
}

/** Waits until a process that was just started answers 200. */
export async function untilServing({ child, finished }: WorkerProcess, url: string): Promise<void> {
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await answers(url))) {
        if (child.exitCode !== null) throw new Error(`it ended before it served: ${(await finished).stderr}`);
        if (Date.now() > deadline) throw new Error(`nothing serves at ${url}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
}

export async function makeTempDir(): Promise<{ dir: string; remove(): Promise<void> }> {
    const dir = await mkdtemp(join(tmpdir(), 'ocm-viewer-'));
    return { dir, remove: () => rm(dir, { recursive: true, force: true }) };
}

async function answers(url: string): Promise<boolean> {
    return fetch(url).then(
        (response) => response.ok,
        () => false,
    );
}
