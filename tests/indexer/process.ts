import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@ocm/runtime';
import type { IndexerStatus } from '@ocm/sdk/http';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = fileURLToPath(new URL('../../workers/indexer/dist/main.js', import.meta.url));
const running = new Set<ChildProcess>();

/** Compiles the worker, so that the process under test is what users run. */
export function buildIndexer(): void {
    const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    execFileSync(process.execPath, [compiler, '-b', 'workers/indexer'], { cwd: ROOT, stdio: 'pipe' });
}

/** Kills what a failed test left running. */
export function killIndexers(): void {
    for (const child of running) child.kill('SIGKILL');
}

export interface IndexerProcess {
    readonly url: string;
    output(): string;
    kill(signal: NodeJS.Signals): void;
    readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
    /** Waits for a status that is as wanted. */
    until(isWanted: (status: IndexerStatus) => boolean): Promise<IndexerStatus>;
}

/** The indexer as a process, configured by the environment as `--help` tells. */
export async function startIndexer(
    config: { rpcUrl: string; dataDir: string; databaseUrl?: string; wsUrl?: string; pollIntervalMs?: number },
    args: readonly string[] = [],
): Promise<IndexerProcess> {
    const url = `http://127.0.0.1:${await findFreePort()}`;
    const child = spawn(process.execPath, [MAIN, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: {
            ...process.env,
            OCM_RPC_URL: config.rpcUrl,
            OCM_DATA_DIR: config.dataDir,
            OCM_LISTEN: JSON.stringify({ host: '127.0.0.1', port: Number(new URL(url).port) }),
            OCM_POLL_INTERVAL_MS: String(config.pollIntervalMs ?? 50),
            ...(config.wsUrl ? { OCM_WS_URL: config.wsUrl } : {}),
            ...(config.databaseUrl ? { OCM_DATABASE_URL: config.databaseUrl } : {}),
        },
    });
    running.add(child);
    let text = '';
    for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
            text += chunk.toString();
        });
    const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
        child.on('close', (code, signal) => {
            running.delete(child);
            resolve({ code, signal });
        });
    });
    return {
        url,
        output: () => text,
        kill: (signal) => void child.kill(signal),
        exited,
        until: (isWanted) => waitFor(url, child, isWanted, () => text),
    };
}

async function waitFor(
    url: string,
    child: ChildProcess,
    isWanted: (status: IndexerStatus) => boolean,
    output: () => string,
): Promise<IndexerStatus> {
    for (const deadline = Date.now() + 50_000; Date.now() < deadline; ) {
        if (child.exitCode !== null) break;
        const response = await fetch(`${url}/v1/status`).catch(() => null);
        const status = response?.ok ? ((await response.json()) as IndexerStatus) : null;
        if (status !== null && isWanted(status)) return status;
        await new Promise((resolve) => setTimeout(resolve, 25));
    }
    throw new Error(`the indexer did not come to what was wanted:\n${output()}`);
}
