import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Pool, request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { readNetworks } from '../src/http/addresses.js';
import { type ConnectRules, createGuardedConnector, mayConnect } from '../src/http/guarded-connect.js';
import { ask, Cleanup, createWorld, fixedTopology, startOrigin, startTestNode } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const rules = (allowed: string[] = [], allowsPrivate = false): ConnectRules => ({
    timeoutMs: 1_000,
    allowsPrivate: () => allowsPrivate,
    allowed: readNetworks(allowed),
});
async function startNode(isDevelopment: boolean, parentUrl: string, config = {}) {
    const world = createWorld();
    const topology = fixedTopology({ ...world.view, isDevelopment });
    const node = await startTestNode({ world, parentUrl, config, deps: { topology } });
    cleanup.add(() => node.stop());
    return node;
}

describe('an address of a parent', () => {
    it.each([
        '127.0.0.1',
        '10.1.2.3',
        '172.16.0.1',
        '192.168.0.1',
        '169.254.169.254',
        '100.100.100.200',
        '0.0.0.0',
        '255.255.255.255',
        '224.0.0.1',
        '::1',
        '::',
        'fe80::1',
        'fd00:ec2::254',
        '::ffff:10.0.0.1',
        '::ffff:169.254.169.254',
        '64:ff9b::a9fe:a9fe',
        '2002:a9fe:a9fe::1',
        'not an address',
        '2130706433',
        '0x7f000001',
    ])('%s is refused', (address) => {
        expect(mayConnect(address, rules())).toBe(false);
    });

    it('is allowed if it is public, if its network is listed, or on a development cluster', () => {
        for (const address of ['8.8.8.8', '2a00:1450::1', '::ffff:8.8.8.8'])
            expect(mayConnect(address, rules())).toBe(true);
        expect(mayConnect('10.1.2.3', rules(['10.1.0.0/16']))).toBe(true);
        expect(mayConnect('10.2.2.3', rules(['10.1.0.0/16']))).toBe(false);
        expect(mayConnect('fd00::1', rules(['fd00::/8']))).toBe(true);
        expect(mayConnect('127.0.0.1', rules([], true))).toBe(true);
    });
});

describe('a name of a parent', () => {
    it('leads to addresses that were looked at, each time anew: a name that changes gains nothing', async () => {
        const server = createServer((_, response) => void response.writeHead(200, { connection: 'close' }).end('mine'));
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        cleanup.add(() => new Promise((resolve) => server.close(resolve)));
        const { port } = server.address() as AddressInfo;
        const answers = [['127.0.0.1'], ['127.0.0.2'], ['127.0.0.2', '127.0.0.1']];
        let asked = 0;
        const resolve = ((_name: string, _options: object, done: (error: null, found: object[]) => void) => {
            done(
                null,
                (answers[asked] ?? []).map((address) => ({ address, family: 4 })),
            );
            asked += 1;
        }) as unknown as NonNullable<ConnectRules['resolve']>;
        const connect = createGuardedConnector({ ...rules(['127.0.0.1/32']), resolve });
        const pool = new Pool(`http://parent.example:${port}`, { connect, connections: 1 });
        cleanup.add(() => pool.destroy());
        const get = () => request(`http://parent.example:${port}/`, { dispatcher: pool });
        expect(await (await get()).body.text()).toBe('mine');
        await expect(get()).rejects.toMatchObject({ code: 'MKT_NODE__PARENT_FORBIDDEN' });
        // Of several addresses the ones that are allowed are used.
        expect(await (await get()).body.text()).toBe('mine');
        expect(asked).toBe(3);
    });
});

describe('a node', () => {
    it('asks no parent at a private address, unless it is listed or the cluster is a development cluster', async () => {
        const from = await startOrigin((_, response) => response.writeHead(200).end('hello'));
        cleanup.add(() => from.close());
        const refused = await ask((await startNode(false, from.url)).url, '/a');
        expect([refused.status, JSON.parse(refused.body.toString()).details]).toEqual([
            502,
            { cause: 'MKT_NODE__PARENT_FORBIDDEN' },
        ]);
        const named = await ask((await startNode(false, from.url.replace('127.0.0.1', 'localhost'))).url, '/a');
        expect(named.status).toBe(502);
        expect(from.requests).toHaveLength(0);
        const listed = await startNode(false, from.url, { parentPrefixes: ['127.0.0.0/8'] });
        expect((await ask(listed.url, '/a')).status).toBe(200);
        expect((await ask((await startNode(true, from.url)).url, '/a')).status).toBe(200);
    });

    it('follows no redirect of a parent', async () => {
        const secret = await startOrigin((_, response) => response.writeHead(200).end('secret'));
        cleanup.add(() => secret.close());
        const from = await startOrigin((_, response) =>
            response.writeHead(302, { location: `${secret.url}/admin` }).end(),
        );
        cleanup.add(() => from.close());
        const answer = await ask((await startNode(true, from.url)).url, '/a');
        expect([answer.status, answer.headers.location]).toEqual([302, `${secret.url}/admin`]);
        expect(secret.requests).toHaveLength(0);
    });

    it('is nobody’s way to other hosts, by any form of a request', async () => {
        const secret = await startOrigin((_, response) => response.writeHead(200).end('secret'));
        cleanup.add(() => secret.close());
        const from = await startOrigin((request, response) => response.writeHead(200).end(`${request.headers.host}`));
        cleanup.add(() => from.close());
        const { url } = await startNode(true, from.url);
        const { host } = new URL(secret.url);
        expect((await ask(url, `${secret.url}/admin`)).status).toBe(421);
        expect((await ask(url, `//${host}/admin`)).body.toString()).toBe(new URL(from.url).host);
        for (const name of ['host', 'x-forwarded-host', 'x-host', 'forwarded', 'x-original-url', 'x-rewrite-url']) {
            expect((await ask(url, `/${name}`, { headers: { [name]: host } })).body.toString()).toBe(
                new URL(from.url).host,
            );
        }
        expect(secret.requests).toHaveLength(0);
    });
});
