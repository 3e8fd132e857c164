import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formsOf, readChainBytes } from './chain-bytes.js';
import {
    computePayouts,
    isRunning,
    type MainJobResult,
    parseResult,
    readManifests,
    readPids,
    startMainJob,
    untilViewersAreLocated,
} from './main-job.js';

const RUN_TIMEOUT_MS = 400_000;
const LEAST_EPOCH_WITH_KILLS_SECS = 60;
/** Twice as long as by default: a pause of the machine at a token's end would lose, rightly, what has no receipt yet. */
const EPOCHS = ['--epoch-seconds', '10'];
let folder: string;

beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-main-job-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function runOnce(state: string, ...args: string[]): Promise<MainJobResult> {
    const { code, stdout, stderr } = await startMainJob(['--once', '--state', state, ...EPOCHS, ...args]).ended;
    expect(code, stderr).toBe(0);
    return parseResult(stdout);
}

function sum(amounts: Record<string, string>): bigint {
    return Object.values(amounts).reduce((total, amount) => total + BigInt(amount), 0n);
}

describe('the main job', () => {
    let first: MainJobResult;
    /**
     * Epochs so long that who was killed is back before the tokens end: what has no receipt by then is lost, and rightly so.
     * How long that takes is the machine's affair; a whole run is more.
     */
    const epochWithKills = (): string[] => {
        const seconds = Math.max(LEAST_EPOCH_WITH_KILLS_SECS, Math.ceil(1.5 * first.seconds));
        return ['--epoch-seconds', String(seconds), '--realtime'];
    };

    it(
        'buys, delivers, proves and pays one stream',
        async () => {
            first = await runOnce(join(folder, 'clean'));
            expect(first).toMatchObject({ contracts: 1, nodes: 3, conserved: true, proofVerified: true });
            expect(first.bytesDelivered).toBeGreaterThan(1_000_000);
            expect(first.bytesCommitted).toBe(first.bytesDelivered);
            expect(BigInt(first.gross)).toBeGreaterThan(0n);
            // Nothing is withheld in a run without a breach: what was earned was paid, to the unit.
            expect(sum(first.payouts)).toBe(BigInt(first.gross));
            expect(first.payouts).toEqual(computePayouts(await readManifests(join(folder, 'clean'))));
        },
        RUN_TIMEOUT_MS,
    );

    it(
        'buys a second contract on the same chain and delivers the same',
        async () => {
            const earlier = new Set((await readManifests(join(folder, 'clean'))).map(({ contract }) => contract));
            // Recomputed by a program that shares no code with what committed and paid; it ends with an error if anything differs.
            const second = await runOnce(join(folder, 'clean'), '--verify');
            const statement = JSON.parse(await readFile(join(folder, 'clean', 'statement.json'), 'utf8'));
            expect(statement).toMatchObject({ agrees: true, differences: [] });
            const sessions = statement.lines.map((line: { sessions: number | null }) => line.sessions ?? 0);
            expect(sessions.reduce((total: number, count: number) => total + count, 0)).toBeGreaterThan(1);
            // Manifests, records and logs were all there.
            expect(statement.notChecked.join()).not.toContain('not in the copy');
            expect(second).toMatchObject({
                contracts: 2,
                nodes: 3,
                conserved: true,
                proofVerified: true,
                bytesCommitted: first.bytesCommitted,
            });
            const manifests = await readManifests(join(folder, 'clean'));
            expect(second.payouts).toEqual(computePayouts(manifests.filter(({ contract }) => !earlier.has(contract))));
        },
        RUN_TIMEOUT_MS,
    );

    it(
        'leaves no client address in any log file, and nothing of one in a name',
        async () => {
            const nodes = join(folder, 'clean', 'workers');
            const files = (await readdir(nodes, { recursive: true })).filter((name) => /relay-.*logs\/.+/.test(name));
            expect(files.length).toBeGreaterThan(0);
            for (const name of files) {
                const text = await readFile(join(nodes, name), 'utf8').catch(() => '');
                for (const address of ['127.1.0.10', '127.2.0.10']) expect(text).not.toContain(address);
                // 127.0.0.1 may stand as the node's own address only: never in the c-groupid or s-sid columns.
                for (const line of text.split('\r\n').filter((line) => line && !line.startsWith('#')))
                    expect(line).not.toMatch(/127\.\d+\.\d+\.\d+(?!:)/);
            }
        },
        RUN_TIMEOUT_MS,
    );

    it(
        'leaves no viewer address, no URL and no hash of one on the chain (INV-13)',
        async () => {
            const chain = await readChainBytes(join(folder, 'clean', 'cluster'));
            const find = (bytes: Buffer) =>
                chain.filter((part) => part.bytes.includes(bytes)).map(({ where }) => where);
            // What is there is found: the search does look into accounts, instructions and events.
            for (const { manifestHash } of await readManifests(join(folder, 'clean'))) {
                const places = find(Buffer.from(manifestHash, 'hex')).map((where) => where.split(' ')[0]);
                expect(new Set(places)).toEqual(new Set(['account', 'transaction', 'event']));
            }
            const ports = JSON.parse(await readFile(join(folder, 'clean', 'ports.json'), 'utf8'));
            const paths = ['master.m3u8', '360p/playlist.m3u8', '360p/init.mp4', '360p/segment-000.m4s'];
            const urls = paths.flatMap((name) => [`/demo/${name}`, `http://127.0.0.1:${ports.origin}/demo/${name}`]);
            const told = ['127.1.0.10', '127.2.0.10', '/demo/', ...urls];
            const found = told.flatMap((value) =>
                formsOf(value).flatMap((form) => find(form).map((where) => ({ value, where }))),
            );
            expect(found).toEqual([]);
        },
        RUN_TIMEOUT_MS,
    );

    it(
        'pays for the same bytes when every process is killed once in mid-run',
        async () => {
            const state = join(folder, 'kills');
            const job = startMainJob(['--once', '--state', state, ...epochWithKills()]);
            const kill = async (name: string) => {
                const pid = (await readPids(state))[name];
                expect(pid, `${name} runs`).toBeTypeOf('number');
                process.kill(pid as number, 'SIGKILL');
            };
            await untilViewersAreLocated(job, state);
            for (const name of [
                'relay-a',
                'cast',
                'viewer-cidr',
                'provider',
                'relay-b',
                'cluster',
                'origin',
                'viewer-asn',
                'committer',
            ]) {
                await sleep(1_000);
                await kill(name);
            }
            const { code, stdout, stderr } = await job.ended;
            expect(code, stderr).toBe(0);
            const result = parseResult(stdout);
            expect(result).toMatchObject({
                conserved: true,
                proofVerified: true,
                bytesCommitted: first.bytesCommitted,
            });
            expect(result.payouts).toEqual(computePayouts(await readManifests(state)));
        },
        RUN_TIMEOUT_MS,
    );

    it(
        'pays for the same bytes when the job itself is killed and started again, and leaves no process behind',
        async () => {
            const state = join(folder, 'restart');
            const args = ['--once', '--state', state, ...epochWithKills()];
            const job = startMainJob(args);
            await untilViewersAreLocated(job, state);
            await sleep(2_000);
            const pids = Object.values(await readPids(state));
            job.child.kill('SIGKILL');
            await job.ended;
            await expect.poll(() => pids.filter(isRunning), { timeout: 30_000 }).toEqual([]);

            const { code, stdout, stderr } = await startMainJob(args).ended;
            expect(code, stderr).toBe(0);
            const result = parseResult(stdout);
            expect(result).toMatchObject({
                contracts: 1,
                conserved: true,
                proofVerified: true,
                bytesCommitted: first.bytesCommitted,
            });
            expect(result.payouts).toEqual(computePayouts(await readManifests(state)));
        },
        RUN_TIMEOUT_MS * 2,
    );
});
