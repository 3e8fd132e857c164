import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { Fill, type FillInput } from '../src/cache/fill.js';
import { InFlightBudget } from '../src/cache/in-flight-budget.js';
import { cachePortOf } from '../src/purge/cache-port.js';
import { until } from './support.js';

const KIB = 1024;
const MAX_BYTES = 100 * KIB;
const CHUNK = Buffer.alloc(40 * KIB, 'x');
/** Others' bodies may have filled it already. */
const BUDGET_BYTES = 1_000 * KIB;

function begin(change: Partial<FillInput> = {}) {
    const parent = new PassThrough();
    const budget = new InFlightBudget(BUDGET_BYTES);
    const input = { source: parent, length: undefined, retain: true, maxBytes: MAX_BYTES, budget };
    const fill = new Fill({ ...input, ...change });
    const gaveBack = (): boolean => budget.hasRoomFor(BUDGET_BYTES);
    /** A parent that sends more than anybody wants, and never ends. */
    const send = async (bytes: number): Promise<void> => {
        for (let sent = 0; sent < bytes && !parent.destroyed; sent += CHUNK.length) {
            parent.write(CHUNK);
            await new Promise((resolve) => setImmediate(resolve));
        }
    };
    return { fill, parent, budget, gaveBack, send };
}

describe('a body that is kept but was abandoned before anybody read it', () => {
    it('arrives to its end, because the next viewer will ask for it', async () => {
        const { fill, parent, gaveBack } = begin();
        fill.abandon();
        parent.write(CHUNK);
        parent.end(CHUNK);
        expect((await fill.completed)?.body).toHaveLength(2 * CHUNK.length);
        expect(gaveBack()).toBe(true);
    });

    it('ends when it turns out to be larger than may be kept, and gives its bytes back', async () => {
        const { fill, parent, gaveBack, send } = begin();
        fill.abandon();
        await send(MAX_BYTES + CHUNK.length);
        await expect(fill.completed).rejects.toThrow('every viewer left');
        expect([parent.destroyed, gaveBack()]).toEqual([true, true]);
    });

    it('ends when others fill the memory for bodies on their way', async () => {
        const { fill, parent, budget, gaveBack, send } = begin();
        fill.abandon();
        budget.change(BUDGET_BYTES);
        await send(CHUNK.length);
        await expect(fill.completed).rejects.toThrow('every viewer left');
        budget.change(-BUDGET_BYTES);
        expect([parent.destroyed, gaveBack()]).toEqual([true, true]);
    });
});

describe('a body that is no longer kept', () => {
    it('ends with its last viewer, who left while it was still kept', async () => {
        const { fill, parent, gaveBack, send } = begin();
        await fill.read().return?.();
        await send(MAX_BYTES + CHUNK.length);
        await expect(fill.completed).rejects.toThrow('every viewer left');
        expect([parent.destroyed, gaveBack()]).toEqual([true, true]);
    });

    it('ends when it is abandoned while it waits for somebody to read', async () => {
        const { fill, parent, gaveBack, send } = begin({ retain: false });
        const window = send(2 * 1024 * KIB);
        await until(() => !gaveBack(), 'something held');
        await window;
        fill.abandon();
        await expect(fill.completed).rejects.toThrow('every viewer left');
        expect([parent.destroyed, gaveBack()]).toEqual([true, true]);
    });

    it('gives its bytes back when it is abandoned after its end', async () => {
        const { fill, parent, gaveBack } = begin({ retain: false });
        parent.end(CHUNK);
        expect(await fill.completed).toBeNull();
        expect(gaveBack()).toBe(false);
        fill.abandon();
        expect(gaveBack()).toBe(true);
    });

    it('refuses who comes after its beginning was let go', async () => {
        const { fill, parent } = begin({ retain: false });
        const first = fill.read();
        parent.write(CHUNK);
        await first.next();
        const late = fill.read();
        parent.write(CHUNK);
        await expect(late.next()).rejects.toThrow('held no more');
    });
});

describe('a reader who leaves while it waits for a silent parent', () => {
    it.each([true, false])('waits no more, and disturbs no other (kept: %s)', async (retain) => {
        const { fill, parent } = begin({ retain });
        const [leaver, other] = [fill.read(), fill.read()];
        const waiting = [leaver.next(), other.next()];
        await leaver.return?.();
        expect(await waiting[0]).toEqual({ done: true, value: undefined });
        parent.write(CHUNK);
        expect((await waiting[1])?.value).toHaveLength(CHUNK.length);
    });

    it('may be a preposition that is told to stop', async () => {
        const { fill } = begin();
        const found = { disposition: 'miss' as const, status: 200, headers: {}, length: undefined, body: fill };
        const storage = { enforce: () => undefined, sweep: async () => 0 };
        const cache = cachePortOf({ storage, lookup: async () => found, leaveFlights: () => undefined });
        const stopping = new AbortController();
        const fetched = cache.prefetch('/a', stopping.signal);
        await new Promise((resolve) => setImmediate(resolve));
        stopping.abort();
        await expect(fetched).rejects.toThrow('aborted');
    });
});
