import { type Journal, type Logger, openJournal, type SignedTransaction } from '@ocm/runtime';
import { fromBase64, toBase64 } from '@ocm/sdk/core';
import { z } from 'zod';
import type { SendOptions, Sent, TransactionFinisher } from './ports.js';

const entrySchema = z.discriminatedUnion('state', [
    z.object({
        state: z.literal('signed'),
        key: z.string(),
        raw: z.string(),
        signature: z.string(),
        lastValidBlockHeight: z.number(),
    }),
    z.object({ state: z.literal('over'), key: z.string() }),
]);
type Entry = z.infer<typeof entrySchema>;

/** Entries after which the journal is rewritten with what is still open. */
const COMPACT_EVERY = 2_000;

export type OnceInput = {
    /** Names what must not be done twice at a time, for example `prove_evidence/<commitment>/0`. */
    key: string;
    label: string;
    signal: AbortSignal;
    send: (options: SendOptions) => Promise<Sent>;
};
/** `resumed`: a transaction of an earlier life was brought to its end; the chain says what became of it. */
export type OnceResult = { signature: string } | 'resumed';

/**
 * Transactions that were signed and whose outcome is open, on disk before they are sent. After a crash the same bytes are
 * sent again, so that there is never a second transaction while the first could still land.
 */
export class Intents {
    readonly #journal: Journal;
    readonly #open = new Map<string, SignedTransaction>();
    #entries: number;

    private constructor(journal: Journal) {
        this.#journal = journal;
        this.#entries = journal.entries.length;
        for (const payload of journal.entries)
            this.#apply(entrySchema.parse(JSON.parse(new TextDecoder().decode(payload))));
        journal.entries.length = 0;
    }

    static async open({ path, log }: { path: string; log: Logger }): Promise<Intents> {
        return new Intents(await openJournal({ path, log }));
    }

    get openCount(): number {
        return this.#open.size;
    }

    async once(finisher: TransactionFinisher, { key, label, signal, send }: OnceInput): Promise<OnceResult> {
        const earlier = this.#open.get(key);
        if (earlier !== undefined) {
            await this.#finish(key, () => finisher.finish(earlier, label, signal));
            return 'resumed';
        }
        return this.#finish(key, () =>
            send({
                signal,
                onSigned: ({ raw, signature, lastValidBlockHeight }) =>
                    this.#record({ state: 'signed', key, raw: toBase64(raw), signature, lastValidBlockHeight }),
            }),
        );
    }

    close(): Promise<void> {
        return this.#journal.close();
    }

    /** A refusal ends an intent too; while the cluster is away its outcome stays open. */
    async #finish<T>(key: string, run: () => Promise<T>): Promise<T> {
        try {
            const result = await run();
            await this.#end(key);
            return result;
        } catch (error) {
            if (isDecided(error)) await this.#end(key);
            throw error;
        }
    }

    async #end(key: string): Promise<void> {
        if (this.#open.has(key)) await this.#record({ state: 'over', key });
    }

    async #record(entry: Entry): Promise<void> {
        // Known before it is on disk: a compaction by another loop in between must not drop it.
        if (entry.state === 'signed') this.#apply(entry);
        await this.#journal.append(encode(entry));
        if (entry.state === 'over') this.#apply(entry);
        this.#entries += 1;
        if (this.#entries < COMPACT_EVERY + this.#open.size) return;
        this.#entries = this.#open.size;
        await this.#journal.compact([...this.#open].map(([key, signed]) => encode(toEntry(key, signed))));
    }

    #apply(entry: Entry): void {
        if (entry.state === 'over') this.#open.delete(entry.key);
        else {
            const { key, raw, signature, lastValidBlockHeight } = entry;
            this.#open.set(key, { raw: fromBase64(raw), signature, lastValidBlockHeight });
        }
    }
}

const DECIDED: readonly string[] = [
    'MKT_RUNTIME__TRANSACTION_REFUSED',
    'MKT_RUNTIME__TRANSACTION_EXPIRED',
    'MKT_RUNTIME__WALLET_UNFUNDED',
];

function isDecided(error: unknown): boolean {
    return error instanceof Error && 'code' in error && DECIDED.includes(String(error.code));
}

function toEntry(key: string, { raw, signature, lastValidBlockHeight }: SignedTransaction): Entry {
    return { state: 'signed', key, raw: toBase64(raw), signature, lastValidBlockHeight };
}

function encode(entry: Entry): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(entry));
}
