import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { computeSettlement } from '@ocm/sdk/core';
import { type CommitmentManifest, commitmentManifest } from '@ocm/sdk/http';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ENTRY = join(ROOT, 'scripts', 'dist', 'main-job', 'main.js');

/** The last line that the main job prints. */
export type MainJobResult = {
    contracts: number;
    nodes: number;
    bytesDelivered: number;
    bytesCommitted: number;
    gross: string;
    payouts: Record<string, string>;
    escrowLeft: string;
    conserved: boolean;
    proofVerified: boolean;
    seconds: number;
};

export type RunningJob = {
    child: ChildProcess;
    /** Everything told on standard error so far. */
    told(): string;
    /** Resolves when standard error matches; rejects when the job ends before it does. */
    until(pattern: RegExp): Promise<void>;
    ended: Promise<{ code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }>;
};

/** Starts the built main job as its user would, with a state folder of its own. */
export function startMainJob(args: string[], env: Record<string, string> = {}): RunningJob {
    const child = spawn(process.execPath, ['--enable-source-maps', ENTRY, ...args], {
        cwd: ROOT,
        env: { ...process.env, RPC_URL: '', WS_URL: '', ...env },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    const watchers = new Set<() => void>();
    child.stdout.on('data', (chunk: Buffer) => {
        stdout += chunk.toString('utf8');
    });
    child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString('utf8');
        for (const watcher of watchers) watcher();
    });
    const ended = new Promise<Awaited<RunningJob['ended']>>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
    return {
        child,
        told: () => stderr,
        ended,
        until(pattern) {
            return new Promise((resolve, reject) => {
                const check = () => {
                    if (!pattern.test(stderr)) return;
                    watchers.delete(check);
                    resolve();
                };
                watchers.add(check);
                void ended.then(() => reject(new Error(`the job ended before it told ${pattern}:\n${stderr}`)));
                check();
            });
        },
    };
}

export function parseResult(stdout: string): MainJobResult {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as MainJobResult;
}

/** Process ids of the job's children by name, as they are at this moment. */
export async function readPids(state: string): Promise<Record<string, number>> {
    return JSON.parse(await readFile(join(state, 'processes.json'), 'utf8')) as Record<string, number>;
}

/** Whether a process of ours still exists. */
export function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

const BYTES_PER_GIGABYTE = 1_000_000_000n;
/** The terms of the main job's contracts: price per gigabyte, protocol fee, and each payee's share of what is left. */
const PRICE_PER_GIGABYTE = 5_000_000n;
const FEE_BASIS_POINTS = 200;
const SHARES = { operator: 7_000, cast: 2_500, beacons: 500 };

/** Every manifest that a run's committer keeps. */
export async function readManifests(state: string): Promise<CommitmentManifest[]> {
    const folder = join(state, 'workers', 'committer', 'commitments');
    // An epoch without deliveries has evidence and no manifest: nothing was committed.
    const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('manifest.json'));
    return Promise.all(
        names.map(async (name) => commitmentManifest.parse(JSON.parse(await readFile(join(folder, name), 'utf8')))),
    );
}

const POLL_MS = 50;

/**
 * Waits until each viewer knows where to play from: one that asks the router only after its RELAY was killed rightly
 * gets traditional delivery, and a run with another delivery is another run.
 */
export async function untilViewersAreLocated(job: RunningJob, state: string): Promise<void> {
    await job.until(/viewers play: .*\n/);
    for (const viewer of job.told().match(/viewer-\w+(?= at )/g) ?? []) {
        const folder = join(state, 'workers', viewer);
        for (let isLocated = false; !isLocated && job.child.exitCode === null; ) {
            await new Promise((resolve) => setTimeout(resolve, POLL_MS));
            const files = await readdir(folder, { recursive: true }).catch(() => []);
            const path = files.find((name) => name.endsWith('playback.json'));
            const text = path === undefined ? '{}' : await readFile(join(folder, path), 'utf8').catch(() => '{}');
            isLocated = ((JSON.parse(text) as { delivery?: unknown }).delivery ?? null) !== null;
        }
    }
}

/**
 * What commitments pay each role, from their totals alone. Each epoch is rounded for itself, so a run that took one more
 * epoch for the same bytes pays some units otherwise: runs are compared with their own epochs, not with each other.
 */
export function computePayouts(manifests: readonly CommitmentManifest[]): Record<string, string> {
    const sums: Record<string, bigint> = { operator: 0n, cast: 0n, beacons: 0n, treasury: 0n };
    for (const { totalBytes } of manifests) {
        const { payouts, treasury } = computeSettlement({
            gross: (BigInt(totalBytes) * PRICE_PER_GIGABYTE) / BYTES_PER_GIGABYTE,
            topUp: 0n,
            penaltyBasisPoints: 0,
            feeBasisPoints: FEE_BASIS_POINTS,
            splits: Object.values(SHARES).map((basisPoints) => ({ basisPoints })),
        });
        for (const [index, role] of Object.keys(SHARES).entries())
            sums[role] = (sums[role] ?? 0n) + (payouts[index] ?? 0n);
        sums.treasury = (sums.treasury ?? 0n) + treasury;
    }
    return Object.fromEntries(Object.entries(sums).map(([role, sum]) => [role, sum.toString()]));
}
