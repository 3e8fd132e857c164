import { rm } from 'node:fs/promises';
import { openJournal } from '@ocm/runtime';
import { Session } from '../sessions/session.js';
import { decodeEntries, isDelivery, type JournalEntry, type MetaEntry, type RequestEntry } from './entries.js';
import { EntryWriter } from './entry-writer.js';
import { cipherOf, journalPath, unreadable } from './journal-file.js';
import type { StorageHealth } from './storage-health.js';

export interface EpochTotals {
    requests: number;
    /** Entity bytes of all responses. */
    servedBytes: bigint;
    /** Of these, deliveries to viewers without keys. */
    unreceiptedBytes: bigint;
}

export interface JournalPlace {
    folder: string;
    health: StorageHealth;
}

/** Write-ahead log of one contract's epoch at this node, with the state that follows from it. */
export class EpochJournal {
    readonly meta: MetaEntry;
    readonly folder: string;
    readonly sessions = new Map<string, Session>();
    readonly totals: EpochTotals = { requests: 0, servedBytes: 0n, unreceiptedBytes: 0n };
    isClosed = false;
    readonly #writer: EntryWriter;
    readonly #health: StorageHealth;

    private constructor(place: JournalPlace, meta: MetaEntry, writer: EntryWriter) {
        this.folder = place.folder;
        this.#health = place.health;
        this.meta = meta;
        this.#writer = writer;
    }

    /** The folder holds the epoch's key already. */
    static async create(place: JournalPlace, meta: MetaEntry): Promise<EpochJournal> {
        const cipher = await cipherOf(place.folder);
        const writer = new EntryWriter(await openJournal({ path: journalPath(place.folder) }), cipher);
        try {
            await writer.append(meta);
        } catch (error) {
            await writer.close();
            throw error;
        }
        return new EpochJournal(place, meta, writer);
    }

    /** Replays what is on disk; null if the process died before the journal said which epoch it is. */
    static async open(place: JournalPlace): Promise<EpochJournal | null> {
        const { folder } = place;
        const journal = await openJournal({ path: journalPath(folder) });
        if (journal.entries.length === 0) {
            await journal.close();
            await rm(folder, { recursive: true });
            return null;
        }
        const cipher = await cipherOf(folder);
        const [first, ...rest] = journal.entries.flatMap((payload) => decodeEntries(cipher.open(payload)));
        if (first?.type !== 'meta') throw unreadable(folder, 'does not begin with its epoch');
        const epoch = new EpochJournal(place, first, new EntryWriter(journal, cipher));
        for (const entry of rest) {
            if (epoch.isClosed) break;
            epoch.#apply(entry);
            if (entry.type === 'request' && entry.session !== null && isDelivery(entry)) {
                epoch.sessions.get(entry.session)?.hand(entry.entityBytes);
            }
        }
        // Replayed once; kept, it would hold the raw log in memory.
        journal.entries.length = 0;
        if (epoch.isClosed) await journal.close();
        return epoch;
    }

    get receiptedBytes(): bigint {
        return [...this.sessions.values()].reduce((sum, { receiptedBytes }) => sum + receiptedBytes, 0n);
    }

    /**
     * Resolves when the entry is on disk: true, or false if the epoch is closed and the entry is not part of it. State
     * follows only then, except for requests, whose sender waits for nothing.
     */
    async append(entry: Exclude<JournalEntry, MetaEntry>): Promise<boolean> {
        if (this.isClosed) return false;
        if (entry.type === 'request') this.#apply(entry);
        await this.#health.watch(() => this.#writer.append(entry));
        if (entry.type !== 'request') this.#apply(entry);
        return true;
    }

    /** Ends the epoch: nothing enters it any more, and its entries are final. */
    async seal(): Promise<void> {
        if (this.isClosed) return;
        this.isClosed = true;
        try {
            await this.#writer.append({ type: 'close' });
        } catch (error) {
            // Nothing was promised yet: the epoch goes on until its end can be written.
            this.isClosed = false;
            throw error;
        }
        await this.#writer.close();
    }

    close(): Promise<void> {
        return this.isClosed ? Promise.resolve() : this.#writer.close();
    }

    #apply(entry: JournalEntry): void {
        switch (entry.type) {
            case 'session': {
                const session = new Session(entry, this.meta.contract ?? '');
                if (!this.sessions.has(session.hash)) this.sessions.set(session.hash, session);
                break;
            }
            case 'proof': {
                const session = this.sessions.get(entry.session);
                if (session !== undefined) session.lastProofMs = Math.max(session.lastProofMs, entry.timestampMs);
                break;
            }
            case 'receipt':
                this.#sessionOf(entry.receipt)?.applyReceipt(entry);
                break;
            case 'request':
                this.#count(entry);
                break;
            case 'close':
                this.isClosed = true;
                break;
            case 'meta':
                break;
        }
    }

    #count(entry: RequestEntry): void {
        this.totals.requests += 1;
        this.totals.servedBytes += BigInt(entry.entityBytes);
        if (entry.session === null && isDelivery(entry)) this.totals.unreceiptedBytes += BigInt(entry.entityBytes);
    }

    #sessionOf(receipt: string): Session | undefined {
        // Bytes 16 to 48 of a receipt are the hash of its token (protocol 6.4).
        return this.sessions.get(Buffer.from(receipt, 'base64').subarray(16, 48).toString('hex'));
    }
}
