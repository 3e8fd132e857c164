import { PREPOSITION_PATH, REPLICATION_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { covers, planCopies } from '../src/replication/plan-copies.js';
import { replicationConfig } from '../src/replication/replication-config.js';
import { ask, Cleanup, createWorld, operator, startOrigin, startTestNode, until, type World } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const REGIONS = [
    { kind: 'ipv4cidr' as const, value: '127.2.3.0/24' },
    { kind: 'asn' as const, value: 'AS64496' },
];
const configOf = (nodes: { node: string; url: string }[], change: object = {}) => ({
    nodes,
    rules: [{ name: 'intro', urls: ['/intro/1.m4s', '/intro/2.m4s'], regions: REGIONS }],
    intervalMs: 100,
    ...change,
});
const plan = (world: World, isAble: (node: string) => boolean = () => true, copies = 1) =>
    planCopies({
        rules: replicationConfig.parse({
            nodes: [{ node: world.cast.address, url: 'http://192.0.2.1' }],
            rules: [{ name: 'a', urls: ['/a'], regions: [...REGIONS, { kind: 'any' }], copies }],
        }).rules,
        view: world.view,
        self: world.cast.address,
        isAble,
        nowMs: Date.now(),
    });

describe('a plan of copies', () => {
    it('takes for each region RELAYs whose claims cover it, and says how many are missing', () => {
        const world = createWorld();
        const [first, second] = world.relays.map(({ address }) => address);
        const nodes = plan(world).map((one) => [one.nodes, one.missing]);
        // No claim of theirs is towards anybody.
        expect(nodes).toEqual([
            [[first], 0],
            [[second], 0],
            [[], 1],
        ]);
    });
    it('leaves out who is not able, whose claim is over, and other operators', () => {
        const world = createWorld();
        expect(plan(world, () => false).flatMap(({ nodes }) => nodes)).toEqual([]);
        const ended = createWorld();
        for (const claim of ended.view.claims) claim.validUntilSecs = 1;
        expect(plan(ended).flatMap(({ nodes }) => nodes)).toEqual([]);
        const foreign = createWorld();
        for (const node of foreign.view.nodes.slice(1)) node.participant = foreign.cast.address;
        expect(plan(foreign).flatMap(({ nodes }) => nodes)).toEqual([]);
    });
    it('moves only the copies of the node that goes', () => {
        const world = createWorld();
        for (const claim of world.view.claims) claim.footprint = { kind: 'any', value: '' };
        const before = plan(world);
        const gone = before[0]?.nodes[0];
        const after = plan(world, (node) => node !== gone);
        for (const [index, { nodes }] of before.entries()) {
            if (!nodes.includes(gone ?? '')) expect(after[index]?.nodes).toEqual(nodes);
            else expect(after[index]?.nodes).not.toContain(gone);
        }
    });
    it('knows when a region lies within a footprint', () => {
        const cases: [string, string, string, boolean][] = [
            ['ipv4cidr', '127.2.0.0/16', '127.2.3.0/24', true],
            ['ipv4cidr', '127.2.3.0/24', '127.2.0.0/16', false],
            ['ipv4cidr', '127.2.0.0/16', '127.3.0.0/24', false],
            ['ipv6cidr', '2001:db8::/32', '2001:db8:1::/48', true],
            ['ipv4cidr', 'nonsense', '127.3.0.0/24', false],
            ['countrycode', 'us', 'US', true],
            ['countrycode', 'us', 'de', false],
        ];
        for (const [kind, outer, inner, expected] of cases) {
            const footprint = { kind: kind as 'ipv4cidr', value: outer };
            expect(covers(footprint, { kind: kind as 'ipv4cidr', value: inner })).toBe(expected);
        }
        expect(covers({ kind: 'any', value: '' }, { kind: 'asn', value: 'as1' })).toBe(true);
        expect(covers({ kind: 'asn', value: 'as1' }, { kind: 'any', value: '' })).toBe(false);
    });
});

describe('a CAST that replicates', () => {
    async function startWorld() {
        const world = createWorld();
        const origin = await startOrigin((request, response) => {
            response.setHeader('cache-control', 'max-age=600');
            response.end(`body of ${request.url}`);
        });
        cleanup.add(() => origin.close());
        const relays = await Promise.all(
            world.relays.map(({ address }) =>
                startTestNode({ world, parentUrl: origin.url, config: { node: address } }),
            ),
        );
        for (const relay of relays) cleanup.add(() => relay.stop());
        const nodes = relays.map(({ url, config }) => ({ node: config.node, url }));
        return { world, origin, relays, nodes };
    }
    const startCast = async (world: World, parentUrl: string, replication: object, sick = new Set<string>()) => {
        const health = { isHealthy: (node: string) => !sick.has(node), close: async () => undefined };
        const cast = await startTestNode({ world, role: 'cast', parentUrl, config: { replication }, deps: { health } });
        cleanup.add(() => cast.stop());
        const told = async () =>
            JSON.parse((await ask(cast.url, REPLICATION_PATH, { headers: operator })).body.toString());
        const states = async (): Promise<string[]> =>
            (await told()).rules.flatMap(({ copies }: { copies: { state: string }[] }) =>
                copies.map(({ state }) => state),
            );
        return { cast, told, states };
    };
    it('has each region hold its objects before anybody asks for them', async () => {
        const { world, origin, relays, nodes } = await startWorld();
        const { states } = await startCast(world, origin.url, configOf(nodes));
        await until(async () => (await states()).join() === 'done,done', 'both hold them');
        for (const { url } of relays) {
            const answer = await ask(url, '/intro/2.m4s');
            expect([answer.headers['ocm-cache'], answer.body.toString()]).toEqual(['hit', 'body of /intro/2.m4s']);
        }
        expect(origin.requests).toHaveLength(4);
    });
    it('orders them elsewhere when a node goes, and says what a region lacks', async () => {
        const { world, origin, relays, nodes } = await startWorld();
        for (const claim of world.view.claims) claim.footprint = { kind: 'asn', value: 'as64496' };
        const sick = new Set<string>();
        const { told, states } = await startCast(world, origin.url, configOf(nodes), sick);
        await until(async () => (await states()).join() === 'done', 'one holds them');
        const { rules } = await told();
        expect(rules.map(({ missing }: { missing: number }) => missing)).toEqual([1, 0]);
        const first = rules[1].copies[0].node;
        sick.add(first);
        const other = relays.find(({ config }) => config.node !== first) ?? expect.fail('no other');
        await until(async () => (await told()).rules[1].copies[0]?.node === other.config.node, 'ordered elsewhere');
        await until(async () => (await states()).join() === 'done', 'the other holds them');
        expect((await ask(other.url, '/intro/1.m4s')).headers['ocm-cache']).toBe('hit');
    });
    it('goes on trying a node that does not answer, or answers nonsense', async () => {
        const { world, origin, nodes } = await startWorld();
        let isNonsense = true;
        const orders: string[] = [];
        const odd = await startOrigin((request, response) => {
            if (request.url === PREPOSITION_PATH) orders.push(request.headers.authorization ?? '');
            response.statusCode = isNonsense ? 200 : 401;
            response.end(isNonsense ? 'x'.repeat(100_000) : '{}');
        });
        cleanup.add(() => odd.close());
        const [first] = nodes;
        const places = [{ node: first?.node ?? '', url: odd.url }];
        const { states } = await startCast(world, origin.url, configOf(places));
        await until(async () => (await states()).includes('unreachable'), 'refused');
        isNonsense = false;
        const before = orders.length;
        await until(() => orders.length > before + 1, 'tried again');
        expect(new Set(orders)).toEqual(new Set([operator.authorization]));
        expect(await states()).toEqual(['unreachable']);
    });
    it('tells its plan to the operator alone', async () => {
        const { world, origin, nodes } = await startWorld();
        const { cast } = await startCast(world, origin.url, configOf(nodes));
        expect((await ask(cast.url, REPLICATION_PATH)).status).toBe(401);
    });
});
