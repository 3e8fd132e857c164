import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from 'pino';
import type { Ledger, LedgerJournal, LedgerOptions } from '../ledger/ledger.js';
import { MalformedTransactionError, parseTransaction } from '../ledger/wire-transaction.js';
import { restoreSnapshot } from '../snapshot.js';
import { damaged, StateError } from './errors.js';
import { appendToSegments, type HistorySegment, readSegments, removeSegments } from './history-log.js';
import { createJournalFile, Journal, type JournalRecord } from './journal.js';
import { acquireLock, type StateLock } from './lock.js';
import {
    RUNTIME_VERSION,
    readSnapshotFile,
    type SnapshotContents,
    syncDirectory,
    writeSnapshotFile,
} from './snapshot-file.js';

const MAX_JOURNAL_BYTES = 32 * 1024 * 1024;
const SYNC_INTERVAL_MS = 1_000;
const OWN_FILES = /^(snapshot-\d+\.bin(\.tmp)?|journal-\d+\.log|history-\d+\.log)$/;

export interface StateStoreOptions extends Pick<LedgerOptions, 'slotDurationMs' | 'historyTransactions' | 'now'> {
    readonly directory: string;
    readonly log: Logger;
    readonly snapshotEveryChanges: number;
    /** Makes the ledger of a folder that is new. */
    readonly create: () => Ledger;
}

const snapshotName = (generation: number): string => `snapshot-${generation}.bin`;
const journalName = (generation: number): string => `journal-${generation}.log`;

/** Newest generation that has a snapshot; undefined for a new folder. Throws StateError for a folder missing parts. */
function findGeneration(directory: string): number | undefined {
    const files = readdirSync(directory);
    const generations = files.map((file) => Number(/^snapshot-(\d+)\.bin$/.exec(file)?.[1] ?? 0));
    const newest = Math.max(0, ...generations);
    if (newest > 0) return newest;
    const orphan = files.find((file) => /^(journal|history)-\d+\.log$/.test(file));
    // The first snapshot is written after its journal: a lone empty first journal is a start that was interrupted.
    if (orphan !== undefined && orphan !== journalName(1))
        throw damaged(join(directory, orphan), 'its snapshot is missing');
    return undefined;
}

/** Removes the state files of a folder, and no others. Throws StateError if a cluster is using it. */
export function resetState(directory: string): void {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const lock = acquireLock(directory);
    try {
        for (const file of readdirSync(directory)) if (OWN_FILES.test(file)) rmSync(join(directory, file));
    } finally {
        lock.release();
    }
}

/** A ledger on disk: the last snapshot, the journal since, and the transactions before. */
export class StateStore {
    private lastSync = 0;
    private syncFailure: Error | undefined;

    private constructor(
        readonly ledger: Ledger,
        private readonly options: StateStoreOptions,
        private readonly lock: StateLock,
        private journal: Journal,
        private generation: number,
        private segments: HistorySegment[],
        private savedSequence: number,
    ) {}

    /** Opens a folder, or begins one. Throws StateError; nothing is changed in a folder that cannot be used. */
    static open(options: StateStoreOptions): StateStore {
        const { directory, log } = options;
        mkdirSync(directory, { recursive: true, mode: 0o700 });
        const lock = acquireLock(directory);
        if (lock.takenOverFrom !== undefined) {
            log.warn({ directory, pid: lock.takenOverFrom }, 'took over the lock of a process that is gone');
        }
        try {
            const generation = findGeneration(directory);
            const store =
                generation === undefined
                    ? StateStore.begin(options, lock)
                    : StateStore.resume(options, lock, generation);
            store.ledger.attachJournal(store.journalProxy());
            return store;
        } catch (error) {
            lock.release();
            throw error;
        }
    }

    private static begin(options: StateStoreOptions, lock: StateLock): StateStore {
        const ledger = options.create();
        const path = join(options.directory, journalName(1));
        createJournalFile(path, 1);
        writeSnapshotFile(join(options.directory, snapshotName(1)), contentsOf(ledger, 1, []));
        const { journal } = Journal.open(path, 1);
        options.log.info(
            { directory: options.directory, genesisHash: ledger.identity.genesisHash },
            'new state folder',
        );
        return new StateStore(ledger, options, lock, journal, 1, [], 0);
    }

    private static resume(options: StateStoreOptions, lock: StateLock, generation: number): StateStore {
        const { directory, log } = options;
        const started = performance.now();
        const snapshotPath = join(directory, snapshotName(generation));
        const contents = readSnapshotFile(snapshotPath);
        const { meta } = contents;
        if (meta.generation !== generation) throw damaged(snapshotPath, 'it was renamed');
        const transactions = readSegments(directory, meta.history);
        const journalPath = join(directory, journalName(generation));
        let opened: ReturnType<typeof Journal.open>;
        try {
            opened = Journal.open(journalPath, generation);
        } catch (cause) {
            if (cause instanceof StateError) throw cause;
            throw damaged(journalPath, 'it cannot be read', cause);
        }
        const { journal, records, tornBytes } = opened;
        if (tornBytes > 0) log.warn({ file: journalPath, tornBytes }, 'dropped the torn end of the journal');
        const ledger = restoreLedger(contents, transactions, options);
        replay(ledger, records, journalPath);
        removeLeftovers(directory, generation, meta.history);
        log.info(
            {
                directory,
                slot: Number(ledger.clock.slot),
                transactions: ledger.history.count,
                replayed: records.length,
                durationMs: Math.round(performance.now() - started),
            },
            'state restored',
        );
        return new StateStore(ledger, options, lock, journal, generation, meta.history, meta.nextSequence);
    }

    /** Called now and then: syncs the journal, and folds it into a snapshot when it got long. */
    maintain(): void {
        if (this.syncFailure !== undefined) throw this.syncFailure;
        const { bytes, changes } = this.journal.extent;
        if (changes >= this.options.snapshotEveryChanges || bytes >= MAX_JOURNAL_BYTES) this.takeSnapshot();
        const now = performance.now();
        if (now - this.lastSync < SYNC_INTERVAL_MS) return;
        this.lastSync = now;
        this.journal.sync((error) => {
            this.syncFailure = error;
        });
    }

    close(): void {
        this.takeSnapshot();
        this.journal.close();
        this.lock.release();
    }

    private takeSnapshot(): void {
        const { ledger } = this;
        const { directory, historyTransactions, log } = this.options;
        const started = performance.now();
        ledger.assertRunning();
        const next = this.generation + 1;
        const fresh = ledger.history.since(this.savedSequence);
        const segments = appendToSegments(directory, this.segments, fresh, historyTransactions, next);
        // The journal of the new generation is there before its snapshot is: a snapshot without one would be damaged.
        const journalPath = join(directory, journalName(next));
        createJournalFile(journalPath, next);
        writeSnapshotFile(join(directory, snapshotName(next)), contentsOf(ledger, next, segments));
        this.journal.close();
        this.journal = Journal.open(journalPath, next).journal;
        this.generation = next;
        this.segments = segments;
        this.savedSequence = ledger.history.count;
        removeLeftovers(directory, next, segments);
        const durationMs = Math.round(performance.now() - started);
        log.info(
            { slot: Number(ledger.clock.slot), transactions: ledger.history.count, durationMs },
            'snapshot written',
        );
    }

    /** The journal changes with every snapshot; the ledger keeps one reference. */
    private journalProxy(): LedgerJournal {
        return {
            recordTransaction: (clock, wire) => this.journal.recordTransaction(clock, wire),
            recordAccount: (clock, address, account) => this.journal.recordAccount(clock, address, account),
            recordClock: (clock, reservedSlot) => this.journal.recordClock(clock, reservedSlot),
        };
    }
}

function contentsOf(ledger: Ledger, generation: number, history: HistorySegment[]): SnapshotContents {
    const { identity } = ledger;
    const clock = ledger.clock.snapshot();
    return {
        runtime: ledger.runtime.toBytes(),
        meta: {
            generation,
            runtimeVersion: RUNTIME_VERSION,
            genesisHash: identity.genesisHash,
            slotHashSecret: Buffer.from(identity.slotHashSecret).toString('hex'),
            faucetSeed: Buffer.from(identity.faucetSeed).toString('hex'),
            slot: clock.slot.toString(),
            unixTimestamp: clock.unixTimestamp.toString(),
            offsetMs: clock.offsetMs,
            nextSequence: ledger.history.count,
            history,
        },
    };
}

function restoreLedger(
    { meta, runtime }: SnapshotContents,
    transactions: Parameters<typeof restoreSnapshot>[0]['transactions'],
    options: StateStoreOptions,
): Ledger {
    const snapshot = {
        runtime,
        identity: {
            genesisHash: meta.genesisHash,
            slotHashSecret: Buffer.from(meta.slotHashSecret, 'hex'),
            faucetSeed: Buffer.from(meta.faucetSeed, 'hex'),
        },
        clock: { slot: BigInt(meta.slot), unixTimestamp: BigInt(meta.unixTimestamp), offsetMs: meta.offsetMs },
        transactions,
    };
    return restoreSnapshot(snapshot, options);
}

/** Does again what the journal holds, each record at its slot and time; then goes past every slot clients were told of. */
function replay(ledger: Ledger, records: readonly JournalRecord[], file: string): void {
    let latest = ledger.clock.snapshot();
    for (const [index, record] of records.entries()) {
        latest = record.clock;
        ledger.replayAt(record.clock, () => {
            if (record.kind === 'account') ledger.setAccount(record.address, record.account);
            if (record.kind === 'transaction') replayTransaction(ledger, record.wire, file, index);
        });
    }
    const reserved = records.reduce(
        (slot, record) => (record.kind === 'clock' && record.reservedSlot > slot ? record.reservedSlot : slot),
        latest.slot,
    );
    ledger.replayAt({ ...latest, slot: reserved }, () => ledger.tick());
}

function replayTransaction(ledger: Ledger, wire: Uint8Array, file: string, index: number): void {
    try {
        const result = ledger.execute(parseTransaction(wire), false);
        if (result.landed) return;
        throw damaged(file, `record ${index} landed before and does not now: ${JSON.stringify(result.err)}`);
    } catch (error) {
        if (error instanceof MalformedTransactionError) throw damaged(file, `record ${index} is no transaction`, error);
        throw error;
    }
}

/** Removes files of other generations: older ones, and younger ones whose snapshot was not finished. */
function removeLeftovers(directory: string, generation: number, segments: readonly HistorySegment[]): void {
    const wanted = new Set([snapshotName(generation), journalName(generation), ...segments.map(({ file }) => file)]);
    removeSegments(
        directory,
        readdirSync(directory).filter((file) => OWN_FILES.test(file) && !wanted.has(file)),
    );
    syncDirectory(directory);
}
