import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const MAIN = fileURLToPath(new URL('../../workers/cluster/dist/main.js', import.meta.url));

/** Compiles the package, so that the process under test is what users run. */
export function buildCluster(): void {
    const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc');
    execFileSync(process.execPath, [compiler, '-b', 'workers/cluster'], { cwd: ROOT, stdio: 'pipe' });
}

export interface ClusterProcess {
    readonly child: ChildProcess;
    readonly rpcUrl: string;
    /** All it printed so far. */
    output(): string;
    /** Resolves once it says it is ready; rejects with what it printed if it ends before. */
    readonly ready: Promise<void>;
    readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
    stop(signal: NodeJS.Signals): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const running = new Set<ChildProcess>();

/** Kills what a failed test left running; call it after each test. */
export function killStrays(): void {
    for (const child of running) child.kill('SIGKILL');
}

export function startCluster(port: number, args: readonly string[] = []): ClusterProcess {
    const child = spawn(process.execPath, [MAIN, '--rpc-port', String(port), ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    let text = '';
    child.stdout.on('data', (chunk: Buffer) => {
        text += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
        text += chunk.toString();
    });
    const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
        child.on('close', (code, signal) => {
            running.delete(child);
            resolve({ code, signal });
        });
    });
    const ready = new Promise<void>((resolve, reject) => {
        child.stdout.on('data', () => {
            if (text.includes('cluster ready')) resolve();
        });
        exited.then(() => reject(new Error(text)));
    });
    ready.catch(() => {});
    return {
        child,
        rpcUrl: `http://127.0.0.1:${port}`,
        output: () => text,
        ready,
        exited,
        stop: (signal) => {
            child.kill(signal);
            return exited;
        },
    };
}
