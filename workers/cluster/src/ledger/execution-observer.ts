import type { ExecutedTransaction, LoadedAddresses, TokenBalanceView, TransactionErrorJson } from '../types.js';
import {
    ADDRESS_LOOKUP_TABLE_PROGRAM,
    COMPUTE_BUDGET_PROGRAM,
    MEMO_PROGRAM,
    SYSTEM_PROGRAM,
    UPGRADEABLE_LOADER,
} from './addresses.js';
import { NOTHING_LOADED, resolveLookups } from './lookup-tables.js';
import { extractMemo } from './memo.js';
import type { Svm, SvmOutcome } from './svm.js';
import { readTokenBalances } from './token-accounts.js';
import { isWritableIndex, type WireMessage, type WireTransaction } from './wire-transaction.js';

type Effects = Omit<
    ExecutedTransaction,
    'sequence' | 'slot' | 'indexInSlot' | 'blockTime' | 'signatures' | 'wire' | 'computeUnitPrice'
>;

export type Observed =
    | { readonly landed: true; readonly effects: Effects; readonly writableKeys: readonly string[] }
    | { readonly landed: false; readonly err: TransactionErrorJson };

/** Programs that move no tokens. Looking for token accounts copies them; uploads of programs should not pay for that. */
const TOKENLESS_PROGRAMS = new Set([
    SYSTEM_PROGRAM,
    COMPUTE_BUDGET_PROGRAM,
    UPGRADEABLE_LOADER,
    ADDRESS_LOOKUP_TABLE_PROGRAM,
    MEMO_PROGRAM,
]);

function mayMoveTokens(message: WireMessage): boolean {
    return message.instructions.some(
        ({ programIndex }) => !TOKENLESS_PROGRAMS.has(message.staticKeys[programIndex] ?? ''),
    );
}

function sum(balances: readonly bigint[]): bigint {
    return balances.reduce((total, balance) => total + balance, 0n);
}

/** Executes a transaction and takes down what it did to the accounts it names. */
export class ExecutionObserver {
    constructor(private readonly svm: Svm) {}

    execute(transaction: WireTransaction, verifySignatures: boolean): Observed {
        const { message } = transaction;
        const loaded = resolveLookups(message, (address) => this.svm.getAccount(address)) ?? NOTHING_LOADED;
        const keys = [...message.staticKeys, ...loaded.writable, ...loaded.readonly];
        const watchTokens = mayMoveTokens(message);
        const preTokenBalances = watchTokens ? readTokenBalances(this.svm, keys) : [];
        const preBalances = this.balances(keys);
        const outcome = this.svm.send(transaction.bytes, verifySignatures);
        const postBalances = this.balances(keys);
        // A transaction moves lamports only among its own accounts: what is missing afterwards was burnt as its fee.
        const fee = sum(preBalances) - sum(postBalances);
        if (outcome.err !== null && fee === 0n) return { landed: false, err: outcome.err };
        const postTokenBalances = watchTokens ? readTokenBalances(this.svm, keys) : [];
        const balances = { preBalances, postBalances, preTokenBalances, postTokenBalances };
        const effects = toEffects({ message, loaded, keys, outcome, fee, ...balances });
        const writableKeys = keys.filter((_, index) => isWritableIndex(message, index, loaded.writable.length));
        return { landed: true, effects, writableKeys };
    }

    private balances(keys: readonly string[]): bigint[] {
        return keys.map((key) => this.svm.getBalance(key));
    }
}

interface EffectsInput {
    readonly message: WireMessage;
    readonly loaded: LoadedAddresses;
    readonly keys: readonly string[];
    readonly outcome: SvmOutcome;
    readonly fee: bigint;
    readonly preBalances: readonly bigint[];
    readonly postBalances: readonly bigint[];
    readonly preTokenBalances: readonly TokenBalanceView[];
    readonly postTokenBalances: readonly TokenBalanceView[];
}

function toEffects(input: EffectsInput): Effects {
    const { outcome } = input;
    return {
        accountKeys: input.keys,
        loadedAddresses: input.loaded,
        err: outcome.err,
        logs: outcome.logs,
        computeUnitsConsumed: outcome.computeUnitsConsumed,
        fee: input.fee,
        preBalances: input.preBalances,
        postBalances: input.postBalances,
        preTokenBalances: input.preTokenBalances,
        postTokenBalances: input.postTokenBalances,
        innerInstructions: outcome.innerInstructions,
        returnData: outcome.returnData,
        memo: extractMemo(input.message),
    };
}
