import type { Database } from './ports.js';

export type State = {
    genesisHash: string;
    /** Everything confirmed up to it is in. */
    indexedSlot: number;
    finalizedSlot: number;
    /** Newest slot that the cluster told. */
    seenSlot: number;
    completedAtMs: number;
    rescannedAtMs: number;
};

/** Null before the first answer of the cluster. */
export async function readState(database: Database): Promise<State | null> {
    const [row] = await database.all('SELECT * FROM state WHERE id = 1');
    if (row === undefined) return null;
    return {
        genesisHash: String(row.genesis_hash),
        indexedSlot: Number(row.indexed_slot),
        finalizedSlot: Number(row.finalized_slot),
        seenSlot: Number(row.seen_slot),
        completedAtMs: Number(row.completed_at_ms),
        rescannedAtMs: Number(row.rescanned_at_ms),
    };
}

export async function writeState(database: Database, state: State): Promise<void> {
    await database.batch([
        {
            sql: `INSERT INTO state (id, genesis_hash, indexed_slot, finalized_slot, seen_slot, completed_at_ms, rescanned_at_ms)
                  VALUES (1, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET genesis_hash = excluded.genesis_hash,
                  indexed_slot = excluded.indexed_slot, finalized_slot = excluded.finalized_slot,
                  seen_slot = excluded.seen_slot, completed_at_ms = excluded.completed_at_ms,
                  rescanned_at_ms = excluded.rescanned_at_ms`,
            params: [
                state.genesisHash,
                state.indexedSlot,
                state.finalizedSlot,
                state.seenSlot,
                state.completedAtMs,
                state.rescannedAtMs,
            ],
        },
    ]);
}
