import type {
    FailedTransactionMetadata,
    SimulatedTransactionInfo,
    TransactionMetadata,
} from 'litesvm/dist/internal.js';
import litesvm from 'litesvm/dist/internal.js';
import { MAX_ACCOUNT_BYTES, SLOTS_PER_EPOCH } from '../limits.js';
import type { AccountView, InnerInstructionSet, ReturnDataView, TransactionErrorJson } from '../types.js';
import { decodeBase58, encodeBase58 } from './addresses.js';
import { instructionErrorName, transactionErrorName } from './transaction-errors.js';

/**
 * The one place that touches LiteSVM. Its native class is used rather than its wrapper: the wrapper decodes and encodes
 * every transaction again, and costs 0.7 s of start time for a library that is not needed here.
 */
const { Account, Clock, EpochSchedule, LiteSvm } = litesvm;

export interface SvmOutcome {
    readonly err: TransactionErrorJson | null;
    readonly logs: readonly string[];
    readonly computeUnitsConsumed: number;
    readonly innerInstructions: readonly InnerInstructionSet[];
    readonly returnData: ReturnDataView | null;
}

export interface SimulationOutcome extends SvmOutcome {
    /** Writable accounts as they would be; empty if the transaction failed. */
    readonly postAccounts: ReadonlyMap<string, AccountView>;
}

type NativeResult = TransactionMetadata | SimulatedTransactionInfo | FailedTransactionMetadata;
type NativeAccount = InstanceType<typeof Account>;

function isFailed(result: NativeResult): result is FailedTransactionMetadata {
    return 'err' in result;
}

function toErrorJson(failure: FailedTransactionMetadata): TransactionErrorJson {
    const error = failure.err();
    if (typeof error === 'number') return transactionErrorName(error);
    if ('err' in error) {
        const inner = error.err();
        if (typeof inner === 'number') return { InstructionError: [error.index, instructionErrorName(inner)] };
        const detail = 'code' in inner ? { Custom: inner.code } : { BorshIoError: inner.msg };
        return { InstructionError: [error.index, detail] };
    }
    if ('index' in error) return { DuplicateInstruction: error.index };
    // Two classes share the field accountIndex; only their text tells them apart.
    const kind = error.toString().includes('InsufficientFundsForRent')
        ? 'InsufficientFundsForRent'
        : 'ProgramExecutionTemporarilyRestricted';
    return { [kind]: { account_index: error.accountIndex } };
}

function toReturnData(meta: TransactionMetadata): ReturnDataView | null {
    const returned = meta.returnData();
    const data = returned.data();
    if (data.length === 0) return null;
    return { programId: encodeBase58(returned.programId()), data: [Buffer.from(data).toString('base64'), 'base64'] };
}

function toInnerInstructions(meta: TransactionMetadata): InnerInstructionSet[] {
    const sets: InnerInstructionSet[] = [];
    for (const [index, list] of meta.innerInstructions().entries()) {
        if (list.length === 0) continue;
        const instructions = list.map((entry) => {
            const compiled = entry.instruction();
            return {
                programIdIndex: compiled.programIdIndex(),
                accounts: [...compiled.accounts()],
                data: compiled.data(),
                stackHeight: entry.stackHeight(),
            };
        });
        sets.push({ index, instructions });
    }
    return sets;
}

function toOutcome(result: NativeResult): SvmOutcome {
    const failed = isFailed(result);
    const meta = failed || 'meta' in result ? result.meta() : result;
    return {
        err: failed ? toErrorJson(result) : null,
        logs: meta.logs(),
        computeUnitsConsumed: Number(meta.computeUnitsConsumed()),
        innerInstructions: toInnerInstructions(meta),
        returnData: toReturnData(meta),
    };
}

/** The runtime gives fresh accounts rent epoch 0; on a cluster every rent-exempt account reads u64::MAX. */
const RENT_EXEMPT_EPOCH = 18_446_744_073_709_551_615n;

function toView(account: NativeAccount): AccountView {
    return {
        lamports: account.lamports(),
        data: account.data(),
        owner: encodeBase58(account.owner()),
        executable: account.executable(),
        rentEpoch: RENT_EXEMPT_EPOCH,
    };
}

export class Svm {
    private readonly native: InstanceType<typeof LiteSvm>;
    private verifying = true;

    /** A fresh runtime, or the one `toBytes` saved. */
    constructor(saved?: Uint8Array) {
        this.native = saved === undefined ? new LiteSvm() : LiteSvm.fromBytes(saved);
        if (saved === undefined) {
            this.native.withNativeMints();
            this.native.setEpochSchedule(new EpochSchedule(SLOTS_PER_EPOCH, SLOTS_PER_EPOCH, false, 0n, 0n));
        }
        // LiteSVM knows a single valid blockhash and no slots: both checks are made by the ledger, over its own window.
        this.native.setBlockhashCheck(false);
        this.native.setTransactionHistory(0n);
        this.native.setSigverify(true);
    }

    toBytes(): Uint8Array {
        return this.native.toBytes();
    }

    getAccount(address: string): AccountView | undefined {
        const account = this.native.getAccount(decodeBase58(address));
        return account === null ? undefined : toView(account);
    }

    getBalance(address: string): bigint {
        return this.native.getBalance(decodeBase58(address)) ?? 0n;
    }

    setAccount(address: string, account: AccountView): void {
        if (account.data.length > MAX_ACCOUNT_BYTES) throw new RangeError('an account holds at most 10 MiB');
        this.native.setAccount(
            decodeBase58(address),
            new Account(
                account.lamports,
                account.data,
                decodeBase58(account.owner),
                account.executable,
                account.rentEpoch,
            ),
        );
    }

    getProgramAccounts(program: string): Map<string, AccountView> {
        const accounts = new Map<string, AccountView>();
        for (const entry of this.native.getProgramAccounts(decodeBase58(program))) {
            accounts.set(encodeBase58(entry.address), toView(entry.account()));
        }
        return accounts;
    }

    minimumBalance(dataLength: number): bigint {
        return this.native.minimumBalanceForRentExemption(BigInt(dataLength));
    }

    setClock(slot: bigint, unixTimestamp: bigint, epochStartTimestamp: bigint): void {
        const epoch = slot / SLOTS_PER_EPOCH;
        this.native.setClock(new Clock(slot, epochStartTimestamp, epoch, epoch + 1n, unixTimestamp));
    }

    /** Executes and commits. The bytes must have passed `parseTransaction`. */
    send(wire: Uint8Array, verifySignatures: boolean): SvmOutcome {
        this.setVerifying(verifySignatures);
        return toOutcome(this.native.sendVersionedTransaction(wire));
    }

    /** Executes without a trace. The bytes must have passed `parseTransaction`. */
    simulate(wire: Uint8Array, verifySignatures: boolean): SimulationOutcome {
        this.setVerifying(verifySignatures);
        const result = this.native.simulateVersionedTransaction(wire);
        const postAccounts = new Map<string, AccountView>();
        const outcome = toOutcome(result);
        if (!isFailed(result)) {
            for (const entry of result.postAccounts())
                postAccounts.set(encodeBase58(entry.address), toView(entry.account()));
        }
        return { ...outcome, postAccounts };
    }

    private setVerifying(verify: boolean): void {
        if (verify === this.verifying) return;
        this.native.setSigverify(verify);
        this.verifying = verify;
    }
}
