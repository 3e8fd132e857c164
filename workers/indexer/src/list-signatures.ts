import type { Logger } from '@ocm/runtime';
import type { ProgramName } from '@ocm/sdk';
import type { PublicKey } from '@solana/web3.js';
import type { Chain, Database, SignatureInfo, Statement } from './ports.js';

/** Most that `getSignaturesForAddress` gives at once. */
export const SIGNATURES_PER_PAGE = 1_000;

export type WalkDeps = { chain: Chain; database: Database; log: Logger; pageSize: number };
export type Walk = {
    /** Signatures listed that are not final; none of an older walk that was taken up again. */
    unsettled: ReadonlySet<string>;
    /** Whether the walk began at the newest transaction, so that what it did not meet is gone. */
    complete: boolean;
    highestSlot: number;
};

/**
 * Walks from the newest transaction of a program back to the newest final one that is known, and writes each page and
 * how far the walk is in one transaction. A walk that was cut short is taken up where it was: history is never held in
 * memory.
 */
export async function walkSignatures(
    { chain, database, log, pageSize }: WalkDeps,
    name: ProgramName,
    program: PublicKey,
    signal: AbortSignal,
): Promise<Walk> {
    const cursor = await readCursor(database, name);
    const unsettled = new Set<string>();
    const complete = cursor.walkBefore === null;
    let { walkBefore: before, walkHead } = cursor;
    let highestSlot = 0;
    for (;;) {
        signal.throwIfAborted();
        const page = await chain.listSignatures(program, {
            before: before ?? undefined,
            until: cursor.head?.signature,
            limit: pageSize,
        });
        for (const info of page) {
            highestSlot = Math.max(highestSlot, info.slot);
            if (!info.final) unsettled.add(info.signature);
        }
        walkHead ??= page.find(({ final }) => final) ?? null;
        const last = page.at(-1);
        const ended = last === undefined || page.length < pageSize;
        before = last?.signature ?? null;
        await database.batch([
            ...page.map(toStatement),
            ended
                ? writeCursor(name, { head: walkHead ?? cursor.head, walkBefore: null, walkHead: null })
                : writeCursor(name, {
                      head: cursor.head,
                      // Where a walk is taken up must be a transaction that stays.
                      ...(last.final && walkHead
                          ? { walkBefore: before, walkHead }
                          : { walkBefore: null, walkHead: null }),
                  }),
        ]);
        if (ended) return { unsettled, complete, highestSlot };
        log.info({ program: name, downToSlot: last.slot }, 'listing transactions');
    }
}

type Head = Pick<SignatureInfo, 'signature' | 'slot'>;
type Cursor = { head: Head | null; walkBefore: string | null; walkHead: Head | null };

export async function readCursor(database: Database, name: ProgramName): Promise<Cursor> {
    const [row] = await database.all('SELECT * FROM cursors WHERE program = ?', [name]);
    const head = (signature: unknown, slot: unknown): Head | null =>
        typeof signature === 'string' ? { signature, slot: Number(slot) } : null;
    return {
        head: head(row?.head_signature, row?.head_slot),
        walkBefore: typeof row?.walk_before === 'string' ? row.walk_before : null,
        walkHead: head(row?.walk_signature, row?.walk_slot),
    };
}

function writeCursor(name: ProgramName, { head, walkBefore, walkHead }: Cursor): Statement {
    return {
        sql: `INSERT INTO cursors (program, head_signature, head_slot, walk_before, walk_signature, walk_slot)
              VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (program) DO UPDATE SET head_signature = excluded.head_signature,
              head_slot = excluded.head_slot, walk_before = excluded.walk_before,
              walk_signature = excluded.walk_signature, walk_slot = excluded.walk_slot`,
        params: [
            name,
            head?.signature ?? null,
            head?.slot ?? null,
            walkBefore,
            walkHead?.signature ?? null,
            walkHead?.slot ?? null,
        ],
    };
}

/** One that failed has nothing to read, unless it had succeeded on another fork: what came into another slot is read again. */
function toStatement({ signature, slot, blockTime, failed, final }: SignatureInfo): Statement {
    return {
        sql: `INSERT INTO transactions (signature, slot, block_time, failed, final, ingested, attempts, touched)
              VALUES (?, ?, ?, ?, ?, ?, 0, NULL) ON CONFLICT (signature) DO UPDATE SET
              ingested = CASE WHEN transactions.slot = excluded.slot AND transactions.failed = excluded.failed
                         THEN transactions.ingested ELSE 0 END,
              touched = CASE WHEN excluded.final = 1 AND transactions.slot = excluded.slot THEN NULL
                        ELSE transactions.touched END,
              slot = excluded.slot, block_time = COALESCE(excluded.block_time, transactions.block_time),
              failed = excluded.failed, final = CASE WHEN transactions.final = 1 THEN 1 ELSE excluded.final END`,
        params: [signature, slot, blockTime, Number(failed), Number(final), Number(failed)],
    };
}
