import { findFreePort } from '@ocm/runtime';
import {
    decisionList,
    detailedExplanation,
    EXPLAIN_PATH,
    failureForecast,
    NODE_HEADER,
    SIMULATION_PATH,
} from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { readIdentity } from '../src/health/identity.js';
import { nodeConfig } from '../src/index.js';
import { replay } from '../src/routing/decision/replay.js';
import { createRouter, healthOf, viewOf } from './routing-support.js';
import {
    ask,
    Cleanup,
    codeOf,
    createWorld,
    operator,
    startOrigin,
    startTestNode,
    tempDir,
    until,
    type World,
} from './support.js';
import { ask2, askTls, connect2, issue } from './tls-support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const VIEWER = '127.2.0.1';
const RELAYS = [
    { name: 'near', kind: 'ipv4cidr', value: '198.18.0.0/16' },
    { name: 'far', kind: 'ipv4cidr', value: '198.18.0.0/15' },
] as const;

describe('a viewer that asks by https', () => {
    it('is led to the narrowest footprint that has signed an https address, and nowhere else', () => {
        const health = healthOf({ far: { publicUrl: 'https://far.example' } });
        const router = createRouter(viewOf(RELAYS), { health });
        expect(router.route('198.18.0.1', '/a?b').location).toBe('http://127.0.0.1:20000/a?b');
        expect(router.route('198.18.0.1', '/a?b', { isSecure: true }).location).toBe('https://far.example/a?b');
        const told = router.explain('198.18.0.1', '/a', { isSecure: true });
        expect(told.location).toBe('https://far.example/a');
        expect(told.candidates.map(({ chosen, reason }) => [chosen, reason])).toEqual([
            [false, 'the viewer asks by https, and it has signed no https address'],
            [true, 'covers the address by the longest prefix'],
        ]);
        for (const record of decisionList.parse(router.recent()).decisions)
            expect(replay(record)).toMatchObject({ decision: 'relay', node: record.node });
        // Nobody learns from a record what is not of the decision.
        expect(JSON.stringify(router.recent())).not.toContain('far.example');
    });

    it('goes to the origin where no node has one, and never to its own BEACON in plain', () => {
        const beacons = [{ node: 'beacon', host: '198.18.0.1', port: 4_000 }];
        const router = createRouter(viewOf(RELAYS), { health: healthOf({}), beacons });
        expect(router.route('198.18.0.1', '/').decision).toBe('beacon');
        expect(router.route('198.18.0.1', '/', { isSecure: true }).decision).toBe('traditional');
        const { candidates } = router.explain('198.18.0.1', '/', { isSecure: true });
        expect(candidates[0]).toMatchObject({ role: 'beacon', chosen: false });
        expect(candidates[0]?.reason).toContain('https');
    });
});

/** A RELAY and a CAST with TLS; the account of the RELAY names its key, or none. A second RELAY without TLS, if asked for, covers its network. */
async function start({ isKnown = true, hasPlainRelay = false } = {}) {
    const from = await startOrigin((_, response) => {
        response.writeHead(200, { 'content-length': 4, 'cache-control': 'max-age=600' }).end('body');
    });
    cleanup.add(() => from.close());
    const world = createWorld();
    const [folder, port, plainPort] = [await tempDir(), await findFreePort(), await findFreePort()];
    const certificate = await issue(folder, ['localhost']);
    const { certPath, keyPath } = certificate;
    const certificates = [{ certPath, keyPath }];
    const { spkiHex = null } = (await readIdentity(keyPath)) ?? {};
    Object.assign(world.view.nodes[1] ?? {}, {
        endpoints: [{ ip: '127.0.0.1', port: plainPort }],
        spkiHex: isKnown ? spkiHex : null,
    });
    const publicUrl = `https://localhost:${port}`;
    const relay = await startTestNode({
        world,
        parentUrl: from.url,
        config: { listen: { port: plainPort }, tls: { listen: { port }, certificates }, publicUrl },
    });
    cleanup.add(() => relay.stop());
    if (hasPlainRelay) await startPlainRelay(world, from.url);
    const cast = await startTestNode({
        world,
        role: 'cast',
        parentUrl: from.url,
        config: {
            tls: { listen: { port: 0 }, certificates },
            healthIntervalMs: 100,
            asnPrefixes: hasPlainRelay ? { '64496': ['127.2.0.0/16'] } : {},
        },
    });
    cleanup.add(() => cast.stop());
    return { world, certificate, cast, relay, publicUrl, secure: { ca: certificate.cert, localAddress: VIEWER } };
}

async function startPlainRelay(world: World, parentUrl: string): Promise<void> {
    const port = await findFreePort();
    Object.assign(world.view.nodes[2] ?? {}, { endpoints: [{ ip: '127.0.0.1', port }] });
    const config = { node: world.relays[1]?.address, listen: { port } };
    const relay = await startTestNode({ world, parentUrl, config });
    cleanup.add(() => relay.stop());
}

describe('nodes with certificates', () => {
    it('lead from https to https on both versions of HTTP, and the object is there', async () => {
        const { cast, publicUrl, secure, world } = await start();
        const first = await askTls(cast.tlsUrl ?? '', '/a?b=1', secure);
        const session = connect2(cast.tlsUrl ?? '', secure);
        cleanup.add(() => session.destroy());
        const second = await ask2(session, '/a?b=1');
        for (const { status, headers } of [first, second])
            expect([status, headers.location]).toEqual([302, `${publicUrl}/a?b=1`]);
        expect((await askTls(publicUrl, '/a?b=1', secure)).body.toString()).toBe('body');
        const plain = await ask(cast.url, '/a', { localAddress: VIEWER });
        expect(plain.headers.location).toMatch(/^http:/);
        expect(plain.headers['ocm-node']).toBe(world.relays[0]?.address);
    });

    it('explain both ways, and refuse another scheme', async () => {
        const { cast, publicUrl, secure } = await start();
        const explain = async (query: string) =>
            detailedExplanation.parse(JSON.parse((await ask(cast.url, `${EXPLAIN_PATH}?${query}`)).body.toString()));
        expect((await explain(`ip=${VIEWER}&scheme=https`)).location).toBe(`${publicUrl}/`);
        expect((await explain(`ip=${VIEWER}`)).location).toMatch(/^http:/);
        const told = await askTls(cast.tlsUrl ?? '', EXPLAIN_PATH, secure);
        expect(detailedExplanation.parse(JSON.parse(told.body.toString())).location).toBe(`${publicUrl}/`);
        const refused = await ask(cast.url, `${EXPLAIN_PATH}?ip=${VIEWER}&scheme=gopher`);
        expect([refused.status, codeOf(refused)]).toEqual([400, 'MKT_NODE__SCHEME_INVALID']);
    });

    it('foretell where viewers of each scheme go when a RELAY dies', async () => {
        const { world, cast, relay, secure } = await start({ hasPlainRelay: true });
        const [dying, plain] = world.relays.map(({ address }) => address);
        const askAs = async (scheme: 'http' | 'https', index: number): Promise<string> => {
            const localAddress = `127.2.${index}.1`;
            const answer =
                scheme === 'http'
                    ? await ask(cast.url, '/a', { localAddress })
                    : await askTls(cast.tlsUrl ?? '', '/a', { ...secure, localAddress });
            return String(answer.headers[NODE_HEADER] ?? 'traditional');
        };
        const viewers = (['http', 'https', 'http', 'http', 'https'] as const).map((scheme, index) => ({
            scheme,
            index,
        }));
        for (const { scheme, index } of viewers) expect(await askAs(scheme, index)).toBe(dying);
        const path = `${SIMULATION_PATH}?without=${dying}`;
        const told = failureForecast.parse(
            JSON.parse((await ask(cast.url, path, { headers: operator })).body.toString()),
        );
        await relay.stop();
        await until(async () => (await askAs('http', 100)) !== dying, 'the CAST sees that the RELAY is gone');
        for (const { scheme, index } of viewers)
            expect(await askAs(scheme, index)).toBe(scheme === 'http' ? plain : 'traditional');
        expect(told).toMatchObject({ viewers: 5, httpsViewers: 2 });
        expect(told.moved.map(({ node, viewers: all, httpsViewers }) => [node, all, httpsViewers])).toEqual([
            [plain, 3, 0],
            [null, 2, 2],
        ]);
    });

    it('are not believed an https address that their key on chain has not signed', async () => {
        const { cast, secure } = await start({ isKnown: false });
        const { headers } = await askTls(cast.tlsUrl ?? '', '/a', secure);
        expect(headers['ocm-node']).toBeUndefined();
        expect((await ask(cast.url, '/a', { localAddress: VIEWER })).headers['ocm-node']).toBeDefined();
    });
});

describe('publicUrl', () => {
    it.each([
        'http://relay.example',
        'https://relay.example/path',
        'https://user:word@relay.example',
        'https://relay.example?query',
        'relay.example',
        `https://${'a'.repeat(300)}.example`,
    ])('refuses %s', (publicUrl) => {
        const { error } = nodeConfig.safeParse({ publicUrl });
        expect(error?.issues.some(({ path }) => path[0] === 'publicUrl')).toBe(true);
    });
});
