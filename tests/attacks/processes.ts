import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nowSecs, type TestCluster } from '../support/index.js';

export type WorkerName = 'node' | 'provider' | 'committer' | 'watcher';
const mainOf = (worker: WorkerName) => fileURLToPath(new URL(`../../workers/${worker}/dist/main.js`, import.meta.url));
const CLOCK = new URL('shifted-clock.mjs', import.meta.url).href;
const READY_MS = 30_000;

/** The workers run as built; `npx tsc -b` makes them. */
export const areWorkersBuilt = (['node', 'provider', 'committer', 'watcher'] as const).every((worker) =>
    existsSync(mainOf(worker)),
);

export interface Worker {
    /** Where it listens. */
    readonly url: string;
    /** What it has printed. */
    told(): string;
    /** Sets its clock to that of the cluster. */
    syncClock(): Promise<void>;
    stop(): Promise<void>;
}

const shiftOf = (market: TestCluster) => Number(nowSecs(market)) * 1_000 - Date.now();

/** Starts a worker as a process of its own, at the time of the cluster, and waits until it says where it listens. */
export async function startWorker(
    market: TestCluster,
    worker: WorkerName,
    folder: string,
    config: Record<string, unknown>,
): Promise<Worker> {
    const path = join(folder, `${worker}.json`);
    await writeFile(path, JSON.stringify({ ...config, dataDir: join(folder, worker) }), { mode: 0o600 });
    const child = spawn(process.execPath, ['--import', CLOCK, mainOf(worker), '--config', path], {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: { ...process.env, LOG_LEVEL: 'info', OCM_TEST_CLOCK_SHIFT_MS: String(shiftOf(market)) },
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (chunk: Buffer) => {
            text += chunk.toString('utf8');
        });
    const ended = once(child, 'exit');
    const stop = () => end(child, ended);
    const urlOf = () => /"url":"(http:[^"]+)"/.exec(text)?.[1];
    for (const deadline = Date.now() + READY_MS; urlOf() === undefined; ) {
        if (child.exitCode !== null || Date.now() > deadline) {
            await stop();
            throw new Error(`${worker} did not start: ${text}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return {
        url: urlOf() ?? '',
        told: () => text,
        async syncClock() {
            const set = once(child, 'message');
            child.send(shiftOf(market));
            await set;
        },
        stop,
    };
}

async function end(child: ChildProcess, ended: Promise<unknown>): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await ended;
}

/** With `pauseMs` the body comes in pieces of 64 KiB with pauses between, as a live stream does. */
export type Answer = { status: number; body: string | Buffer; pauseMs?: number };
const PIECE_BYTES = 64 * 1024;

/** A server of the test: the origin, or an attacker's. */
export async function serve(answer: (path: string) => Answer | Promise<Answer>) {
    const server = createServer(async (request, response) => {
        const { status, body, pauseMs } = await answer(request.url ?? '/');
        const type = typeof body === 'string' ? 'application/json' : 'video/mp4';
        response.writeHead(status, {
            'content-type': type,
            'content-length': Buffer.byteLength(body),
            'cache-control': 'max-age=600',
        });
        if (pauseMs !== undefined)
            for (let from = 0; from < body.length - PIECE_BYTES; from += PIECE_BYTES) {
                response.write(body.slice(from, from + PIECE_BYTES));
                await new Promise((resolve) => setTimeout(resolve, pauseMs));
            }
        response.end(pauseMs === undefined ? body : body.slice(-PIECE_BYTES));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
            new Promise<void>((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}
export type TestServer = Awaited<ReturnType<typeof serve>>;
