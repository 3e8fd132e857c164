import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sign, toBase64 } from '@ocm/sdk/core';
import { DEVICES_PATH, deviceResponse, encodeDeviceProof, NODE_HEADER } from '@ocm/sdk/http';
import { Keypair } from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import { isSameLan } from '../src/routing/beacons/same-lan.js';
import type { BeaconAccount } from '../src/topology/beacon-account.js';
import { healthOf } from './routing-support.js';
import {
    ask,
    Cleanup,
    codeOf,
    createWorld,
    fixedTopology,
    named,
    post,
    startOrigin,
    startTestNode,
    tempDir,
    until,
} from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const BEACON = named('beacon').address;
const ON_CHAIN = named('account of the beacon').address;

interface Home {
    /** Whether the CAST's config names the BEACON, and its key. */
    isConfigured?: boolean;
    knowsKey?: boolean;
    /** What stands on chain for its key, at an address that is not that of the node. */
    state?: BeaconAccount['state'];
}

/** A CAST behind which all of 127.0.0.0/24 is one shared address space, and a BEACON in a home there. */
async function startBoth({ isConfigured = true, knowsKey = true, state }: Home = {}) {
    const world = createWorld();
    const key = Keypair.generate();
    const keyPath = join(await tempDir(), 'beacon.json');
    await writeFile(keyPath, JSON.stringify([...key.secretKey]));
    const from = await startOrigin((_, response) => response.end('object'));
    cleanup.add(() => from.close());
    const known = {
        node: BEACON,
        host: '127.0.0.1',
        port: 7_000,
        ...(knowsKey ? { key: key.publicKey.toBase58() } : {}),
    };
    const account = state === undefined ? null : { key: key.publicKey.toBase58(), state };
    const findBeacon = async (address: string) => (address === ON_CHAIN ? account : null);
    const cast = await startTestNode({
        world,
        role: 'cast',
        parentUrl: from.url,
        config: { beacons: isConfigured ? [known] : [], routing: { sharedPrefixes: ['127.0.0.0/24'] } },
        deps: { health: healthOf({}), topology: { ...fixedTopology(world.view), findBeacon } },
    });
    cleanup.add(() => cast.stop());
    const at = { host: '127.0.0.1', port: 7_001, ...(state === undefined ? {} : { beacon: ON_CHAIN }) };
    const household = { cast: world.cast.address, castUrl: cast.url, keyPath, ...at };
    const beacon = await startTestNode({
        world,
        role: 'beacon',
        parentUrl: from.url,
        config: { node: BEACON, household },
    });
    cleanup.add(() => beacon.stop());
    const proof = () => {
        const fields = { beacon: ON_CHAIN, host: '127.0.0.1', port: 7_001, timestampMs: Date.now() };
        const message = encodeDeviceProof({ ...fields, cast: world.cast.address });
        return { ...fields, signature: toBase64(sign(key.secretKey.subarray(0, 32), message)) };
    };
    return { cast, beacon, proof };
}

describe('a household', () => {
    it('gets a token from its BEACON, is sent to it by the CAST, and is served', async () => {
        const { cast, beacon } = await startBoth();
        const viewer = { localAddress: '127.0.0.77' };
        await until(async () => (await ask(beacon.url, DEVICES_PATH, viewer)).status === 200, 'a token');
        const { token } = deviceResponse.parse(
            JSON.parse((await ask(beacon.url, DEVICES_PATH, viewer)).body.toString()),
        );
        const sent = await ask(cast.url, '/a', { ...viewer, headers: { 'ocm-device': token } });
        expect([sent.headers.location, sent.headers[NODE_HEADER]]).toEqual(['http://127.0.0.1:7001/a', BEACON]);
        expect((await ask(cast.url, '/a', viewer)).headers[NODE_HEADER]).toBeUndefined();
        expect((await ask(beacon.url, '/a', viewer)).body.toString()).toBe('object');
    });

    it('needs no word of the operator where its BEACON is registered on chain', async () => {
        const { cast, beacon } = await startBoth({ isConfigured: false, state: 'active' });
        const viewer = { localAddress: '127.0.0.77' };
        await until(async () => (await ask(beacon.url, DEVICES_PATH, viewer)).status === 200, 'a token');
        const told = await ask(beacon.url, DEVICES_PATH, viewer);
        const { token } = deviceResponse.parse(JSON.parse(told.body.toString()));
        const sent = await ask(cast.url, '/a', { ...viewer, headers: { 'ocm-device': token } });
        expect([sent.headers.location, sent.headers[NODE_HEADER]]).toEqual(['http://127.0.0.1:7001/a', ON_CHAIN]);
        const metrics = (await ask(cast.url, '/metrics')).body.toString();
        expect(metrics).toMatch(/^ocm_node_beacons_registered\S* 1$/m);
        expect(metrics).toMatch(/^ocm_node_beacon_lookups_total\S* 1$/m);
        expect(metrics).not.toContain('127.0.0.1');
    });

    it.each(['exiting', 'jailed'] as const)('gets no token while its BEACON is %s on chain', async (state) => {
        const { cast, beacon, proof } = await startBoth({ isConfigured: false, state });
        const answer = await post(cast.url, DEVICES_PATH, proof());
        expect([answer.status, codeOf(answer)]).toEqual([403, 'MKT_NODE__BEACON_INACTIVE']);
        expect((await ask(beacon.url, DEVICES_PATH, { localAddress: '127.0.0.1' })).status).toBe(503);
    });

    it('is not whoever comes from another network: neither token nor object', async () => {
        const { beacon } = await startBoth();
        const stranger = { localAddress: '127.2.0.10' };
        for (const path of [DEVICES_PATH, '/a']) {
            const answer = await ask(beacon.url, path, stranger);
            expect([answer.status, codeOf(answer)]).toEqual([403, 'MKT_NODE__NOT_MY_VIEWER']);
        }
    });

    it('is told that there is no token while the CAST gives none', async () => {
        const { beacon } = await startBoth({ knowsKey: false });
        const answer = await ask(beacon.url, DEVICES_PATH, { localAddress: '127.0.0.1' });
        expect([answer.status, codeOf(answer)]).toEqual([503, 'MKT_NODE__DEVICE_TOKEN_MISSING']);
    });

    it.each([
        ['192.168.1.5', '192.168.1.20', true],
        ['::ffff:192.168.1.5', '192.168.1.20', true],
        ['fd00::5', 'fd00::20', true],
        ['192.168.2.5', '192.168.1.20', false],
        ['198.51.100.5', '198.51.100.20', false],
        ['100.64.0.5', '100.64.0.20', false],
        ['2001:db8::5', '2001:db8::20', false],
        ['fd00::5', '192.168.1.20', false],
        ['x', '192.168.1.20', false],
    ])('of %s and %s is one home: %s', (one, other, is) => expect(isSameLan(one, other)).toBe(is));
});
