import type { Journal } from '@ocm/runtime';
import { encodeEntry, type JournalEntry } from './entries.js';
import type { WalCipher } from './wal-cipher.js';

/** Longest that a record waits for others to share its write: security.md 4.6 allows 50 ms, which the fsync is part of. */
const GROUP_MS = 20;
/** A full group is not waited for (security.md 4.6). */
const MAX_GROUP_CHARACTERS = 256 * 1024;

/** Entries that share a write; whoever added one waits for all. */
class Group {
    readonly texts: string[] = [];
    characters = 0;
    readonly written: Promise<void>;
    resolve: () => void = () => undefined;
    reject: (error: unknown) => void = () => undefined;

    constructor() {
        this.written = new Promise((resolve, reject) => {
            this.resolve = resolve;
            this.reject = reject;
        });
    }
}

/**
 * Group commit of entries: one encryption, one write, one fsync for all that came in a moment. Whoever is waited for
 * (session, proof, receipt) goes at once and takes along what is there; a record of a response, for which nobody waits,
 * gives others the time to join it.
 */
export class EntryWriter {
    readonly #journal: Journal;
    readonly #cipher: WalCipher;
    /** What waits; only the last takes more. */
    #pending: Group[] = [];
    /** Somebody waits for what is pending, or has waited long enough. */
    #isDue = false;
    #timer: NodeJS.Timeout | null = null;
    #flushing: Promise<void> | null = null;

    constructor(journal: Journal, cipher: WalCipher) {
        this.#journal = journal;
        this.#cipher = cipher;
    }

    /** Resolves when the entry is on disk. @throws as `Journal.append` */
    append(entry: JournalEntry): Promise<void> {
        const text = encodeEntry(entry);
        const group = this.#groupFor(text.length);
        group.texts.push(text);
        group.characters += text.length;
        if (entry.type !== 'request' || this.#pending.length > 1 || group.characters >= MAX_GROUP_CHARACTERS) {
            this.#isDue = true;
        }
        this.#proceed();
        return group.written;
    }

    /** Writes what waits, then closes the journal. */
    async close(): Promise<void> {
        while (this.#pending.length > 0 || this.#flushing !== null) {
            this.#isDue = true;
            this.#proceed();
            await this.#flushing;
        }
        await this.#journal.close();
    }

    #proceed(): void {
        if (this.#flushing !== null || this.#pending.length === 0) return;
        if (this.#isDue) {
            if (this.#timer !== null) clearTimeout(this.#timer);
            this.#timer = null;
            this.#flushing = this.#flush().finally(() => {
                this.#flushing = null;
                this.#proceed();
            });
            return;
        }
        this.#timer ??= setTimeout(() => {
            this.#timer = null;
            this.#isDue = true;
            this.#proceed();
        }, GROUP_MS);
    }

    async #flush(): Promise<void> {
        // One turn of the event loop gathers what is asked for in the same moment.
        await new Promise(setImmediate);
        const group = this.#pending.shift();
        if (group === undefined) return;
        this.#isDue = this.#pending.length > 0;
        try {
            await this.#journal.append(this.#cipher.seal(Buffer.from(group.texts.join('\n'))));
            group.resolve();
        } catch (error) {
            group.reject(error);
        }
    }

    #groupFor(characters: number): Group {
        const last = this.#pending.at(-1);
        if (last !== undefined && last.characters + characters <= MAX_GROUP_CHARACTERS) return last;
        const group = new Group();
        this.#pending.push(group);
        return group;
    }
}
