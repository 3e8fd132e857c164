import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UNREACHABLE_CLUSTER } from '../../cluster/server/read-cluster';
import type { Snapshot } from '../snapshot';
import { openEventStream } from './event-stream';
import { MAX_LISTENERS, SnapshotHub } from './hub';

function snapshotOf(change: Partial<Snapshot> = {}): Snapshot {
    return {
        takenAtMs: Date.now(),
        cluster: UNREACHABLE_CLUSTER,
        problems: [],
        nodes: [],
        contracts: [],
        transactions: [],
        ...change,
    };
}

const problem = { source: 'Chain', message: 'It does not answer', remedy: 'Start it.' };

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('SnapshotHub', () => {
    it('tells a change from the mere passing of time', async () => {
        let slot = 1;
        let problems: Snapshot['problems'] = [];
        const read = async () => snapshotOf({ problems, cluster: { ...UNREACHABLE_CLUSTER, slot: slot++ } });
        const hub = new SnapshotHub({ read, intervalMs: 100 });
        const seen: boolean[] = [];
        hub.subscribe(
            (_, changed) => seen.push(changed),
            () => undefined,
        );
        await vi.advanceTimersByTimeAsync(250);
        problems = [problem];
        await vi.advanceTimersByTimeAsync(200);
        expect(seen).toEqual([true, false, true, false]);
        hub.close();
    });

    it('reads once for all who ask at the same time', async () => {
        const read = vi.fn(async () => snapshotOf());
        const hub = new SnapshotHub({ read, intervalMs: 1_000 });
        await Promise.all([hub.current(), hub.current(), hub.current()]);
        expect(read).toHaveBeenCalledTimes(1);
        hub.close();
    });

    it('stops reading when nobody looks', async () => {
        const read = vi.fn(async () => snapshotOf());
        const hub = new SnapshotHub({ read, intervalMs: 1_000 });
        await hub.current();
        await vi.advanceTimersByTimeAsync(60_000);
        const reads = read.mock.calls.length;
        await vi.advanceTimersByTimeAsync(60_000);
        expect(read).toHaveBeenCalledTimes(reads);
        expect(reads).toBeLessThan(25);
    });

    it('goes on after a reading that failed', async () => {
        const read = vi.fn(async () => snapshotOf());
        read.mockRejectedValueOnce(new Error('once'));
        const hub = new SnapshotHub({ read, intervalMs: 100 });
        const seen: Snapshot[] = [];
        hub.subscribe(
            (snapshot) => seen.push(snapshot),
            () => undefined,
        );
        await vi.advanceTimersByTimeAsync(350);
        expect(seen.length).toBeGreaterThan(0);
        hub.close();
    });

    it('refuses more listeners than it can serve, and closes all at shutdown', () => {
        const hub = new SnapshotHub({ read: async () => snapshotOf(), intervalMs: 1_000 });
        const closed = vi.fn();
        for (let count = 0; count < MAX_LISTENERS; count += 1) hub.subscribe(() => undefined, closed.bind(null, count));
        expect(hub.subscribe(() => undefined, closed)).toBeNull();
        hub.close();
        expect(closed).toHaveBeenCalledTimes(MAX_LISTENERS);
    });
});

describe('openEventStream', () => {
    it('starts with the whole snapshot and ends when the server stops', async () => {
        const hub = new SnapshotHub({ read: async () => snapshotOf(), intervalMs: 100 });
        const response = openEventStream(hub, new AbortController().signal);
        const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
        const first = await reader?.read();
        expect(first?.value).toMatch(/^event: snapshot\ndata: \{.*\}\n\n$/);
        hub.close();
        expect((await reader?.read())?.done).toBe(true);
    });

    it('leaves the hub when the browser goes', async () => {
        const hub = new SnapshotHub({ read: async () => snapshotOf(), intervalMs: 100 });
        const subscribe = vi.spyOn(hub, 'subscribe');
        const gone = new AbortController();
        openEventStream(hub, gone.signal);
        gone.abort();
        const onClose = subscribe.mock.calls[0]?.[1];
        expect(() => onClose?.()).not.toThrow();
        hub.close();
    });
});
