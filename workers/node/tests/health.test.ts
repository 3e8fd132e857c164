import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { HEALTH_PATH, MAINTENANCE_PATH, OBSERVATIONS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { OBSERVATION_PURPOSE } from '../src/health/observations.js';
import { HEALTH_PURPOSE } from '../src/health/probe.js';
import { createIdentity, type Identity, isSignedBy, signText } from '../src/health/statement.js';
import {
    ask,
    Cleanup,
    codeOf,
    createWorld,
    operator,
    post,
    startOrigin,
    startTestNode,
    tempDir,
    until,
    type World,
} from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const ORIGIN = 'http://127.0.0.1:9';
const newIdentity = (): Identity => createIdentity(generateKeyPairSync('ed25519').privateKey);
const nonceOf = ({ url }: IncomingMessage): string => new URL(url ?? '', ORIGIN).searchParams.get('nonce') ?? '';

/** A RELAY's health path, and what a test makes of it. */
async function peerOf(world: World, say: (nonce: string, response: ServerResponse) => void): Promise<() => number> {
    const peer = await startOrigin((request, response) => say(nonceOf(request), response));
    cleanup.add(() => peer.close());
    const node = world.view.nodes[1];
    if (node !== undefined) node.endpoints = [{ ip: '127.0.0.1', port: peer.port }];
    return () => peer.requests.length;
}
function statementOf(world: World, nonce: string, change: object = {}): string {
    const node = world.relays[0]?.address;
    const load = { openSessions: 3, egressKilobitsPerSecond: 7_000 };
    return JSON.stringify({ node, nonce, atMs: Date.now(), acceptsViewers: true, reason: null, ...load, ...change });
}
const startCast = async (world: World, config: Record<string, unknown> = {}) => {
    const node = await startTestNode({
        world,
        role: 'cast',
        parentUrl: ORIGIN,
        config: { healthIntervalMs: 100, ...config },
    });
    cleanup.add(() => node.stop());
    return node;
};
const goes = async (url: string) => (await ask(url, '/a', { localAddress: '127.2.0.1' })).headers['ocm-node'];

describe('a CAST that watches its RELAYs', () => {
    it('takes one in at once, out after three failures, back after two answers', async () => {
        const world = createWorld();
        let isUp = true;
        const asked = await peerOf(world, (nonce, response) => {
            response.statusCode = isUp ? 200 : 500;
            response.end(JSON.stringify(signText(HEALTH_PURPOSE, statementOf(world, nonce), null)));
        });
        const relay = world.relays[0]?.address;
        const { url } = await startCast(world);
        expect(await goes(url)).toBe(relay);
        isUp = false;
        const before = asked();
        await until(async () => (await goes(url)) === undefined, 'taken out');
        expect(asked() - before).toBeGreaterThanOrEqual(3);
        isUp = true;
        await until(async () => (await goes(url)) === relay, 'taken back');
    });
    it('sends nobody to one that says that it goes, and nobody to one in maintenance', async () => {
        const world = createWorld();
        let acceptsViewers = true;
        await peerOf(world, (nonce, response) =>
            response.end(JSON.stringify(signText(HEALTH_PURPOSE, statementOf(world, nonce, { acceptsViewers }), null))),
        );
        const relay = world.relays[0]?.address ?? '';
        const { url } = await startCast(world);
        await until(async () => (await goes(url)) === relay, 'taken in');
        acceptsViewers = false;
        await until(async () => (await goes(url)) === undefined, 'drained');
        acceptsViewers = true;
        await until(async () => (await goes(url)) === relay, 'taken back at once');
        const order = { node: relay, untilMs: Date.now() + 60_000 };
        expect((await post(url, MAINTENANCE_PATH, order)).status).toBe(401);
        expect((await post(url, MAINTENANCE_PATH, order, { headers: operator })).status).toBe(200);
        expect(await goes(url)).toBeUndefined();
        await post(url, MAINTENANCE_PATH, { ...order, untilMs: 0 }, { headers: operator });
        expect(await goes(url)).toBe(relay);
        const tooLong = { ...order, untilMs: Date.now() + 40 * 86_400_000 };
        expect(codeOf(await post(url, MAINTENANCE_PATH, tooLong, { headers: operator }))).toBe(
            'MKT_NODE__MAINTENANCE_TOO_LONG',
        );
    });
    it('believes one whose account names a key only if that key signed the answer to this question', async () => {
        const lies: ((world: World, nonce: string, own: Identity) => unknown)[] = [
            (world, nonce) => signText(HEALTH_PURPOSE, statementOf(world, nonce), null),
            (world, nonce) => signText(HEALTH_PURPOSE, statementOf(world, nonce), newIdentity()),
            (world, nonce, own) => signText(OBSERVATION_PURPOSE, statementOf(world, nonce), own),
            (world, _, own) => signText(HEALTH_PURPOSE, statementOf(world, '0'.repeat(32)), own),
            (world, nonce, own) =>
                signText(HEALTH_PURPOSE, statementOf(world, nonce, { node: world.cast.address }), own),
            (world, nonce, own) =>
                signText(HEALTH_PURPOSE, statementOf(world, nonce, { publicUrl: 'https://relay.example/path' }), own),
            () => 'x'.repeat(100_000),
        ];
        for (const lie of lies) {
            const [world, own] = [createWorld(), newIdentity()];
            let isHonest = false;
            const asked = await peerOf(world, (nonce, response) =>
                response.end(
                    JSON.stringify(
                        isHonest ? signText(HEALTH_PURPOSE, statementOf(world, nonce), own) : lie(world, nonce, own),
                    ),
                ),
            );
            Object.assign(world.view.nodes[1] ?? {}, { spkiHex: own.spkiHex });
            const { url } = await startCast(world);
            await until(() => asked() >= 3, 'asked');
            expect(await goes(url)).toBeUndefined();
            isHonest = true;
            await until(async () => (await goes(url)) === world.relays[0]?.address, 'believed');
            await cleanup.run();
        }
    });
    it('never asks private addresses on a real cluster', async () => {
        const world = createWorld();
        world.view.isDevelopment = false;
        const asked = await peerOf(world, (_, response) => response.end());
        await startCast(world);
        await new Promise((resolve) => setTimeout(resolve, 400));
        expect(asked()).toBe(0);
    });
    it('signs what it saw of others with its own key', async () => {
        const [world, folder, { privateKey }] = [createWorld(), await tempDir(), generateKeyPairSync('ed25519')];
        const keyPath = join(folder, 'node.pem');
        await writeFile(keyPath, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
        await peerOf(world, (nonce, response) =>
            response.end(JSON.stringify(signText(HEALTH_PURPOSE, statementOf(world, nonce), null))),
        );
        const { url } = await startCast(world, { identityKeyPath: keyPath });
        const peer = world.relays[0]?.address;
        const { observations } = JSON.parse((await ask(url, `${OBSERVATIONS_PATH}?peer=${peer}`)).body.toString());
        expect(isSignedBy(OBSERVATION_PURPOSE, observations[0], createIdentity(privateKey).spkiHex)).toBe(true);
        const seen = JSON.parse(observations[0].statement);
        expect(seen).toMatchObject({ observer: world.cast.address, peer, from: 'unknown', to: 'up', why: null });
    });
});

describe('the health path of a node', () => {
    it('answers the question that was asked, and no other', async () => {
        const node = await startTestNode({ world: createWorld(), parentUrl: ORIGIN });
        cleanup.add(() => node.stop());
        const nonce = '0123456789abcdef'.repeat(2);
        const { statement } = JSON.parse((await ask(node.url, `${HEALTH_PATH}?nonce=${nonce}`)).body.toString());
        expect(JSON.parse(statement)).toMatchObject({
            node: node.config.node,
            nonce,
            acceptsViewers: true,
            openSessions: 0,
        });
        for (const query of ['', '?nonce=', '?nonce=ABCDEF', `?nonce=${nonce}0`]) {
            expect(codeOf(await ask(node.url, `${HEALTH_PATH}${query}`))).toBe('MKT_NODE__NONCE_INVALID');
        }
    });
    it('does not let a node start with a key that is none', async () => {
        const keyPath = join(await tempDir(), 'node.pem');
        await writeFile(keyPath, 'not a key');
        const started = startTestNode({
            world: createWorld(),
            parentUrl: ORIGIN,
            config: { identityKeyPath: keyPath },
        });
        await expect(started).rejects.toMatchObject({ code: 'MKT_NODE__IDENTITY_UNUSABLE' });
    });
});
