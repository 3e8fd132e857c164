import { errorCodeOf, type Logger } from '@ocm/runtime';
import { listAddresses, toJson } from './account-json.js';
import { type LocatedEvent, listWritten, locateEvents } from './locate-events.js';
import type { Chain, Database, Statement } from './ports.js';

/** Transactions of one database transaction, and how many of them are asked for at once. */
const BATCH = 48;
const CONCURRENT_READS = 8;
/** Of those that could not be read before, so many are tried again in a pass: they must not hold up the rest. */
const RETRIES_PER_PASS = 16;
/** A long history is read in silence no longer than this. */
const PROGRESS_INTERVAL_MS = 5_000;

export type IngestDeps = { chain: Chain; database: Database; log: Logger };
export type Ingested = { transactions: number; events: number; unread: number };

type Pending = { signature: string; slot: number; final: boolean };

/** Reads every transaction that is listed and not read yet, oldest first, and writes its events. */
export async function ingestTransactions(deps: IngestDeps, signal: AbortSignal): Promise<Ingested> {
    const total: Ingested = { transactions: 0, events: 0, unread: 0 };
    const retried = await findPending(deps.database, 'attempts > 0', 'attempts, slot, signature', RETRIES_PER_PASS);
    let toldAtMs = Date.now();
    for (let batch = retried; ; ) {
        signal.throwIfAborted();
        if (Date.now() - toldAtMs >= PROGRESS_INTERVAL_MS) {
            deps.log.info({ ...total, atSlot: batch[0]?.slot }, 'reading transactions');
            toldAtMs = Date.now();
        }
        if (batch.length > 0) {
            const { events, unread } = await ingestBatch(deps, batch);
            total.transactions += batch.length - unread;
            total.events += events;
            total.unread += unread;
        }
        batch = await findPending(deps.database, 'attempts = 0', 'slot, signature', BATCH);
        if (batch.length === 0) return total;
    }
}

async function findPending(database: Database, which: string, order: string, limit: number): Promise<Pending[]> {
    const rows = await database.all(
        `SELECT signature, slot, final FROM transactions WHERE ingested = 0 AND ${which} ORDER BY ${order} LIMIT ?`,
        [limit],
    );
    return rows.map(({ signature, slot, final }) => ({
        signature: String(signature),
        slot: Number(slot),
        final: final === 1,
    }));
}

async function ingestBatch(
    { chain, database, log }: IngestDeps,
    batch: readonly Pending[],
): Promise<{ events: number; unread: number }> {
    const statements: Statement[] = [];
    let events = 0;
    let unread = 0;
    for (let from = 0; from < batch.length; from += CONCURRENT_READS) {
        const part = batch.slice(from, from + CONCURRENT_READS);
        const read = await Promise.all(part.map(({ signature }) => chain.fetchTransaction(signature)));
        for (const [place, pending] of part.entries()) {
            const transaction = read[place] ?? null;
            const located = transaction?.slot === pending.slot ? tryLocate(transaction, pending, log) : null;
            if (transaction === null || located === null) {
                unread += 1;
                statements.push(updateAttempts(pending));
                continue;
            }
            events += located.length;
            statements.push(...toStatements(pending, located, listWritten(transaction)));
        }
    }
    await database.batch(statements);
    return { events, unread };
}

function tryLocate(
    transaction: Parameters<typeof locateEvents>[0],
    { signature }: Pending,
    log: Logger,
): LocatedEvent[] | null {
    try {
        return locateEvents(transaction);
    } catch (error) {
        log.warn({ signature, code: errorCodeOf(error), err: error }, 'a transaction cannot be decoded');
        return null;
    }
}

const updateAttempts = ({ signature }: Pending): Statement => ({
    sql: 'UPDATE transactions SET attempts = attempts + 1 WHERE signature = ?',
    params: [signature],
});

function toStatements({ signature, slot, final }: Pending, located: readonly LocatedEvent[], written: string[]) {
    return [
        // A transaction that came into another slot, or was read before: what it did then is no longer true.
        ...deleteEvents(signature),
        ...located.flatMap((event) => insertEvent(signature, slot, event)),
        ...written.map(markStale),
        {
            sql: 'UPDATE transactions SET ingested = 1, touched = ? WHERE signature = ?',
            params: [final ? null : JSON.stringify(written), signature],
        },
    ];
}

export const markStale = (address: string): Statement => ({
    sql: 'INSERT INTO stale_accounts (address) VALUES (?) ON CONFLICT (address) DO NOTHING',
    params: [address],
});

export const deleteEvents = (signature: string): Statement[] => [
    { sql: 'DELETE FROM events WHERE signature = ?', params: [signature] },
    { sql: 'DELETE FROM event_addresses WHERE signature = ?', params: [signature] },
];

function insertEvent(signature: string, slot: number, { instructionIndex, eventIndex, event }: LocatedEvent) {
    const place = [signature, instructionIndex, eventIndex, slot] as const;
    return [
        {
            sql: `INSERT INTO events (signature, instruction_index, event_index, slot, program, name, data)
                  VALUES (?, ?, ?, ?, ?, ?, ?)`,
            params: [...place, event.program, event.name, JSON.stringify(toJson(event.data))],
        },
        ...listAddresses(event.data).map((address) => ({
            sql: `INSERT INTO event_addresses (signature, instruction_index, event_index, slot, address)
                  VALUES (?, ?, ?, ?, ?)`,
            params: [...place, address],
        })),
    ];
}
