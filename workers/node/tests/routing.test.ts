import { ROUTE_PATH, routeExplanation } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, Cleanup, createWorld, fixedTopology, named, startOrigin, startTestNode, type World } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const ORIGIN = 'http://127.0.0.1:19999';
const asnPrefixes = { '64496': ['127.3.0.0/16'] };
async function cast(world: World, { sick = [] as string[], config = {} } = {}): Promise<string> {
    const node = await startTestNode({
        world,
        role: 'cast',
        parentUrl: ORIGIN,
        config: { asnPrefixes, ...config },
        deps: { health: { isHealthy: (address) => !sick.includes(address), close: async () => undefined } },
    });
    cleanup.add(() => node.stop());
    return node.url;
}
const contractOf = (world: World) => world.view.contracts[0] ?? expect.fail('no contract');
const claimOf = (world: World, index: number) => world.view.claims[index] ?? expect.fail('no claim');

describe('a viewer at the router', () => {
    it('is sent to the RELAY that covers its address by CIDR, with the node named', async () => {
        const world = createWorld();
        const answer = await ask(await cast(world), '/live/main.m3u8?token=x', { localAddress: '127.2.0.10' });
        expect(answer.status).toBe(302);
        expect(answer.headers.location).toBe('http://127.0.0.1:20000/live/main.m3u8?token=x');
        expect(answer.headers['ocm-node']).toBe(world.relays[0]?.address);
        expect(answer.headers['cache-control']).toBe('no-store');
        expect(answer.headers['access-control-allow-origin']).toBe('*');
        expect(answer.headers['access-control-expose-headers']).toContain('ocm-node');
    });

    it('is sent to the RELAY that covers its network', async () => {
        const answer = await ask(await cast(createWorld()), '/a', { localAddress: '127.3.9.9' });
        expect(answer.headers.location).toBe('http://127.0.0.1:20001/a');
    });

    it('gets traditional delivery where nobody covers it', async () => {
        const answer = await ask(await cast(createWorld()), '/a/b', { localAddress: '127.9.0.1' });
        expect(answer.headers.location).toBe(`${ORIGIN}/a/b`);
        expect(answer.headers['ocm-node']).toBeUndefined();
    });

    it('cannot choose its address by a header', async () => {
        const answer = await ask(await cast(createWorld()), '/a', {
            localAddress: '127.9.0.1',
            headers: { 'x-forwarded-for': '127.2.0.10', forwarded: 'for=127.2.0.10', 'x-real-ip': '127.2.0.10' },
        });
        expect(answer.headers.location).toBe(`${ORIGIN}/a`);
    });

    it('cannot be led away by a path that looks like a host', async () => {
        const answer = await ask(await cast(createWorld()), '//evil.example/a', { localAddress: '127.2.0.10' });
        expect(new URL(answer.headers.location ?? '').host).toBe('127.0.0.1:20000');
    });

    it.each([
        ['is not healthy', (world: World) => ({ sick: [world.relays[0]?.address ?? ''] })],
        ['has no contract in force', (world: World) => void Object.assign(contractOf(world), { state: 'underfunded' })],
        [
            'has a contract that has not begun',
            (world: World) =>
                void Object.assign(contractOf(world), { genesisSecs: contractOf(world).genesisSecs + 1_000 }),
        ],
        ['has a contract that is over', (world: World) => void Object.assign(contractOf(world), { epochCount: 0 })],
        ['is not what the contract buys', (world: World) => void contractOf(world).claims.shift()],
        ['has a retired claim', (world: World) => void Object.assign(claimOf(world, 0), { isActive: false })],
        ['has a claim that has ended', (world: World) => void Object.assign(claimOf(world, 0), { validUntilSecs: 1 })],
        ['claims ingress only', (world: World) => void Object.assign(claimOf(world, 0), { isEgress: false })],
        [
            'is of another operator',
            (world: World) => {
                const relay = world.view.nodes[1];
                if (relay) relay.participant = named('stranger').address;
            },
        ],
        [
            'is inactive',
            (world: World) => {
                const relay = world.view.nodes[1];
                if (relay) relay.isActive = false;
            },
        ],
    ])('gets traditional delivery if the RELAY %s', async (_, change) => {
        const world = createWorld();
        const options = change(world) ?? {};
        const answer = await ask(await cast(world, options), '/a', { localAddress: '127.2.0.10' });
        expect(answer.headers.location).toBe(`${ORIGIN}/a`);
    });

    it('gets the RELAY with the longest prefix', async () => {
        const world = createWorld();
        claimOf(world, 0).footprint = { kind: 'any', value: '' };
        const url = await cast(world);
        expect((await ask(url, '/a', { localAddress: '127.3.0.1' })).headers.location).toContain(':20001/');
        expect((await ask(url, '/a', { localAddress: '127.200.0.1' })).headers.location).toContain(':20000/');
    });

    it('gets its own BEACON first, if that is healthy', async () => {
        const beacon = { node: named('beacon').address, host: '127.2.0.10', port: 7000 };
        const url = await cast(createWorld(), { config: { beacons: [beacon] } });
        const own = await ask(url, '/a', { localAddress: '127.2.0.10' });
        expect([own.headers.location, own.headers['ocm-node']]).toEqual(['http://127.2.0.10:7000/a', beacon.node]);
        expect((await ask(url, '/a', { localAddress: '127.2.0.11' })).headers.location).toContain(':20000/');
        const down = await cast(createWorld(), { sick: [beacon.node], config: { beacons: [beacon] } });
        expect((await ask(down, '/a', { localAddress: '127.2.0.10' })).headers.location).toContain(':20000/');
    });

    it('gets traditional delivery while the chain is unknown', async () => {
        const node = await startTestNode({
            world: createWorld(),
            role: 'cast',
            parentUrl: ORIGIN,
            deps: { topology: fixedTopology(null) },
        });
        cleanup.add(() => node.stop());
        expect((await ask(node.url, '/a', { localAddress: '127.2.0.10' })).headers.location).toBe(`${ORIGIN}/a`);
        expect((await ask(node.url, '/readyz')).status).toBe(503);
        expect((await ask(node.url, '/healthz')).status).toBe(200);
    });
});

describe('the explanation', () => {
    it('says the same as the redirect, with every candidate and why', async () => {
        const world = createWorld();
        const url = await cast(world, { sick: [world.relays[1]?.address ?? ''] });
        for (const address of ['127.2.0.10', '127.3.0.1', '127.9.0.1', '::ffff:127.2.0.10', '2001:db8::1']) {
            const query = new URLSearchParams({ address, path: '/live/../a?x=1' });
            const told = routeExplanation.parse(JSON.parse((await ask(url, `${ROUTE_PATH}?${query}`)).body.toString()));
            expect(told.candidates).toHaveLength(2);
            expect(told.candidates.every(({ reason }) => reason !== '')).toBe(true);
            expect(told.path).toBe('/a?x=1');
            if (!address.includes(':')) {
                const answer = await ask(url, '/live/../a?x=1', { localAddress: address });
                expect(answer.headers.location).toBe(told.location);
            }
            expect(told.decision).toBe(address.includes('127.2.0.10') ? 'relay' : 'traditional');
        }
    });

    it('without an address is about whoever asks, to browsers of any page', async () => {
        const url = await cast(createWorld());
        for (const localAddress of ['127.2.0.10', '127.9.0.1']) {
            const answer = await ask(url, `${ROUTE_PATH}?path=/`, { localAddress });
            expect(answer.headers['access-control-allow-origin']).toBe('*');
            const told = routeExplanation.parse(JSON.parse(answer.body.toString()));
            expect(told.address).toContain(localAddress);
            expect((await ask(url, '/', { localAddress })).headers.location).toBe(told.location);
        }
    });

    it.each(['', 'x', '127.2.0', '127.2.0.10.example.com', '2130837504'])(
        'refuses the address "%s"',
        async (address) => {
            const answer = await ask(await cast(createWorld()), `${ROUTE_PATH}?address=${address}&path=/a`);
            expect(answer.status).toBe(400);
        },
    );
});

describe('the mid-tier cache and a RELAY behind it', () => {
    it('fetch each object once from the origin and once from the CAST', async () => {
        const from = await startOrigin((request, response) => {
            response.writeHead(200, { 'cache-control': 'max-age=60' });
            response.end(request.url);
        });
        cleanup.add(() => from.close());
        const world = createWorld();
        const up = await startTestNode({ world, role: 'cast', parentUrl: from.url });
        cleanup.add(() => up.stop());
        const config = { node: world.relays[1]?.address };
        const relays = await Promise.all([
            startTestNode({ world, parentUrl: up.cacheUrl ?? '' }),
            startTestNode({ world, parentUrl: up.cacheUrl ?? '', config }),
        ]);
        for (const relay of relays) cleanup.add(() => relay.stop());
        const answers = await Promise.all(relays.flatMap(({ url }) => [ask(url, '/s/1.ts'), ask(url, '/s/1.ts')]));
        expect(answers.map(({ body }) => body.toString())).toEqual(Array(4).fill('/s/1.ts'));
        expect(from.requests).toHaveLength(1);
        expect(from.requests[0]?.headers['cdn-loop']).toContain(world.cast.address);
        expect(up.status.read().parentFetches).toBe(1);
        expect(relays.map(({ status }) => status.read().parentFetches)).toEqual([1, 1]);
        expect(up.status.read().servedBytes).toBe('0');
        await from.close();
        const told = await ask(relays[0]?.url ?? '', '/other');
        expect([told.status, JSON.parse(told.body.toString()).code]).toEqual([502, 'MKT_NODE__PARENT_DOWN']);
    });
});

describe('a BEACON', () => {
    it('serves its own address only', async () => {
        const from = await startOrigin((_, response) => response.end('x'));
        cleanup.add(() => from.close());
        const node = await startTestNode({ world: createWorld(), role: 'beacon', parentUrl: from.url });
        cleanup.add(() => node.stop());
        expect((await ask(node.url, '/a', { localAddress: '127.0.0.1' })).status).toBe(200);
        expect((await ask(node.url, '/a', { localAddress: '127.2.0.10' })).status).toBe(403);
    });
});
