import { computeFee } from '../ledger/compute-budget.js';
import type { Ledger } from '../ledger/ledger.js';
import { measureLoadedData } from '../ledger/loaded-data.js';
import { NOTHING_LOADED, resolveLookups } from '../ledger/lookup-tables.js';
import type { SimulationOutcome } from '../ledger/svm.js';
import { type AccountReader, readTokenBalances } from '../ledger/token-accounts.js';
import type { WireTransaction } from '../ledger/wire-transaction.js';
import type { LoadedAddresses, TransactionErrorJson } from '../types.js';

/** Of a transaction that was refused before anything was loaded. */
export const NOT_EXECUTED: SimulationOutcome = {
    err: null,
    logs: [],
    computeUnitsConsumed: 0,
    innerInstructions: [],
    returnData: null,
    postAccounts: new Map(),
};

/** Errors found before accounts are loaded and a fee is taken. */
const BEFORE_LOADING = new Set<unknown>([
    'AccountNotFound',
    'AlreadyProcessed',
    'BlockhashNotFound',
    'InsufficientFundsForFee',
    'InvalidAccountForFee',
    'SanitizeFailure',
    'SignatureFailure',
]);

function keysOf(ledger: Ledger, transaction: WireTransaction): { keys: string[]; loaded: LoadedAddresses } {
    const { message } = transaction;
    const loaded = resolveLookups(message, (address) => ledger.getAccount(address)) ?? NOTHING_LOADED;
    return { keys: [...message.staticKeys, ...loaded.writable, ...loaded.readonly], loaded };
}

/** The part of a simulation's answer that a failed preflight carries too. */
export function describeOutcome(
    ledger: Ledger,
    transaction: WireTransaction,
    outcome: SimulationOutcome,
    err: TransactionErrorJson | null,
): object {
    const wasLoaded = !BEFORE_LOADING.has(err);
    return {
        accounts: null,
        err,
        fee: wasLoaded ? computeFee(transaction.message) : null,
        innerInstructions: null,
        loadedAccountsDataSize: wasLoaded ? measureLoadedData(ledger, keysOf(ledger, transaction).keys) : 0,
        loadedAddresses: null,
        logs: outcome.logs,
        postBalances: null,
        postTokenBalances: null,
        preBalances: null,
        preTokenBalances: null,
        replacementBlockhash: null,
        returnData: outcome.returnData,
        unitsConsumed: outcome.computeUnitsConsumed,
    };
}

/** Balances before a simulated transaction and as they would be after it. */
export function describeBalances(
    ledger: Ledger,
    transaction: WireTransaction,
    outcome: SimulationOutcome,
    err: TransactionErrorJson | null,
): object {
    const { keys, loaded } = keysOf(ledger, transaction);
    if (err === 'SignatureFailure') return { loadedAddresses: loaded };
    const before: AccountReader = { getAccount: (address) => ledger.getAccount(address) };
    const after: AccountReader = {
        getAccount: (address) => outcome.postAccounts.get(address) ?? ledger.getAccount(address),
    };
    const balances = (reader: AccountReader): bigint[] => keys.map((key) => reader.getAccount(key)?.lamports ?? 0n);
    const postBalances = balances(after);
    // A failed transaction leaves nothing behind but its fee.
    if (err !== null && !BEFORE_LOADING.has(err))
        postBalances[0] = (postBalances[0] ?? 0n) - computeFee(transaction.message);
    return {
        loadedAddresses: loaded,
        postBalances,
        postTokenBalances: readTokenBalances(after, keys),
        preBalances: balances(before),
        preTokenBalances: readTokenBalances(before, keys),
    };
}
