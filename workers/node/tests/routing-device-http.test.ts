import { DEVICES_PATH, deviceResponse } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { beacon, NEIGHBOUR, proofOf } from './routing-device-support.js';
import { healthOf } from './routing-support.js';
import { ask, Cleanup, codeOf, createWorld, post, startTestNode } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

describe('a BEACON that asks for a token', () => {
    it('gets it over HTTP; its viewers present it by header, query or cookie, and it goes no further', async () => {
        const world = createWorld();
        const own = { ...beacon, host: '127.2.0.10' };
        const config = { beacons: [own], routing: { sharedPrefixes: ['127.2.0.0/24'] } };
        const node = await startTestNode({
            world,
            role: 'cast',
            parentUrl: 'http://127.0.0.1:1',
            config,
            deps: { health: healthOf({}) },
        });
        cleanup.add(() => node.stop());
        const from = { localAddress: '127.2.0.10' };
        const answer = await post(node.url, DEVICES_PATH, proofOf({ timestampMs: Date.now() }), from);
        const { token } = deviceResponse.parse(JSON.parse(answer.body.toString()));
        const where = async (path: string, headers = {}) =>
            (await ask(node.url, path, { ...from, headers })).headers.location;
        expect(await where('/a?x=1')).toBe('http://127.0.0.1:20000/a?x=1');
        for (const [path, headers] of [
            [`/a?ocm-device=${token}&x=1`, {}],
            ['/a?x=1', { 'ocm-device': token }],
            ['/a?x=1', { cookie: `other=1; ocm-device=${token}` }],
        ] as const) {
            expect(await where(path, headers)).toBe('http://192.168.1.20:8080/a?x=1');
        }
        expect(await where('/a?x=1&ocm-device=wrong')).toBe('http://127.0.0.1:20000/a?x=1');
        for (const body of ['{', '{}', { ...proofOf(), host: 'evil.example' }, { ...proofOf(), port: 0 }]) {
            expect((await post(node.url, DEVICES_PATH, body, from)).status).toBe(400);
        }
        const unknown = await post(
            node.url,
            DEVICES_PATH,
            proofOf({ beacon: NEIGHBOUR, timestampMs: Date.now() }),
            from,
        );
        expect([unknown.status, codeOf(unknown)]).toEqual([403, 'MKT_NODE__BEACON_UNKNOWN']);
    });
});
