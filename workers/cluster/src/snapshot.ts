import type { ClusterIdentity } from './ledger/identity.js';
import { Ledger, type LedgerOptions } from './ledger/ledger.js';
import type { ClockState } from './ledger/slot-clock.js';
import { Svm } from './ledger/svm.js';
import type { ExecutedTransaction } from './types.js';

/** All of a cluster at one moment, to begin others from. Immutable; may be used many times. */
export interface ClusterSnapshot {
    readonly runtime: Uint8Array;
    readonly identity: ClusterIdentity;
    readonly clock: ClockState;
    readonly transactions: readonly ExecutedTransaction[];
}

export function captureSnapshot(ledger: Ledger): ClusterSnapshot {
    return {
        runtime: ledger.runtime.toBytes(),
        identity: ledger.identity,
        clock: ledger.clock.snapshot(),
        transactions: ledger.history.since(0),
    };
}

export function restoreSnapshot(
    snapshot: ClusterSnapshot,
    options: Pick<LedgerOptions, 'slotDurationMs' | 'historyTransactions' | 'now'>,
): Ledger {
    const svm = new Svm(snapshot.runtime);
    const ledger = new Ledger({ ...options, svm, identity: snapshot.identity, clock: snapshot.clock });
    for (const transaction of snapshot.transactions) ledger.recall(transaction);
    return ledger;
}
