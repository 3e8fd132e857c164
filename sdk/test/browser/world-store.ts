import type { SessionStore, StoredSession } from '../../src/viewer/sessions/ports.js';

/** Rows as IndexedDB holds them: cloned, and each of one life of the worker at a time. */
export function createStore(): { open(): SessionStore; rows: Map<string, { owner: number; session: StoredSession }> } {
    const rows = new Map<string, { owner: number; session: StoredSession }>();
    let lives = 0;
    const clone = (session: StoredSession): StoredSession => structuredClone(session);
    const open = (): SessionStore => {
        lives += 1;
        const owner = lives;
        return {
            async takeOver() {
                for (const row of rows.values()) row.owner = owner;
                return [...rows.values()].map(({ session }) => clone(session));
            },
            async create(session) {
                rows.set(session.id, { owner, session: clone(session) });
            },
            async save(session) {
                if (rows.get(session.id)?.owner !== owner) return false;
                rows.set(session.id, { owner, session: clone(session) });
                return true;
            },
            async remove(id) {
                rows.delete(id);
            },
        };
    };
    return { open, rows };
}
