import { FAUCET_LAMPORTS } from '../limits.js';
import type { AccountView, ExecutedTransaction, TransactionErrorJson } from '../types.js';
import { ADDRESS_LOOKUP_TABLE_PROGRAM, SLOT_HASHES_SYSVAR, SYSTEM_PROGRAM, SYSVAR_OWNER } from './addresses.js';
import { readComputeBudget } from './compute-budget.js';
import { ExecutionObserver } from './execution-observer.js';
import { buildAirdropTransaction } from './faucet.js';
import { History } from './history.js';
import { type ClusterIdentity, SigningKey } from './identity.js';
import { isDurableNonceMessage } from './nonce.js';
import { PrioritizationFees } from './prioritization-fees.js';
import { ProgramAccountIndex } from './program-account-index.js';
import { type ClockState, SlotClock } from './slot-clock.js';
import { SlotHashChain } from './slot-hashes.js';
import type { SimulationOutcome, Svm } from './svm.js';
import { parseTransaction, type WireTransaction } from './wire-transaction.js';

/** Receives every change before its answer is sent; must make it durable or throw. */
export interface LedgerJournal {
    recordTransaction(clock: ClockState, wire: Uint8Array): void;
    recordAccount(clock: ClockState, address: string, account: AccountView): void;
    /** `reservedSlot`: slots up to it may have been told to clients. */
    recordClock(clock: ClockState, reservedSlot: bigint): void;
}

export interface LedgerListener {
    onSlot?(slot: bigint): void;
    onTransaction?(transaction: ExecutedTransaction): void;
    /** Addresses whose accounts may have changed. */
    onAccounts?(addresses: readonly string[]): void;
}

export interface LedgerOptions {
    readonly svm: Svm;
    readonly identity: ClusterIdentity;
    readonly clock: ClockState;
    readonly slotDurationMs: number;
    readonly historyTransactions: number;
    readonly now: () => number;
}

/** A transaction that did not land: nothing was charged and nothing recorded. */
export interface Refusal {
    readonly landed: false;
    readonly err: TransactionErrorJson;
}
export type ExecutionResult = { readonly landed: true; readonly transaction: ExecutedTransaction } | Refusal;

/** Slots reserved ahead in the journal: 10 s at 400 ms, and well within the blockhash window if they are skipped. */
const RESERVED_SLOTS = 25n;

function invokes({ message }: WireTransaction, program: string): boolean {
    return message.instructions.some(({ programIndex }) => message.staticKeys[programIndex] === program);
}

/** The cluster's state and its one thread of execution: clock, accounts, history. */
export class Ledger {
    readonly clock: SlotClock;
    readonly hashes: SlotHashChain;
    readonly history: History;
    readonly fees = new PrioritizationFees();
    readonly programAccounts: ProgramAccountIndex;
    readonly identity: ClusterIdentity;
    private readonly svm: Svm;
    private readonly faucet: SigningKey;
    private readonly observer: ExecutionObserver;
    private readonly listeners = new Set<LedgerListener>();
    private journal: LedgerJournal | undefined;
    private reservedSlot = 0n;
    private syncedSlot: bigint | undefined;
    private syncedTime: bigint | undefined;
    private airdropSerial = 0;
    private failure: Error | undefined;

    constructor(options: LedgerOptions) {
        this.svm = options.svm;
        this.identity = options.identity;
        this.clock = new SlotClock({
            initial: options.clock,
            slotDurationMs: options.slotDurationMs,
            now: options.now,
        });
        this.hashes = new SlotHashChain(options.identity.slotHashSecret);
        this.hashes.advanceTo(this.clock.slot);
        this.history = new History(options.historyTransactions);
        this.programAccounts = new ProgramAccountIndex(this.svm);
        this.faucet = new SigningKey(options.identity.faucetSeed);
        this.observer = new ExecutionObserver(this.svm);
    }

    /** Funds the faucet; once, at genesis. */
    initializeGenesis(): void {
        this.svm.setAccount(this.faucet.address, {
            lamports: FAUCET_LAMPORTS,
            data: new Uint8Array(),
            owner: SYSTEM_PROGRAM,
            executable: false,
            rentEpoch: 0n,
        });
    }

    listen(listener: LedgerListener): () => void {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }

    attachJournal(journal: LedgerJournal): void {
        this.journal = journal;
        this.reserveSlots(true);
    }

    /** Throws if the journal failed before: what was not made durable must not be built upon. */
    assertRunning(): void {
        if (this.failure !== undefined) throw this.failure;
    }

    /** Begins the slots the wall clock owes. */
    keepTime(): void {
        for (let due = this.clock.dueSlots(); due > 0; due--) this.tick();
    }

    tick(): void {
        this.clock.tick();
        this.enterSlot(false);
    }

    advanceSlots(slots: bigint): void {
        this.clock.advance(slots);
        this.enterSlot(true);
    }

    travel(seconds: number): void {
        this.clock.travel(seconds);
        this.enterSlot(true);
    }

    getAccount(address: string): AccountView | undefined {
        this.syncSysvars();
        return this.svm.getAccount(address);
    }

    getBalance(address: string): bigint {
        return this.svm.getBalance(address);
    }

    minimumBalance(dataLength: number): bigint {
        return this.svm.minimumBalance(dataLength);
    }

    get runtime(): Svm {
        return this.svm;
    }

    /** Overwrites an account, as if it had always been so. */
    setAccount(address: string, account: AccountView): void {
        this.assertRunning();
        this.syncSysvars();
        this.svm.setAccount(address, account);
        this.durably((journal) => journal.recordAccount(this.clock.snapshot(), address, account));
        this.programAccounts.touch([address]);
        for (const listener of this.listeners) listener.onAccounts?.([address]);
    }

    /** Why a message may not be executed now by its blockhash or signature alone, or null. */
    checkAge(transaction: WireTransaction): TransactionErrorJson | null {
        const [signature = ''] = transaction.signatures;
        if (this.history.get(signature) !== undefined) return 'AlreadyProcessed';
        if (this.hashes.slotOf(transaction.message.recentBlockhash) !== undefined) return null;
        const isNonce = isDurableNonceMessage(transaction.message, (address) => this.svm.getAccount(address));
        return isNonce ? null : 'BlockhashNotFound';
    }

    simulate(transaction: WireTransaction, verifySignatures: boolean): SimulationOutcome {
        this.syncSysvars();
        const outcome = this.svm.simulate(transaction.bytes, verifySignatures);
        if (outcome.err !== 'InvalidProgramForExecution' || !this.lacksProgram(transaction)) return outcome;
        return { ...outcome, err: 'ProgramAccountNotFound' };
    }

    /** LiteSVM does not tell a program that is missing from one that cannot be run; Agave does. */
    private lacksProgram({ message }: WireTransaction): boolean {
        return message.instructions.some(
            ({ programIndex }) => this.svm.getAccount(message.staticKeys[programIndex] ?? '') === undefined,
        );
    }

    /** Executes, records, tells the listeners. The journal has it when this returns. */
    execute(transaction: WireTransaction, verifySignatures: boolean): ExecutionResult {
        this.assertRunning();
        const refused = this.checkAge(transaction);
        if (refused !== null) return { landed: false, err: refused };
        this.syncSysvars();
        const observed = this.observer.execute(transaction, verifySignatures);
        if (!observed.landed) return { landed: false, err: observed.err };
        const clock = this.clock.snapshot();
        this.durably((journal) => journal.recordTransaction(clock, transaction.bytes));
        const executed: ExecutedTransaction = {
            ...observed.effects,
            sequence: this.history.count,
            indexInSlot: this.history.inSlot(clock.slot).length,
            slot: clock.slot,
            blockTime: clock.unixTimestamp,
            signatures: transaction.signatures,
            wire: transaction.bytes,
            computeUnitPrice: readComputeBudget(transaction.message).unitPrice,
        };
        this.remember(executed, observed.writableKeys);
        // Addresses added to a lookup table work from the next slot on. On a cluster that slot has come by the time the
        // sender hears of it; here it is begun at once.
        if (invokes(transaction, ADDRESS_LOOKUP_TABLE_PROGRAM)) this.tick();
        return { landed: true, transaction: executed };
    }

    /** Transfers out of the faucet; the transaction is a real one and named by its signature. */
    airdrop(recipient: string, lamports: bigint): ExecutionResult {
        const wire = buildAirdropTransaction({
            faucet: this.faucet,
            recipient,
            lamports,
            blockhash: this.hashes.blockhash(this.clock.slot),
            serial: this.airdropSerial++,
        });
        return this.execute(parseTransaction(wire), false);
    }

    /** Replays what a journal recorded, at the slot and time it happened. */
    replayAt(clock: ClockState, action: (ledger: Ledger) => void): void {
        this.clock.restore(clock);
        this.hashes.advanceTo(clock.slot);
        action(this);
    }

    /** Takes back into the history what a snapshot kept. */
    recall(executed: ExecutedTransaction): void {
        this.history.add(executed);
    }

    private remember(executed: ExecutedTransaction, writableKeys: readonly string[]): void {
        this.history.add(executed);
        this.fees.observe(executed.slot, executed.computeUnitPrice, writableKeys);
        this.programAccounts.touch(writableKeys);
        for (const listener of this.listeners) {
            listener.onTransaction?.(executed);
            listener.onAccounts?.(writableKeys);
        }
    }

    private enterSlot(jumped: boolean): void {
        this.hashes.advanceTo(this.clock.slot);
        this.reserveSlots(jumped);
        for (const listener of this.listeners) listener.onSlot?.(this.clock.slot);
    }

    private reserveSlots(force: boolean): void {
        if (this.journal === undefined || (!force && this.clock.slot < this.reservedSlot)) return;
        this.reservedSlot = this.clock.slot + RESERVED_SLOTS;
        this.durably((journal) => journal.recordClock(this.clock.snapshot(), this.reservedSlot));
    }

    private durably(record: (journal: LedgerJournal) => void): void {
        if (this.journal === undefined) return;
        try {
            record(this.journal);
        } catch (cause) {
            this.failure = new Error('the journal cannot be written; the cluster stopped taking changes', { cause });
            throw this.failure;
        }
    }

    /** Clock and SlotHashes are written into the runtime only when something is about to look at them. */
    private syncSysvars(): void {
        const { slot, unixTimestamp } = this.clock;
        if (slot === this.syncedSlot && unixTimestamp === this.syncedTime) return;
        this.svm.setClock(slot, unixTimestamp, unixTimestamp);
        if (slot !== this.syncedSlot) {
            this.svm.setAccount(SLOT_HASHES_SYSVAR, {
                lamports: this.svm.getBalance(SLOT_HASHES_SYSVAR) || 1n,
                data: this.hashes.sysvarData(slot),
                owner: SYSVAR_OWNER,
                executable: false,
                rentEpoch: 0n,
            });
        }
        this.syncedSlot = slot;
        this.syncedTime = unixTimestamp;
    }
}
