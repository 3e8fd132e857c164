import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '@ocm/runtime';
import { z } from 'zod';
import { COVERED_BY_ASN, COVERED_BY_CIDR, canBind, NOT_COVERED } from './addresses.js';
import type { WorkerUrls } from './processes.js';
import type { StateFolder } from './state-folder.js';

export const STREAM_PATH = '/demo/master.m3u8';

/** A viewer that is killed is started again and resumes; one that keeps dying has a reason that repetition will not cure. */
const MAX_ATTEMPTS = 10;
const FAILOVER_AFTER_MS = 60_000;

export const viewerResult = z.object({
    segments: z.number().int().positive(),
    bytes: z.number().int().positive(),
    acknowledgedBytes: z.number().int().nonnegative(),
    node: z.string().nullable(),
    delivery: z.enum(['relay', 'traditional', 'beacon']),
    stalls: z.number().int(),
    startupMs: z.number(),
    seconds: z.number(),
});
export type ViewerResult = z.infer<typeof viewerResult>;
export type Viewer = { name: string; address: string; expects: 'relay' | 'traditional' };

/** The viewers that this machine can seat: see `addresses.ts`. */
export async function seatViewers(): Promise<Viewer[]> {
    const wanted: Viewer[] = [
        { name: 'viewer-cidr', address: COVERED_BY_CIDR.viewer, expects: 'relay' },
        { name: 'viewer-asn', address: COVERED_BY_ASN.viewer, expects: 'relay' },
        { name: 'viewer-elsewhere', address: NOT_COVERED.viewer, expects: 'traditional' },
    ];
    const seated = await Promise.all(
        wanted.map(async (viewer) => ((await canBind(viewer.address)) ? viewer : undefined)),
    );
    return seated.filter((viewer) => viewer !== undefined);
}

export type PlayInput = {
    state: StateFolder;
    urls: WorkerUrls;
    viewer: Viewer;
    /** Names this run: a viewer that is started again for the same run resumes, a new run plays anew. */
    run: string;
    realtime: boolean;
    signal: AbortSignal;
    /** Resolves when the router sends this viewer where it belongs. */
    untilRouted: () => Promise<void>;
    onStart: (pid: number | undefined) => void;
};

async function spawnViewer(
    input: PlayInput,
    configPath: string,
): Promise<{ code: number | null; signal: string | null; output: string }> {
    const log = createWriteStream(input.state.path('logs', `${input.viewer.name}.log`), { flags: 'a' });
    const child = spawn(
        process.execPath,
        ['--enable-source-maps', fileURLToPath(import.meta.resolve('@ocm/viewer/main')), '--config', configPath],
        { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] },
    );
    input.onStart(child.pid);
    const stop = () => child.kill('SIGTERM');
    input.signal.addEventListener('abort', stop, { once: true });
    const chunks: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.pipe(log);
    const exit = await new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', (code, signal) => resolve({ code, signal }));
    });
    input.signal.removeEventListener('abort', stop);
    return { ...exit, output: Buffer.concat(chunks).toString('utf8') };
}

/**
 * Plays the stream from start to end as one viewer, resuming after a kill.
 *
 * @throws Error naming the viewer and its log when it ends without having played through.
 */
export async function play(input: PlayInput): Promise<ViewerResult> {
    const { state, urls, viewer } = input;
    const resultPath = state.path('workers', viewer.name, input.run, 'result.json');
    const known = await readFile(resultPath, 'utf8').catch(() => undefined);
    if (known) return viewerResult.parse(JSON.parse(known));

    const stateDir = state.path('workers', viewer.name, input.run);
    const configPath = state.path('config', `${viewer.name}.json`);
    await mkdir(stateDir, { recursive: true, mode: 0o700 });
    await mkdir(state.path('logs'), { recursive: true });
    const config = {
        entryUrl: `${urls.router}${STREAM_PATH}`,
        providerUrl: urls.provider,
        stateDir,
        localAddress: viewer.address,
        realtime: input.realtime,
        // The supervisor starts a dead RELAY again: on a busy machine that takes longer than a viewer would wait elsewhere.
        failoverAfterMs: FAILOVER_AFTER_MS,
        retryForMs: 2 * FAILOVER_AFTER_MS,
    };
    await writeFileAtomic(configPath, JSON.stringify(config, null, 2));
    for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
        input.signal.throwIfAborted();
        // Also before another attempt: what killed the viewer may have killed its RELAY, and traditional delivery lasts.
        await input.untilRouted();
        const { code, signal, output } = await spawnViewer(input, configPath);
        if (code === 0) {
            const result = viewerResult.parse(JSON.parse(output.trim().split('\n').at(-1) ?? ''));
            await writeFileAtomic(resultPath, JSON.stringify(result));
            return result;
        }
        if (signal !== 'SIGKILL') break;
    }
    input.signal.throwIfAborted();
    throw new Error(
        `${viewer.name} (${viewer.address}) did not play the stream through; see ${state.path('logs', `${viewer.name}.log`)}`,
    );
}
