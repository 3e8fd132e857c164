import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort, writeFileAtomic } from '@ocm/runtime';
import { z } from 'zod';

/** Ports of the worker processes. Kept, because nodes' endpoints stand on chain. */
const portsSchema = z.record(z.string(), z.number().int().min(1).max(65_535));

const runSchema = z.object({
    /** Number of the contract that this run buys; the next run takes the next. */
    contractNonce: z.number().int().nonnegative(),
    contract: z.string().nullable(),
    phase: z.enum(['open', 'finished']),
});
export type RunRecord = z.infer<typeof runSchema>;

export type StateFolder = {
    path(...parts: string[]): string;
    /** The port of a name, the next ones belonging to the names that follow. */
    port(name: string, ...next: string[]): Promise<number>;
    readRun(): Promise<RunRecord>;
    writeRun(run: RunRecord): Promise<void>;
    release(): Promise<void>;
};

async function readJson<T>(path: string, schema: z.ZodType<T>, fallback: T): Promise<T> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
    });
    if (text === undefined) return fallback;
    try {
        return schema.parse(JSON.parse(text));
    } catch (cause) {
        throw new Error(
            `the state file ${path} cannot be read; run again with --reset to start afresh, or restore the file`,
            { cause },
        );
    }
}

function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code === 'EPERM';
    }
}

/** One main job to a folder: two would answer for the same nodes. A lock left by a killed job is taken over. */
async function lock(folder: string): Promise<() => Promise<void>> {
    const path = join(folder, 'main-job.pid');
    for (;;) {
        try {
            const handle = await open(path, 'wx', 0o600);
            await handle.writeFile(String(process.pid));
            await handle.close();
            return () => rm(path, { force: true });
        } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
            const pid = Number(await readFile(path, 'utf8').catch(() => '0'));
            if (pid > 0 && isRunning(pid)) {
                throw new Error(
                    `the state folder ${folder} is in use by process ${pid}; stop it, or choose another folder with --state`,
                );
            }
            await rm(path, { force: true });
        }
    }
}

/**
 * Opens the folder that a run keeps everything in.
 *
 * @throws Error naming the folder when another job uses it, and naming the file when a file in it is corrupt.
 */
export async function openStateFolder(folder: string, options: { reset: boolean }): Promise<StateFolder> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const release = await lock(folder);
    const portsPath = join(folder, 'ports.json');
    const runPath = join(folder, 'run.json');
    if (options.reset) {
        for (const name of ['ports.json', 'run.json', 'keys', 'cluster', 'workers', 'logs', 'config']) {
            await rm(join(folder, name), { recursive: true, force: true });
        }
    }
    return {
        path: (...parts) => join(folder, ...parts),
        async port(name, ...next) {
            const ports = await readJson(portsPath, portsSchema, {});
            const known = ports[name];
            if (known !== undefined) return known;
            const taken = new Set(Object.values(ports));
            for (;;) {
                const first = await findFreePort(1 + next.length);
                const found = [name, ...next].map((each, place) => [each, first + place] as const);
                if (found.some(([, port]) => taken.has(port))) continue;
                await writeFileAtomic(portsPath, JSON.stringify({ ...ports, ...Object.fromEntries(found) }, null, 2));
                return first;
            }
        },
        readRun: () => readJson<RunRecord>(runPath, runSchema, { contractNonce: 1, contract: null, phase: 'open' }),
        writeRun: (run) => writeFileAtomic(runPath, JSON.stringify(run, null, 2)),
        release,
    };
}
