import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PlaybackResult } from '../src/index.js';
import { type Fault, startFaultyProxy } from './support/faulty-proxy.js';
import { buildWorkers, makeTempDir, type RunningOrigin, startOrigin, startWorker } from './support/processes.js';
import { createRelay, type Issuer, type Relay, relay as relayAccount, startIssuer } from './support/relay.js';

const MEBIBYTE = 1024 * 1024;
const HOUR_MS = 3_600_000;
/** Master, playlist, initialisation section and six segments of the highest rendition. */
const WHOLE_BYTES = 977_662;

let temp: Awaited<ReturnType<typeof makeTempDir>>;
let origin: RunningOrigin;
let runs = 0;
const cleanups: (() => Promise<void>)[] = [];

beforeAll(async () => {
    await buildWorkers();
    temp = await makeTempDir();
    origin = await startOrigin(temp.dir);
});
afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});
afterAll(async () => {
    await origin?.stop();
    await temp?.remove();
});

type Stage = { relay: Relay; issuer: Issuer; config: { stateDir: string } & Record<string, unknown> };

/** A real RELAY before the real origin, and a router that sends every viewer to it through a proxy with faults. */
async function stage({
    creditBytes = 8 * MEBIBYTE,
    lifeSecs = 3600,
    realtime = false,
    faultOf = (_path: string, _nth: number): Fault | undefined => undefined,
    /** Whether the router still counts the RELAY among the living. */
    isRelayListed = (): boolean => true,
} = {}): Promise<Stage> {
    const issuer = await startIssuer({ lifeSecs });
    cleanups.push(issuer.close);
    const relay = await createRelay(temp.dir, {
        parentUrl: origin.url,
        issuerPublicKey: issuer.publicKey,
        creditBytes,
    });
    cleanups.push(relay.kill);
    const path = await startFaultyProxy(relay.url, faultOf);
    cleanups.push(path.close);
    const router = await startFaultyProxy(origin.url, (wanted) =>
        isRelayListed()
            ? { kind: 'redirect', location: path.url + wanted, headers: { 'ocm-node': relayAccount.address } }
            : { kind: 'redirect', location: origin.url + wanted },
    );
    cleanups.push(router.close);
    runs += 1;
    const stateDir = join(temp.dir, `relayed-${runs}`);
    const entryUrl = `${router.url}/demo/master.m3u8`;
    return { relay, issuer, config: { entryUrl, providerUrl: issuer.url, stateDir, realtime } };
}

async function finish(config: object, clock: { clockAheadMs?: number } = {}): Promise<PlaybackResult> {
    const { code, stdout, stderr } = await (await startWorker('viewer', config, temp.dir, clock)).finished;
    if (code !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as PlaybackResult;
}

async function untilPosition({ stateDir }: Stage['config'], position: number): Promise<void> {
    for (let reached = 0; reached < position; ) {
        const text = await readFile(join(stateDir, 'playback.json'), 'utf8').catch(() => '{}');
        reached = (JSON.parse(text) as { position?: number }).position ?? 0;
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

const sumOf = (issuer: Issuer): number => Number([...issuer.copies.values()].reduce((sum, bytes) => sum + bytes, 0n));

describe('delivery by a node', () => {
    it('ends with every byte acknowledged to the node and copied to the provider', async () => {
        const { relay, issuer, config } = await stage();
        expect(await finish(config)).toMatchObject({
            segments: 6,
            bytes: WHOLE_BYTES,
            acknowledgedBytes: WHOLE_BYTES,
            node: relayAccount.address,
            delivery: 'relay',
        });
        expect(await relay.receiptedBytes()).toBe(WHOLE_BYTES);
        expect(sumOf(issuer)).toBe(WHOLE_BYTES);
        expect(issuer.tokens).toBe(1);
    });

    it('acknowledges the same total after two kills of the viewer, under the same token', async () => {
        const { relay, issuer, config } = await stage({ realtime: true });
        for (const position of [2, 4]) {
            const viewer = await startWorker('viewer', config, temp.dir);
            await untilPosition(config, position);
            viewer.child.kill('SIGKILL');
            await viewer.finished;
        }
        expect(await finish(config)).toMatchObject({ bytes: WHOLE_BYTES, acknowledgedBytes: WHOLE_BYTES });
        expect(await relay.receiptedBytes()).toBe(WHOLE_BYTES);
        expect(issuer.tokens).toBe(1);
        const kept = await readFile(join(config.stateDir, 'playback.json'), 'utf8');
        expect(kept).not.toContain('secretSeed');
    });

    it('goes on with the same session after a kill of the node', async () => {
        const { relay, issuer, config } = await stage({ realtime: true });
        const viewer = await startWorker('viewer', config, temp.dir);
        await untilPosition(config, 3);
        await relay.kill();
        await relay.start();
        expect(await viewer.finished).toMatchObject({ code: 0 });
        expect(await relay.receiptedBytes()).toBe(WHOLE_BYTES);
        expect(issuer.tokens).toBe(1);
    });

    it('asks the router anew once its node stays away, and plays the rest from there', async () => {
        let isGone = false;
        const { relay, config } = await stage({
            isRelayListed: () => !isGone,
            faultOf: (path) => {
                isGone ||= path.endsWith('segment-003.m4s');
                return isGone ? { kind: 'drop' } : undefined;
            },
        });
        const result = await finish({ ...config, failoverAfterMs: 500 });
        expect(result).toMatchObject({ segments: 6, bytes: WHOLE_BYTES, delivery: 'traditional', node: null });
        expect(result.acknowledgedBytes).toBeLessThan(WHOLE_BYTES);
        expect(await relay.receiptedBytes()).toBe(result.acknowledgedBytes);
    });

    it('stays within a small credit', async () => {
        const { config, issuer } = await stage({ creditBytes: 340_000 });
        const result = await finish(config);
        expect(result).toMatchObject({ acknowledgedBytes: WHOLE_BYTES });
        expect(issuer.tokens).toBe(1);
        // A node out of credit would hold a response for 15 s.
        expect(result.seconds).toBeLessThan(12);
    });

    it('takes a fresh token once lost transfers have eaten the credit, and acknowledges no object twice', async () => {
        const { config, issuer, relay } = await stage({
            creditBytes: 340_000,
            faultOf: (path, nth) =>
                path.endsWith('segment-002.m4s') && nth <= 3 ? { kind: 'cut', afterBytes: 1000 } : undefined,
        });
        expect(await finish(config)).toMatchObject({ bytes: WHOLE_BYTES, acknowledgedBytes: WHOLE_BYTES });
        expect(await relay.receiptedBytes()).toBe(WHOLE_BYTES);
        expect(issuer.tokens).toBeGreaterThan(1);
    });

    it('goes on under fresh tokens when a token ends in the middle', async () => {
        const { config, issuer, relay } = await stage({ realtime: true, lifeSecs: 4 });
        expect(await finish(config)).toMatchObject({ bytes: WHOLE_BYTES, acknowledgedBytes: WHOLE_BYTES, stalls: 0 });
        expect(await relay.receiptedBytes()).toBe(WHOLE_BYTES);
        expect(sumOf(issuer)).toBe(WHOLE_BYTES);
        expect(issuer.tokens).toBeGreaterThan(1);
    });

    it('survives a provider that is away for the tokens and for a copy', async () => {
        const { config, issuer } = await stage();
        const away = await startFaultyProxy(issuer.url, (_, nth) => (nth <= 2 ? { kind: 'drop' } : undefined));
        cleanups.push(away.close);
        const result = await finish({ ...config, providerUrl: away.url });
        expect(result).toMatchObject({ acknowledgedBytes: WHOLE_BYTES });
        expect(sumOf(issuer)).toBe(WHOLE_BYTES);
    });

    it.each([
        ['fast', 3 * HOUR_MS],
        ['slow', -3 * HOUR_MS],
    ])(
        'is receipted for a viewer whose clock is hours %s, under as many tokens as for others',
        async (_, clockAheadMs) => {
            const { config, issuer, relay } = await stage();
            const result = await finish(config, { clockAheadMs });
            expect(result).toMatchObject({ bytes: WHOLE_BYTES, acknowledgedBytes: WHOLE_BYTES });
            expect([await relay.receiptedBytes(), sumOf(issuer), issuer.tokens]).toEqual([WHOLE_BYTES, WHOLE_BYTES, 1]);
        },
    );

    it('ends with the reason that the node gives for refusing its tokens', async () => {
        const { config } = await stage();
        const stranger = await startIssuer();
        cleanups.push(stranger.close);
        await expect(finish({ ...config, providerUrl: stranger.url })).rejects.toThrow('MKT_NODE__TOKEN_WRONG_ISSUER');
    });
});
