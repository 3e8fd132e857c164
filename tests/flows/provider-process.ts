import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../workers/provider/dist/main.js', import.meta.url));
export const isProviderBuilt = existsSync(MAIN);
const children: ChildProcess[] = [];

/** Kills what a failed test left running. */
export async function killLeftovers(): Promise<void> {
    for (const child of children.splice(0)) {
        if (child.exitCode === null && child.signalCode === null) await kill(child, 'SIGKILL');
    }
}

export async function kill(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
}

/** Runs `ocm-provider` with what it prints. */
export function run(args: readonly string[], env: Record<string, string> = {}) {
    const child = spawn(process.execPath, [MAIN, ...args], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, ...env },
    });
    children.push(child);
    const text = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk) => {
        text.stdout += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
        text.stderr += String(chunk);
    });
    const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, ...text }));
    return { child, text, ended };
}
