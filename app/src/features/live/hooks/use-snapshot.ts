'use client';

import { createContext, useContext, useEffect, useSyncExternalStore } from 'react';
import type { ClockBeat } from '../server/event-stream';
import type { Snapshot } from '../snapshot';
import type { ConnectionState, LiveState, SnapshotStore } from '../snapshot-store';

export const SnapshotContext = createContext<SnapshotStore | null>(null);

function useStore(): SnapshotStore {
    const store = useContext(SnapshotContext);
    if (!store) throw new Error('Live values need <Providers> around them.');
    return store;
}

function useLiveState(): LiveState {
    const store = useStore();
    // Hydration compares with the server's markup, whatever has arrived since.
    return useSyncExternalStore(store.subscribe, store.get, () => store.initial);
}

export function useSnapshot(): Snapshot {
    return useLiveState().snapshot;
}

export function useConnectionState(): ConnectionState {
    return useLiveState().connection;
}

/** Keeps the snapshot live by `/api/events`; the browser reconnects by itself when the stream breaks. */
export function useSnapshotStream(): void {
    const store = useStore();
    useEffect(() => {
        const source = new EventSource('/api/events');
        const setConnection = (connection: ConnectionState) =>
            store.update((state) => (state.connection === connection ? state : { ...state, connection }));
        source.onopen = () => setConnection('live');
        source.onerror = () => setConnection('lost');
        source.addEventListener('snapshot', (event) => {
            store.update(() => ({ snapshot: JSON.parse(event.data) as Snapshot, connection: 'live' }));
        });
        source.addEventListener('clock', (event) => {
            const { takenAtMs, slot, timeSecs } = JSON.parse(event.data) as ClockBeat;
            store.update(({ snapshot }) => ({
                snapshot: { ...snapshot, takenAtMs, cluster: { ...snapshot.cluster, slot, timeSecs } },
                connection: 'live',
            }));
        });
        return () => source.close();
    }, [store]);
}
