import crypto from 'node:crypto';
import { z } from 'zod';

const CHUNK_BYTES = 1 << 20;
export const job = z.discriminatedUnion('what', [
    z.object({ what: z.literal('path'), dataDir: z.string(), records: z.number().int().positive() }),
    z.object({ what: z.literal('count'), dataDir: z.string(), records: z.number().int().positive() }),
    z.object({ what: z.literal('raw'), bytes: z.number().int().positive() }),
    z.object({ what: z.literal('signatures') }),
    z.object({ what: z.literal('serve'), dataDir: z.string(), records: z.number().int().positive() }),
    z.object({ what: z.literal('commit'), dataDir: z.string(), url: z.url() }),
    z.object({ what: z.literal('hold'), url: z.url() }),
]);
export type Job = z.infer<typeof job>;

/**
 * Bytes that the path gives to SHA-256. Their hash is taken over before anything of ours is loaded, which asks for it once; and
 * without modules of WebAssembly every hash is asked for one by one.
 */
async function countBytes(dataDir: string, records: number): Promise<{ bytes: number; calls: number }> {
    const { WebAssembly: platform } = globalThis as typeof globalThis & { WebAssembly: object };
    Object.assign(platform, { Module: null });
    const counted = { bytes: 0, calls: 0 };
    const { hash } = crypto;
    Object.assign(crypto, {
        hash: (algorithm: string, data: Uint8Array, encoding: 'binary') => {
            counted.calls += 1;
            counted.bytes += data.length;
            return hash(algorithm, data, encoding);
        },
    });
    const { runPath } = await import('./path.js');
    await runPath(dataDir, records);
    if (counted.calls === 0) throw new Error('the path hashed nothing that could be counted');
    return counted;
}

/** Seconds of one core that raw SHA-256 takes for so many bytes. */
function hashRaw(bytes: number): { cpuSeconds: number } {
    const chunk = crypto.randomBytes(CHUNK_BYTES);
    const hasher = crypto.createHash('sha256');
    const before = process.cpuUsage();
    for (let left = bytes; left > 0; left -= chunk.length)
        hasher.update(chunk.subarray(0, Math.min(left, chunk.length)));
    hasher.digest();
    const { user, system } = process.cpuUsage(before);
    return { cpuSeconds: (user + system) / 1e6 };
}

/** Goes on serving after its answer was printed, until it is told to stop. */
async function serve(dataDir: string, records: number): Promise<{ url: string }> {
    const { url, stop } = await (await import('./serve.js')).serveEpoch(dataDir, records);
    process.once('SIGTERM', () => void stop().then(() => process.exit(0)));
    return { url };
}

async function run(task: Job): Promise<unknown> {
    if (task.what === 'raw') return hashRaw(task.bytes);
    if (task.what === 'count') return countBytes(task.dataDir, task.records);
    if (task.what === 'path') return (await import('./path.js')).runPath(task.dataDir, task.records);
    if (task.what === 'commit') return (await import('./commit.js')).runCommit(task.dataDir, task.url);
    if (task.what === 'hold') return (await import('./commit.js')).holdRecords(task.url);
    if (task.what === 'serve') return serve(task.dataDir, task.records);
    return (await import('./signatures.js')).measureSignatures();
}

process.stdout.write(`${JSON.stringify(await run(job.parse(JSON.parse(process.argv[2] ?? ''))))}\n`);
