import type { SessionStore, StoredSession } from '../../viewer/sessions/ports.js';

const DATABASE = 'ocm-receipts';
const VERSION = 1;
const TABLE = 'sessions';

type Row = { scope: string; id: string; owner: string; session: StoredSession };

/**
 * Sessions in IndexedDB, which keeps a CryptoKey without ever showing it. Each row names the life of the worker that it
 * belongs to: while a new version takes over, the old one may still run, and two signers of one session would contradict
 * each other.
 */
export class IndexedDbSessionStore implements SessionStore {
    readonly #scope: string;
    readonly #owner = crypto.randomUUID();
    #database: Promise<IDBDatabase> | null = null;

    /** @param scope the worker's registration: pages of one origin may have several */
    constructor(scope: string) {
        this.#scope = scope;
    }

    takeOver(): Promise<StoredSession[]> {
        return this.#run(async (table) => {
            const all: Row[] = await resultOf(table.getAll(IDBKeyRange.bound([this.#scope], [this.#scope, []])));
            for (const row of all) table.put({ ...row, owner: this.#owner });
            return all.map(({ session }) => session);
        });
    }

    create(session: StoredSession): Promise<void> {
        return this.#run(async (table) => void table.put(this.#rowOf(session)));
    }

    save(session: StoredSession): Promise<boolean> {
        return this.#run(async (table) => {
            const held: Row | undefined = await resultOf(table.get([this.#scope, session.id]));
            if (held?.owner !== this.#owner) return false;
            table.put(this.#rowOf(session));
            return true;
        });
    }

    remove(id: string): Promise<void> {
        return this.#run(async (table) => void table.delete([this.#scope, id]));
    }

    #rowOf(session: StoredSession): Row {
        return { scope: this.#scope, id: session.id, owner: this.#owner, session };
    }

    /** One transaction; what a failing machine loses of it, the node tells again with this client's own signature. `work` may await nothing but results of its own table. */
    async #run<T>(work: (table: IDBObjectStore) => Promise<T>): Promise<T> {
        this.#database ??= openDatabase();
        const transaction = (await this.#database).transaction(TABLE, 'readwrite');
        const done = new Promise<void>((resolve, reject) => {
            transaction.oncomplete = () => resolve();
            transaction.onabort = () => reject(transaction.error);
        });
        const [result] = await Promise.all([work(transaction.objectStore(TABLE)), done]);
        return result;
    }
}

/** Where the browser gives no storage, for example in a private window: receipts are signed, but not after a restart. */
export class MemorySessionStore implements SessionStore {
    readonly #sessions = new Map<string, StoredSession>();

    async takeOver(): Promise<StoredSession[]> {
        return [...this.#sessions.values()];
    }
    async create(session: StoredSession): Promise<void> {
        this.#sessions.set(session.id, session);
    }
    async save(session: StoredSession): Promise<boolean> {
        return this.#sessions.has(session.id);
    }
    async remove(id: string): Promise<void> {
        this.#sessions.delete(id);
    }
}

/** The first store, or the second where the first cannot be opened. */
export async function openSessionStore(scope: string): Promise<SessionStore> {
    const store = new IndexedDbSessionStore(scope);
    return store.takeOver().then(
        () => store,
        () => new MemorySessionStore(),
    );
}

function openDatabase(): Promise<IDBDatabase> {
    const request = indexedDB.open(DATABASE, VERSION);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: ['scope', 'id'] });
    return resultOf(request);
}

function resultOf<T>(request: IDBRequest<T>): Promise<T> {
    return new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
    });
}
