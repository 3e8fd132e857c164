import { PROGRAM_NAMES } from '@ocm/sdk';
import type { IndexerStatus } from '@ocm/sdk/http';
import { readCursor } from './list-signatures.js';
import type { Database, Programs } from './ports.js';
import { readState } from './state.js';

/** How far the index goes and how far it is behind. */
export async function readStatus(
    database: Database,
    { programs, rebuilding, nowMs }: { programs: Programs; rebuilding: boolean; nowMs: number },
): Promise<IndexerStatus> {
    const state = await readState(database);
    const count = async (sql: string) => Number((await database.all(sql))[0]?.n ?? 0);
    const indexedSlot = state?.indexedSlot ?? 0;
    const completed = state !== null && state.completedAtMs > 0;
    return {
        genesisHash: state?.genesisHash ?? null,
        ready: completed,
        rebuilding,
        indexedSlot,
        finalizedSlot: state?.finalizedSlot ?? 0,
        lagSlots: Math.max(0, (state?.seenSlot ?? 0) - indexedSlot),
        lagSecs: completed ? Math.max(0, Math.floor((nowMs - state.completedAtMs) / 1_000)) : null,
        pendingTransactions: await count('SELECT COUNT(*) AS n FROM transactions WHERE ingested = 0'),
        staleAccounts: await count('SELECT COUNT(*) AS n FROM stale_accounts'),
        programs: await Promise.all(
            PROGRAM_NAMES.map(async (program) => {
                const { head } = await readCursor(database, program);
                return {
                    program,
                    address: programs[program].toBase58(),
                    signature: head?.signature ?? null,
                    slot: head?.slot ?? null,
                };
            }),
        ),
    };
}
