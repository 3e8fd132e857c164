import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Journal, openJournal } from '@ocm/runtime';
import { Session } from '../sessions/session.js';
import {
    decodeEntry,
    encodeEntry,
    isDelivery,
    type JournalEntry,
    type MetaEntry,
    type RequestEntry,
} from './entries.js';

export interface EpochTotals {
    requests: number;
    /** Entity bytes of all responses. */
    servedBytes: bigint;
    /** Of these, deliveries to viewers without keys. */
    unreceiptedBytes: bigint;
}

/** Write-ahead log of one contract's epoch at this node, with the state that follows from it. */
export class EpochJournal {
    readonly meta: MetaEntry;
    readonly folder: string;
    readonly sessions = new Map<string, Session>();
    readonly totals: EpochTotals = { requests: 0, servedBytes: 0n, unreceiptedBytes: 0n };
    isClosed = false;
    readonly #journal: Journal;

    private constructor(folder: string, meta: MetaEntry, journal: Journal) {
        this.folder = folder;
        this.meta = meta;
        this.#journal = journal;
    }

    static async create(folder: string, meta: MetaEntry): Promise<EpochJournal> {
        const journal = await openJournal({ path: journalPath(folder) });
        await journal.append(encodeEntry(meta));
        return new EpochJournal(folder, meta, journal);
    }

    /** Replays what is on disk; null if the process died before the journal said which epoch it is. */
    static async open(folder: string): Promise<EpochJournal | null> {
        const journal = await openJournal({ path: journalPath(folder) });
        const [first, ...rest] = journal.entries.map(decodeEntry);
        if (first?.type !== 'meta') {
            await journal.close();
            await rm(folder, { recursive: true });
            return null;
        }
        const epoch = new EpochJournal(folder, first, journal);
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
        await this.#journal.append(encodeEntry(entry));
        if (entry.type !== 'request') this.#apply(entry);
        return true;
    }

    /** Ends the epoch: nothing enters it any more, and its entries are final. */
    async seal(): Promise<void> {
        if (this.isClosed) return;
        this.isClosed = true;
        await this.#journal.append(encodeEntry({ type: 'close' }));
        await this.#journal.close();
    }

    /** All entries of a sealed epoch, from disk. */
    async read(): Promise<JournalEntry[]> {
        if (!this.isClosed) throw new Error('an open epoch has no final entries');
        const journal = await openJournal({ path: journalPath(this.folder) });
        const entries = journal.entries.map(decodeEntry);
        await journal.close();
        const end = entries.findIndex(({ type }) => type === 'close');
        return end < 0 ? entries : entries.slice(0, end);
    }

    close(): Promise<void> {
        return this.isClosed ? Promise.resolve() : this.#journal.close();
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

const journalPath = (folder: string): string => join(folder, 'journal.wal');
