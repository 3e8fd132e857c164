import { afterEach, describe, expect, it } from 'vitest';
import { openParents } from '../src/parents/open-parents.js';
import { parentPolicy, parentTiers } from '../src/parents/parent-config.js';
import type { ParentTree } from '../src/parents/parent-tree.js';
import { Cleanup, named, type Origin, silent, startOrigin, until } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const SELF = named('self').address;

type Handler = Parameters<typeof startOrigin>[0];
const say =
    (text: string, status = 200): Handler =>
    (_, response) => {
        response.statusCode = status;
        response.end(text);
    };

async function origin(handler: Handler): Promise<Origin> {
    const started = await startOrigin(handler);
    cleanup.add(() => started.close());
    return started;
}
interface Input {
    content: Origin;
    casts?: { url: string; node?: string }[];
    policy?: Record<string, unknown>;
}
function open({ content, casts = [], policy = {} }: Input): ParentTree {
    const tiers = casts.length === 0 ? [] : [{ name: 'cast', parents: casts }];
    const tree = openParents({
        self: SELF,
        parentUrl: content.url,
        tiers: parentTiers.parse(tiers),
        policy: parentPolicy.parse({ detainAfterFailures: 1, detainFirstMs: 60_000, ...policy }),
        now: Date.now,
        log: silent,
    });
    cleanup.add(() => tree.close());
    return tree;
}
async function get(tree: ParentTree, path: string, headers = {}): Promise<{ status: number; text: string }> {
    const { status, body } = await tree.fetch({ method: 'GET', path, headers });
    const chunks: Buffer[] = [];
    for await (const chunk of body) chunks.push(chunk as Buffer);
    return { status, text: Buffer.concat(chunks).toString() };
}
const paths = Array.from({ length: 60 }, (_, index) => `/segment-${index}.m4s`);

describe('parents of a node', () => {
    it('asks one owner per object and spreads objects over a tier', async () => {
        const content = await origin(say('content'));
        const casts = [await origin(say('one')), await origin(say('two')), await origin(say('three'))];
        const tree = open({ content, casts });
        for (const path of [...paths, ...paths]) expect((await get(tree, path)).status).toBe(200);
        expect(content.requests).toHaveLength(0);
        const seen = casts.map(({ requests }) => new Set(requests.map(({ url }) => url)));
        expect(seen.reduce((sum, { size }) => sum + size, 0)).toBe(paths.length);
        expect(Math.min(...seen.map(({ size }) => size))).toBeGreaterThan(0);
    });
    it('goes on to the next parent when one cannot be reached, and leaves it alone from then on', async () => {
        const content = await origin(say('content'));
        const dead = await startOrigin(say('never'));
        await dead.close();
        const alive = await origin(say('alive'));
        const tree = open({ content, casts: [dead, alive] });
        for (const path of paths) expect(await get(tree, path)).toEqual({ status: 200, text: 'alive' });
        expect(tree.counters.retries).toBe(1);
        expect(tree.states().map(({ detainedUntilMs }) => detainedUntilMs > 0)).toEqual([true, false, false]);
    });
    it('turns to where content comes from when a whole tier is away', async () => {
        const content = await origin(say('content'));
        const tree = open({ content, casts: [await origin(say('', 503)), await origin(say('', 502))] });
        expect(await get(tree, '/a')).toEqual({ status: 200, text: 'content' });
        expect(await get(tree, '/a')).toEqual({ status: 200, text: 'content' });
        expect(tree.counters.retries).toBe(2);
    });
    it('passes on what the last of them answers, and asks a detained parent rather than nobody', async () => {
        const content = await origin(say('down', 503));
        const tree = open({ content });
        expect(await get(tree, '/a')).toEqual({ status: 503, text: 'down' });
        expect(await get(tree, '/a')).toEqual({ status: 503, text: 'down' });
        expect(content.requests).toHaveLength(2);
    });
    it('does not ask another parent for an error that is an answer', async () => {
        const content = await origin(say('content'));
        for (const status of [404, 403, 500]) {
            const tree = open({ content, casts: [await origin(say('no', status))] });
            expect(await get(tree, '/a')).toEqual({ status, text: 'no' });
        }
        expect(content.requests).toHaveLength(0);
    });
    it('stops retrying when the budget is spent', async () => {
        const content = await origin(say('down', 503));
        const casts = [await origin(say('down', 503))];
        const policy = { detainAfterFailures: 100, retryPercent: 0, retriesPerSecond: 1 };
        const tree = open({ content, casts, policy });
        for (const path of paths) await get(tree, path);
        expect(tree.counters.retries).toBeLessThanOrEqual(12);
        expect(tree.counters.exhausted).toBeGreaterThanOrEqual(paths.length - 12);
    });
    it('skips a tier that the request has passed, and its own keys', async () => {
        const content = await origin(say('content'));
        const cast = await origin(say('cast'));
        const peer = named('peer').address;
        const passing = open({ content, casts: [{ url: cast.url, node: peer }] });
        expect((await get(passing, '/a')).text).toBe('cast');
        expect((await get(passing, '/a', { 'cdn-loop': `someone, ${peer}` })).text).toBe('content');
        const owner = open({ content, casts: [{ url: cast.url, node: SELF }] });
        expect((await get(owner, '/a')).text).toBe('content');
        expect(cast.requests).toHaveLength(1);
    });
    it('does not hold a loop against a parent whose name may be a viewer’s invention', async () => {
        const content = await origin(say('content'));
        const tree = open({ content, casts: [await origin(say('loop', 508))] });
        for (const path of paths.slice(0, 3)) {
            expect(await get(tree, path, { 'cdn-loop': `someone, ${SELF}` })).toEqual({ status: 508, text: 'loop' });
        }
        expect(tree.states()[0]).toMatchObject({ load: 0, failures: 0, detainedUntilMs: 0 });
        expect(tree.counters).toMatchObject({ retries: 0, exhausted: 0 });
        // One that this node began itself is the fault of its parents.
        expect((await get(tree, '/a', { 'cdn-loop': SELF })).text).toBe('content');
        expect(tree.states()[0]?.failures).toBe(1);
    });
    it('counts a body that breaks off against the parent', async () => {
        const content = await origin((_, response) => {
            response.writeHead(200, { 'content-length': '100' });
            response.write('half', () => response.destroy());
        });
        const tree = open({ content });
        await expect(get(tree, '/a')).rejects.toThrow();
        await until(() => tree.states()[0]?.load === 0, 'the broken body is no load any more');
        expect(tree.states()[0]?.failures).toBe(1);
    });
});

describe('hedged requests', () => {
    const slow: Handler = (_, response) => void setTimeout(() => response.end('slow'), 1_000);
    it('are off by default', async () => {
        const content = await origin(say('content'));
        const tree = open({ content, casts: [await origin(slow)] });
        expect((await get(tree, '/a')).text).toBe('slow');
        expect(content.requests).toHaveLength(0);
    });
    it('take the first good answer and cut the other off without blaming it', async () => {
        const content = await origin(say('content'));
        const tree = open({ content, casts: [await origin(slow)], policy: { hedgeAfterMs: 30 } });
        expect((await get(tree, '/a')).text).toBe('content');
        expect(tree.counters).toMatchObject({ hedges: 1, retries: 0 });
        await until(() => tree.states().every(({ load }) => load === 0), 'both tries are over');
        expect(tree.states().map(({ failures }) => failures)).toEqual([0, 0]);
    });
    it('wait for the slow one when the hedge fails', async () => {
        const content = await origin(say('down', 503));
        const tree = open({ content, casts: [await origin(slow)], policy: { hedgeAfterMs: 30 } });
        expect(await get(tree, '/a')).toEqual({ status: 200, text: 'slow' });
    });
    it('leave no load behind when both fail', async () => {
        const late: Handler = (_, response) => {
            response.statusCode = 503;
            setTimeout(() => response.end('late'), 60);
        };
        const tree = open({
            content: await origin(say('down', 503)),
            casts: [await origin(late)],
            policy: { hedgeAfterMs: 30 },
        });
        expect(await get(tree, '/a')).toEqual({ status: 503, text: 'late' });
        expect(tree.counters.hedges).toBe(1);
        await until(() => tree.states().every(({ load }) => load === 0), 'both tries are over');
        expect(tree.states().map(({ failures }) => failures)).toEqual([1, 1]);
    });
});
