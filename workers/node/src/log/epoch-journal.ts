import { rm } from 'node:fs/promises';
import { openJournal } from '@ocm/runtime';
import type { Session } from '../sessions/session.js';
import { decodeEntries, type JournalEntry, type MetaEntry } from './entries.js';
import { EntryWriter } from './entry-writer.js';
import { type EpochFacts, joinFacts, RecordCounts } from './epoch-facts.js';
import { readEpochKey } from './epoch-key.js';
import { EpochState, type EpochTotals } from './epoch-state.js';
import { cipherOf, journalPath, unreadable, withoutKey } from './journal-file.js';
import type { StorageHealth } from './storage-health.js';
import { WalCipher } from './wal-cipher.js';

export interface JournalPlace {
    folder: string;
    health: StorageHealth;
}

/** Write-ahead log of one contract's epoch at this node, with the state that follows from it. */
export class EpochJournal {
    readonly folder: string;
    readonly #state: EpochState;
    readonly #counts: RecordCounts;
    readonly #writer: EntryWriter;
    readonly #health: StorageHealth;

    private constructor(place: JournalPlace, state: EpochState, counts: RecordCounts, writer: EntryWriter) {
        this.folder = place.folder;
        this.#health = place.health;
        this.#state = state;
        this.#counts = counts;
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
        return new EpochJournal(place, new EpochState(meta), new RecordCounts(), writer);
    }

    /** Replays what is on disk, group by group; null if the process died before the journal said which epoch it is. */
    static async open(place: JournalPlace): Promise<EpochJournal | null> {
        const { folder } = place;
        const key = await readEpochKey(folder);
        const cipher = key === null ? null : new WalCipher(key);
        const counts = new RecordCounts();
        const replayed: { state: EpochState | null } = { state: null };
        const journal = await openJournal({
            path: journalPath(folder),
            replay: (payload) => {
                if (cipher === null) throw withoutKey(folder);
                for (const entry of decodeEntries(cipher.open(payload))) {
                    if (entry.type === 'request' && replayed.state?.isClosed === false) counts.add(entry);
                    if (replayed.state !== null) replayed.state.replay(entry);
                    else if (entry.type === 'meta') replayed.state = new EpochState(entry);
                    else throw unreadable(folder, 'does not begin with its epoch');
                }
            },
        });
        const { state } = replayed;
        if (state === null || cipher === null) {
            await journal.close();
            await rm(folder, { recursive: true });
            return null;
        }
        if (state.isClosed) await journal.close();
        return new EpochJournal(place, state, counts, new EntryWriter(journal, cipher));
    }

    get meta(): MetaEntry {
        return this.#state.meta;
    }

    get sessions(): ReadonlyMap<string, Session> {
        return this.#state.sessions;
    }

    get totals(): Readonly<EpochTotals> {
        return this.#state.totals;
    }

    get isClosed(): boolean {
        return this.#state.isClosed;
    }

    /** What is on disk, once the epoch is closed, without reading it again; `contract` is that of the epoch. */
    facts(contract: string): EpochFacts {
        const { epoch, rules } = this.meta;
        return joinFacts({ contract, epoch, rules }, this.#state.sessions, this.#counts);
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
        if (entry.type === 'request') this.#state.apply(entry);
        await this.#health.watch(() => this.#writer.append(entry));
        if (entry.type === 'request') this.#counts.add(entry);
        else this.#state.apply(entry);
        return true;
    }

    /** Ends the epoch: nothing enters it any more, and its entries are final. */
    async seal(): Promise<void> {
        if (this.isClosed) return;
        this.#state.isClosed = true;
        try {
            await this.#writer.append({ type: 'close' });
        } catch (error) {
            // Nothing was promised yet: the epoch goes on until its end can be written.
            this.#state.isClosed = false;
            throw error;
        }
        await this.#writer.close();
    }

    close(): Promise<void> {
        return this.isClosed ? Promise.resolve() : this.#writer.close();
    }
}
