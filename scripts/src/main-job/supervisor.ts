import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

export type ProcessSpec = {
    name: string;
    /** The compiled entry point. */
    entry: string;
    args: string[];
    /** A module that the process loads first. */
    preload?: string;
    logPath: string;
    env?: Record<string, string>;
    /** Answers 200 once the process serves. */
    healthUrl: string;
    /** Sent to `healthUrl` as a POST body instead of a GET: JSON-RPC has no GET. */
    healthBody?: string;
};

/** The page has taken more than half a minute on a slow machine with other work to do; a process that ends is told at once. */
const READY_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 8_000;
/** A process that falls this often within a minute will not recover by being started again. */
const MAX_RESTARTS_PER_MINUTE = 8;
const LOG_TAIL_BYTES = 2_000;

async function readTail(path: string): Promise<string> {
    const { size } = await stat(path);
    const chunks: Buffer[] = [];
    for await (const chunk of createReadStream(path, { start: Math.max(0, size - LOG_TAIL_BYTES) }))
        chunks.push(chunk as Buffer);
    return Buffer.concat(chunks).toString('utf8');
}

/** One supervised process: started, watched, started again when it falls, and stopped on request. */
class SupervisedProcess {
    private child: ChildProcess | undefined;
    private stopping = false;
    private readonly restartsAtMs: number[] = [];
    failure: Error | undefined;

    constructor(
        readonly spec: ProcessSpec,
        private readonly onFailure: (error: Error) => void,
        private readonly onSpawn: () => void,
    ) {}

    get pid(): number | undefined {
        return this.child?.pid;
    }

    async start(): Promise<void> {
        await mkdir(dirname(this.spec.logPath), { recursive: true });
        this.spawn();
        await this.waitUntilReady();
    }

    private spawn(): void {
        const log = createWriteStream(this.spec.logPath, { flags: 'a' });
        // The IPC channel is a leash: when we die, however we die, the child sees it close and stops.
        const { entry, args, preload } = this.spec;
        const flags = ['--enable-source-maps', ...(preload ? ['--import', preload] : [])];
        const child = spawn(process.execPath, [...flags, entry, ...args], {
            stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
            env: { ...process.env, ...this.spec.env },
        });
        child.stdout?.pipe(log, { end: false });
        child.stderr?.pipe(log, { end: false });
        child.once('exit', (code, signal) => {
            log.end();
            void this.handleExit(code, signal);
        });
        this.child = child;
        this.onSpawn();
    }

    private async handleExit(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
        if (this.stopping) return;
        const now = Date.now();
        while (this.restartsAtMs[0] !== undefined && this.restartsAtMs[0] < now - 60_000) this.restartsAtMs.shift();
        this.restartsAtMs.push(now);
        // A process that says why it will not run (status 1) before it ever served is not helped by repetition.
        if (this.restartsAtMs.length > MAX_RESTARTS_PER_MINUTE || (code === 1 && !this.served)) {
            const tail = await readTail(this.spec.logPath).catch(() => '');
            this.failure = new Error(
                `${this.spec.name} stopped (${signal ?? `status ${code}`}); the end of ${this.spec.logPath}:\n${tail}`,
            );
            this.onFailure(this.failure);
            return;
        }
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** Math.min(this.restartsAtMs.length, 5)));
        if (!this.stopping) this.spawn();
    }

    private served = false;

    async waitUntilReady(): Promise<void> {
        const deadline = Date.now() + READY_TIMEOUT_MS;
        while (Date.now() < deadline) {
            if (this.failure) throw this.failure;
            if (await this.isHealthy()) {
                this.served = true;
                return;
            }
            await new Promise((resolve) => setTimeout(resolve, 40));
        }
        throw new Error(
            `${this.spec.name} did not answer at ${this.spec.healthUrl} within ${READY_TIMEOUT_MS / 1000} s; see ${this.spec.logPath}`,
        );
    }

    private async isHealthy(): Promise<boolean> {
        const { healthUrl, healthBody } = this.spec;
        const init: RequestInit = healthBody
            ? { method: 'POST', body: healthBody, headers: { 'content-type': 'application/json' } }
            : {};
        try {
            const response = await fetch(healthUrl, { ...init, signal: AbortSignal.timeout(2_000) });
            await response.arrayBuffer();
            return response.ok;
        } catch {
            return false;
        }
    }

    async stop(): Promise<void> {
        this.stopping = true;
        const child = this.child;
        if (!child || child.exitCode !== null || child.signalCode !== null) return;
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
        await exited;
        clearTimeout(timer);
    }
}

export type Supervisor = {
    start(spec: ProcessSpec): Promise<void>;
    /** Process ids by name, as they are now. */
    pids(): Record<string, number | undefined>;
    /** Rejects when a process cannot be kept running. */
    failed: Promise<never>;
    stopAll(): Promise<void>;
};

/**
 * Starts processes in order, keeps them running, and stops them in reverse order.
 *
 * @param onChange told the process ids by name whenever a process is started.
 */
export function createSupervisor(
    onChange: (pids: Record<string, number | undefined>) => void = () => undefined,
): Supervisor {
    const processes: SupervisedProcess[] = [];
    let reject: (error: Error) => void = () => undefined;
    const failed = new Promise<never>((_, rejectPromise) => {
        reject = rejectPromise;
    });
    failed.catch(() => undefined);
    const pids = () => Object.fromEntries(processes.map((supervised) => [supervised.spec.name, supervised.pid]));
    return {
        failed,
        async start(spec) {
            const supervised = new SupervisedProcess(spec, reject, () => onChange(pids()));
            processes.push(supervised);
            await supervised.start();
        },
        pids,
        async stopAll() {
            for (const supervised of [...processes].reverse()) await supervised.stop();
        },
    };
}
