import { describe, expect, it } from 'vitest';
import { parseReceiptConfig } from '../../src/browser/config.js';
import { locate } from '../../src/browser/worker/locate.js';
import { MarketplaceError } from '../../src/core/index.js';
import { ROUTE_PATH, SESSION_HEADER } from '../../src/http/index.js';
import { A, ADDRESS, config, createWorld, hostsOf, NODE, ORIGIN, refuse, type World } from './world.js';

describe('media under a service worker that signs', () => {
    it('is asked of the node with session and range, without what a node need not know, and keeps its status', async () => {
        const world = createWorld();
        const headers = { range: 'bytes=10-19', cookie: 'a=b', 'x-user': 'eve' };
        const { response, body } = await world.wake().play('a.m4s', { headers });
        expect(response.status).toBe(206);
        expect(response.headers.get('content-range')).toBe('bytes=10-19/1000');
        expect(body).toEqual(A.subarray(10, 20));
        const [sent] = world.asked as [Request];
        expect([...sent.headers.keys()].sort()).toEqual([SESSION_HEADER, 'range']);
        // What its cache holds was not sent by the node: a receipt for it would be refused.
        expect(sent).toMatchObject({ cache: 'no-store', credentials: 'omit', redirect: 'error' });
        const head = await world.wake().play('a.m4s', { method: 'HEAD' });
        expect([head.response.status, head.body.length, head.response.headers.get('content-length')]).toEqual([
            200,
            0,
            '1000',
        ]);
    });

    it('comes without receipts when there is no key, and nobody is asked for a token', async () => {
        const world = createWorld();
        world.createKey = () => Promise.reject(new MarketplaceError('MKT_SDK__SIGNER_UNSUPPORTED'));
        const worker = world.wake();
        for (let turn = 0; turn < 3; turn += 1) expect((await worker.play('a.m4s')).body).toEqual(A);
        expect(hostsOf(world)).toEqual([NODE, NODE, NODE]);
        expect(world.asked.some(({ headers }) => headers.has(SESSION_HEADER))).toBe(false);
        expect(world.tokens).toBe(0);
        expect(world.codes('unsigned')).toEqual(['MKT_SDK__SIGNER_UNSUPPORTED']);
    });

    it('comes without receipts while the provider is away, and with them once it is back', async () => {
        const world = createWorld();
        world.down.add('http://provider.test');
        const worker = world.wake();
        await worker.play('a.m4s');
        world.down.clear();
        await worker.play('a.m4s');
        expect(world.tokens).toBe(0);
        await world.advance(2_000);
        expect((await worker.play('a.m4s')).body).toEqual(A);
        await worker.sessions.settleAll();
        expect(world.last.receipted).toBe(1000);
        expect(world.codes('unsigned')).toEqual(['MKT_SDK__PEER_UNREACHABLE']);
    });

    it.each([
        ['the router is away', (world: World) => world.down.add('http://router.test')],
        ['the router says so', (world: World) => (world.location = `${ORIGIN}/`)],
        ['the router names no node', (world: World) => (world.location = 'javascript:alert(1)')],
        ['the router names a path', (world: World) => (world.location = `${NODE}/elsewhere/`)],
        ['the router floods', (world: World) => world.answers.set(ROUTE_PATH, () => new Response('['.repeat(70_000)))],
        ['the router answers nonsense', (world: World) => world.answers.set(ROUTE_PATH, () => Response.json([1]))],
        [
            'the node lacks the object',
            (world: World) => world.answers.set(`${NODE}/demo/a.m4s`, () => refuse(404, 'OBJECT_UNKNOWN')),
        ],
    ])('comes traditionally when %s', async (_, prepare) => {
        const world = createWorld();
        prepare(world);
        expect((await world.wake().play('a.m4s')).body).toEqual(A);
        expect(hostsOf(world).at(-1)).toBe(ORIGIN);
    });

    it('comes as without us in a browser that lacks something we need', async () => {
        const world = createWorld();
        const worker = world.wake();
        const { any } = AbortSignal;
        try {
            AbortSignal.any = undefined as unknown as typeof any;
            expect((await worker.play('a.m4s')).body).toEqual(A);
        } finally {
            AbortSignal.any = any;
        }
        expect(hostsOf(world)).toEqual([ORIGIN]);
        expect(world.codes('error')).toEqual(['MKT_SDK__UNEXPECTED']);
    });

    it('is not asked of a node without TLS by a page with TLS', async () => {
        const safe = parseReceiptConfig({ ...config, mediaUrl: 'https://origin.test/demo/', contentUrl: undefined });
        const answer = {
            address: '::1',
            path: '/',
            decision: 'relay',
            node: ADDRESS,
            location: `${NODE}/`,
            candidates: [],
        };
        const fetch = async () => Response.json(answer);
        await expect(locate({ fetch }, safe)).rejects.toMatchObject({ code: 'MKT_BROWSER__NODE_WITHOUT_TLS' });
        await expect(locate({ fetch }, config)).resolves.toEqual({ kind: 'node', node: ADDRESS, nodeUrl: NODE });
    });
});
