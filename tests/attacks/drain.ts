import { setMaxListeners } from 'node:events';
import type { AttackViewer } from './viewer.js';

const STILL_MS = 500;
const FIRST_BYTE_MS = 10_000;
const A_FEW_OBJECTS = (place: number) => `/${place % 4}.mp4`;

/** Takes objects on several connections at once, again and again, until nothing more comes; returns the bytes that did. */
export async function drain(viewer: AttackViewer, connections: number, nameOf = A_FEW_OBJECTS): Promise<number> {
    const stopped = new AbortController();
    setMaxListeners(0, stopped.signal);
    let bytes = 0;
    // A busy machine may take long to begin.
    let lastMs = performance.now() + FIRST_BYTE_MS;
    const onBytes = (count: number) => {
        bytes += count;
        lastMs = performance.now();
    };
    const pull = async (path: string) => {
        while (!stopped.signal.aborted && (await viewer.take(path, onBytes, stopped.signal)) === 200);
    };
    const ended = Promise.all(Array.from({ length: connections }, (_, place) => pull(nameOf(place))));
    while (performance.now() - lastMs < STILL_MS) await new Promise((resolve) => setTimeout(resolve, 20));
    stopped.abort();
    await ended;
    return bytes;
}
