import type { Snapshot } from './snapshot';

export type ConnectionState = 'connecting' | 'live' | 'lost';

export interface LiveState {
    readonly snapshot: Snapshot;
    readonly connection: ConnectionState;
}

/** The newest snapshot outside of React, so that parts of the page that hydrate late still start from the server's one. */
export class SnapshotStore {
    readonly initial: LiveState;
    #state: LiveState;
    readonly #listeners = new Set<() => void>();

    constructor(snapshot: Snapshot) {
        this.initial = { snapshot, connection: 'connecting' };
        this.#state = this.initial;
    }

    readonly get = (): LiveState => this.#state;

    readonly subscribe = (listener: () => void): (() => void) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
    };

    update(change: (state: LiveState) => LiveState): void {
        const next = change(this.#state);
        if (next === this.#state) return;
        this.#state = next;
        for (const listener of this.#listeners) listener();
    }
}
