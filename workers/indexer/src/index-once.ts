import { failure, type Logger } from '@ocm/runtime';
import { PROGRAM_NAMES } from '@ocm/sdk';
import { dropVanished } from './drop-vanished.js';
import { ingestTransactions } from './ingest-transactions.js';
import { SIGNATURES_PER_PAGE, walkSignatures } from './list-signatures.js';
import type { Chain, Database, Programs } from './ports.js';
import { markAllStale, refreshAccounts } from './refresh-accounts.js';
import { readState, writeState } from './state.js';

export type IndexDeps = {
    chain: Chain;
    database: Database;
    programs: Programs;
    log: Logger;
    rescanIntervalSecs: number;
    pageSize?: number;
    nowMs?: () => number;
};
export type Summary = { transactions: number; events: number; accounts: number; dropped: number; unread: number };

/**
 * One pass: lists what is new, takes back what is gone, reads transactions, reads the accounts that they may have
 * written. Every step begins where the last one that was written ended.
 * @throws MKT_INDEXER__OTHER_CLUSTER, MKT_INDEXER__RPC_REFUSED, MKT_RUNTIME__RPC_UNREACHABLE
 */
export async function indexOnce(deps: IndexDeps, signal: AbortSignal): Promise<Summary> {
    const { chain, database, log, rescanIntervalSecs, nowMs = Date.now } = deps;
    const genesisHash = await chain.genesisHash();
    const state = await readState(database);
    if (state !== null && state.genesisHash !== genesisHash) throw otherCluster(state.genesisHash, genesisHash);
    // Read before the lists: what is final at this slot and later vanishes from them cannot be.
    const finalizedSlot = await chain.slot('finalized');
    const seenSlot = await chain.slot('confirmed');
    const progress = { ...(state ?? { indexedSlot: 0, finalizedSlot: 0, completedAtMs: 0, rescannedAtMs: 0 }) };
    await writeState(database, { ...progress, genesisHash, seenSlot: Math.max(seenSlot, state?.seenSlot ?? 0) });

    const { unsettled, highestSlot } = await walkAll(deps, signal);
    const dropped = await dropVanished({ chain, database }, unsettled);
    if (dropped.length > 0) log.warn({ dropped }, 'the cluster took transactions back');
    const ingested = await ingestTransactions({ chain, database, log }, signal);
    const startedAtMs = nowMs();
    const rescan = startedAtMs - progress.rescannedAtMs >= rescanIntervalSecs * 1_000;
    if (rescan) await markAllStale(deps, signal);
    const minSlot = Math.max(seenSlot, highestSlot);
    const accounts = await refreshAccounts(deps, minSlot, signal);
    await writeState(database, {
        genesisHash,
        seenSlot: Math.max(seenSlot, state?.seenSlot ?? 0),
        indexedSlot: seenSlot,
        finalizedSlot: Math.max(finalizedSlot, progress.finalizedSlot),
        completedAtMs: nowMs(),
        rescannedAtMs: rescan ? startedAtMs : progress.rescannedAtMs,
    });
    return { ...ingested, accounts, dropped: dropped.length };
}

async function walkAll(deps: IndexDeps, signal: AbortSignal): Promise<{ unsettled: Set<string>; highestSlot: number }> {
    const { programs, pageSize = SIGNATURES_PER_PAGE } = deps;
    const unsettled = new Set<string>();
    let highestSlot = 0;
    for (const name of PROGRAM_NAMES) {
        let walk = await walkSignatures({ ...deps, pageSize }, name, programs[name], signal);
        // One that was taken up again has not seen what is newer.
        if (!walk.complete) walk = await walkSignatures({ ...deps, pageSize }, name, programs[name], signal);
        for (const signature of walk.unsettled) unsettled.add(signature);
        highestSlot = Math.max(highestSlot, walk.highestSlot);
    }
    return { unsettled, highestSlot };
}

function otherCluster(known: string, found: string): Error {
    return failure(
        'MKT_INDEXER__OTHER_CLUSTER',
        `the database is of the cluster with genesis ${known}, rpcUrl leads to ${found}; correct rpcUrl, or start with --rebuild`,
        { known, found },
    );
}
