import {
    DECISIONS_PATH,
    decisionList,
    detailedExplanation,
    EXPLAIN_PATH,
    nodeStatus,
    STATUS_PATH,
} from '@ocm/sdk/http';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { isReplayable, replay } from '../src/routing/decision/replay.js';
import { createRouter, goesTo, healthOf, type RelayInput, viewOf } from './routing-support.js';
import { ask, Cleanup, createWorld, operator, startTestNode } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function cast(): Promise<string> {
    const node = await startTestNode({
        world: createWorld(),
        role: 'cast',
        parentUrl: 'http://127.0.0.1:1',
        config: { asnPrefixes: { '64496': ['127.3.0.0/16'] } },
        deps: { health: healthOf({}) },
    });
    cleanup.add(() => node.stop());
    return node.url;
}
const bodyOf = async (url: string, path: string, options = {}): Promise<unknown> =>
    JSON.parse((await ask(url, path, options)).body.toString());

describe('an explanation in full', () => {
    it('names every candidate with its numbers, and says the same as the redirect', async () => {
        const url = await cast();
        for (const localAddress of ['127.2.0.9', '127.3.0.9', '127.9.0.9']) {
            const query = new URLSearchParams({ ip: localAddress, path: '/a?b=1' });
            const told = detailedExplanation.parse(await bodyOf(url, `${EXPLAIN_PATH}?${query}`));
            expect((await ask(url, '/a?b=1', { localAddress })).headers.location).toBe(told.location);
            const { candidates, omitted, healthSnapshot, tableVersion } = told;
            expect([candidates.length, omitted, healthSnapshot, tableVersion]).toEqual([2, 0, 7, 1]);
            expect(told.candidates.every(({ reason }) => reason !== '')).toBe(true);
            expect(told.candidates.filter(({ chosen }) => chosen)).toHaveLength(told.node === null ? 0 : 1);
            const own = detailedExplanation.parse(await bodyOf(url, EXPLAIN_PATH, { localAddress }));
            expect(own.node).toBe(told.node);
        }
    });

    it('ranks by weight and draw, and tells each other candidate what it lacks', () => {
        const relays: RelayInput[] = [
            { name: 'a', kind: 'ipv4cidr', value: '198.18.0.0/15', price: 5 },
            { name: 'b', kind: 'ipv4cidr', value: '198.18.0.0/15' },
            { name: 'c', kind: 'ipv4cidr', value: '198.18.0.0/16' },
            { name: 'd' },
            { name: 'e', kind: 'ipv4cidr', value: '203.0.113.0/24' },
            { name: 'f', kind: 'countrycode', value: 'us' },
        ];
        const router = createRouter(viewOf(relays), { health: healthOf({ c: { draining: true } }) });
        const { candidates } = router.explain('198.18.0.1', '/');
        expect(candidates.map(({ tier, prefixLength }) => [tier, prefixLength])).toEqual([
            ['prefix', 16],
            ['prefix', 15],
            ['prefix', 15],
            ['any', 0],
            [null, 0],
            [null, 0],
        ]);
        const ratio = (i: number): number => (candidates[i]?.weight ?? 0) / (candidates[i]?.draw ?? 1);
        const best = candidates.findIndex(({ chosen }) => chosen);
        expect(ratio(best)).toBe(Math.max(ratio(1), ratio(2)));
        expect(candidates.map(({ reason }) => reason).filter((_, i) => i !== best)).toEqual([
            'it takes no new viewers',
            'another RELAY of the same footprint has more weight for its draw',
            'a RELAY with a narrower footprint goes first',
            'its footprint does not cover the address',
            'its footprint cannot be mapped to addresses here',
        ]);
    });

    it('lists no more than 64 candidates, however many claims there are', () => {
        const many = Array.from({ length: 300 }, (_, i) => ({ name: `r${i}` }));
        const { candidates, omitted } = createRouter(viewOf(many)).explain('198.18.0.1', '/');
        expect([candidates.length, omitted]).toEqual([64, 236]);
        expect(candidates.filter(({ chosen }) => chosen)).toHaveLength(1);
    });

    it.each([
        ['no address', 'ip='],
        ['a name', 'ip=x'],
        ['a long text', `ip=${'1'.repeat(9_000)}`],
        ['a relative path', 'ip=127.0.0.1&path=x'],
        ['a path that climbs', 'ip=127.0.0.1&path=/../..'],
    ])('refuses %s', async (_, query) => {
        const { status } = await ask(await cast(), `${EXPLAIN_PATH}?${query}`);
        expect([400, 414, 421]).toContain(status);
    });
});

describe('recent decisions', () => {
    it('are for the operator alone, hold no address of a client, and come to the same when decided again', async () => {
        const url = await cast();
        for (let i = 0; i < 300; i += 1) await ask(url, `/secret/${i}`, { localAddress: `127.${2 + (i % 3)}.0.${77}` });
        expect((await ask(url, DECISIONS_PATH)).status).toBe(401);
        const text = (await ask(url, DECISIONS_PATH, { headers: operator })).body.toString();
        const { decisions } = decisionList.parse(JSON.parse(text));
        expect(decisions).toHaveLength(256);
        expect(text).not.toMatch(/127\.[0-9]+\.0\.77|secret/);
        expect(decisions.at(-1)?.viewer.network).toBe('127.4.0.0/24');
        expect(new Set(decisions.map(({ decision }) => decision))).toEqual(new Set(['relay', 'traditional']));
        expect(decisions.every(isReplayable)).toBe(true);
    });

    it('are replayed by what they hold, so that a change of it shows', () => {
        const names = ['a', 'b', 'c', 'd'];
        const load = fc.record({
            healthy: fc.boolean(),
            draining: fc.boolean(),
            loadKilobitsPerSecond: fc.nat(1_200_000),
            latencyMs: fc.nat(200),
        });
        const kinds = ['0.0.0.0/0', '198.18.0.0/16', '198.18.0.0/17', '198.18.0.0/17'];
        const view = viewOf(names.map((name, i) => ({ name, kind: 'ipv4cidr', value: kinds[i] ?? '' })));
        let differed = 0;
        fc.assert(
            fc.property(fc.array(load, { minLength: 4, maxLength: 4 }), fc.nat(255), (loads, host) => {
                const seen = Object.fromEntries(names.map((name, i) => [name, loads[i] ?? {}]));
                const router = createRouter(view, { health: healthOf(seen) });
                const told = goesTo(router, `198.18.9.${host}`);
                const [record] = decisionList.parse(JSON.parse(JSON.stringify(router.recent()))).decisions;
                if (record === undefined) throw new Error('the decision was not kept');
                expect(isReplayable(record)).toBe(true);
                if (told === 'traditional') return;
                const winner = record.steps.at(-1)?.candidates.find(({ claim }) => claim === record.claim);
                if (winner) winner.health.healthy = false;
                expect(replay(record).claim).not.toBe(record.claim);
                differed += 1;
            }),
        );
        expect(differed).toBeGreaterThan(20);
    });

    it('show in the status what is decided by', async () => {
        const { routing } = nodeStatus.parse(await bodyOf(await cast(), STATUS_PATH));
        expect(routing).toMatchObject({ claims: 2, prefixes: 1, geo: [], contradictionCount: 0 });
    });
});
