import type { Journal } from '@ocm/runtime';
import { encodeEntries, type JournalEntry } from './entries.js';
import type { WalCipher } from './wal-cipher.js';

/** Longest that a record waits for others to share its write: security.md 4.6 allows 50 ms, which the fsync is part of. */
const GROUP_MS = 20;
/** A full group is not waited for (security.md 4.6). */
const MAX_GROUP_CHARACTERS = 256 * 1024;

type Pending = { text: string; resolve: () => void; reject: (error: unknown) => void };

/**
 * Group commit of entries: one encryption, one write, one fsync for all that came in a moment. Whoever is waited for
 * (session, proof, receipt) goes at once and takes along what is there; a record of a response, for which nobody waits,
 * gives others the time to join it.
 */
export class EntryWriter {
    readonly #journal: Journal;
    readonly #cipher: WalCipher;
    #pending: Pending[] = [];
    #characters = 0;
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
        const text = encodeEntries([entry]);
        const done = new Promise<void>((resolve, reject) => {
            this.#pending.push({ text, resolve, reject });
        });
        this.#characters += text.length;
        if (entry.type !== 'request' || this.#characters >= MAX_GROUP_CHARACTERS) this.#isDue = true;
        this.#proceed();
        return done;
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
        const group = this.#takeGroup();
        this.#isDue = this.#pending.length > 0;
        try {
            await this.#journal.append(this.#cipher.seal(Buffer.from(group.map(({ text }) => text).join('\n'))));
            for (const { resolve } of group) resolve();
        } catch (error) {
            for (const { reject } of group) reject(error);
        }
    }

    #takeGroup(): Pending[] {
        let characters = 0;
        let count = 0;
        for (const { text } of this.#pending) {
            if (count > 0 && characters + text.length > MAX_GROUP_CHARACTERS) break;
            characters += text.length;
            count += 1;
        }
        this.#characters -= characters;
        return this.#pending.splice(0, count);
    }
}
