import type { Snapshot } from '../snapshot';
import type { SnapshotHub } from './hub';

export type ClockBeat = Pick<Snapshot, 'takenAtMs'> & Pick<Snapshot['cluster'], 'slot' | 'timeSecs'>;

/** Frames that a slow reader may leave unread before its stream is ended; the browser reconnects by itself. */
const MAX_QUEUED_FRAMES = 8;

function frame(event: string, data: unknown): Uint8Array {
    return new TextEncoder().encode(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}

/** Server-Sent Events: `snapshot` when something changed, `clock` when only time went on. */
export function openEventStream(hub: SnapshotHub, signal: AbortSignal): Response {
    let unsubscribe: (() => void) | null = null;
    const stream = new ReadableStream<Uint8Array>(
        {
            start(controller) {
                const end = () => {
                    if (!unsubscribe) return;
                    unsubscribe();
                    unsubscribe = null;
                    try {
                        controller.close();
                    } catch {
                        // The reader is gone already.
                    }
                };
                const push = (snapshot: Snapshot, changed: boolean) => {
                    if ((controller.desiredSize ?? 0) <= 0) return end();
                    const { takenAtMs, cluster } = snapshot;
                    const beat: ClockBeat = { takenAtMs, slot: cluster.slot, timeSecs: cluster.timeSecs };
                    controller.enqueue(changed ? frame('snapshot', snapshot) : frame('clock', beat));
                };
                unsubscribe = hub.subscribe(push, end);
                if (!unsubscribe) return controller.close();
                signal.addEventListener('abort', end, { once: true });
                void hub.current().then(
                    (snapshot) => unsubscribe && push(snapshot, true),
                    () => end(),
                );
            },
            cancel() {
                unsubscribe?.();
                unsubscribe = null;
            },
        },
        { highWaterMark: MAX_QUEUED_FRAMES },
    );
    return new Response(stream, {
        headers: {
            'content-type': 'text/event-stream; charset=utf-8',
            'cache-control': 'no-store, no-transform',
            'x-accel-buffering': 'no',
        },
    });
}
