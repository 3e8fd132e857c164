import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Job } from './child.js';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));

export interface ChildOptions {
    /** The compiled program of the measurements, where this file is not beside it. */
    path?: string;
    /** More than this many megabytes of JavaScript's own memory end the process. */
    heapMegabytes?: number;
}

function start(task: Job, { path = CHILD, heapMegabytes }: ChildOptions): ChildProcess {
    const flags = heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`];
    // What V8 prints when its memory is over is part of no measurement.
    const errors = heapMegabytes === undefined ? 'inherit' : 'ignore';
    return spawn(process.execPath, [...flags, path, JSON.stringify(task)], { stdio: ['ignore', 'pipe', errors] });
}

/** Each measurement in a process of its own: none inherits the memory or the compiled code of another. */
export async function runChild<T>(task: Job, options: ChildOptions = {}): Promise<T> {
    const child = start(task, options);
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    const code = await new Promise<number | null>((resolve, reject) =>
        child.once('error', reject).once('close', resolve),
    );
    if (code !== 0) throw new Error(`the measurement ${JSON.stringify(task)} ended with status ${code}`);
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as T;
}

/** A node in a process of its own that serves the evidence of one epoch of so many records while `use` runs. */
export async function withServedEpoch<T>(
    { dataDir, records }: { dataDir: string; records: number },
    use: (url: string) => Promise<T>,
    options: ChildOptions = {},
): Promise<T> {
    const child = start({ what: 'serve', dataDir, records }, options);
    const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
    try {
        const url = await new Promise<string>((resolve, reject) => {
            child.stdout?.once('data', (line: Buffer) => resolve((JSON.parse(line.toString()) as { url: string }).url));
            child.once('error', reject);
            child.once('close', (code) => reject(new Error(`the node of the measurement ended with status ${code}`)));
        });
        return await use(url);
    } finally {
        child.kill('SIGTERM');
        await ended;
    }
}
