import { describeProgramError } from '@ocm/sdk';
import { isMarketplaceError, type MarketplaceError } from '@ocm/sdk/core';
import type { PublicKey, TransactionError, TransactionInstruction } from '@solana/web3.js';
import { failure } from './errors.js';

export type FailedTransaction = {
    label: string;
    payer: PublicKey;
    instructions: readonly TransactionInstruction[];
    transactionError: TransactionError;
    logs: readonly string[];
    /** Null: found by simulation, nothing was sent and nothing was paid. */
    signature: string | null;
};

/** How runtimes and the system program say "too little SOL"; the JSON forms differ between clusters. */
const UNFUNDED =
    /AccountNotFound|InsufficientFundsForFee|InsufficientFundsForRent|no record of a prior credit|insufficient lamports/i;

/** The last thing that a program said of its own accord: loaders and native programs explain themselves nowhere else. */
function quoteReason(logs: readonly string[]): string {
    const said = logs.filter((line) => !/^Program \w+ (invoke|success|consumed|failed)/.test(line)).at(-1);
    return said === undefined ? '' : ` (${said.slice(0, 300)})`;
}

/**
 * MKT_RUNTIME__WALLET_UNFUNDED, or MKT_RUNTIME__TRANSACTION_REFUSED with context `program`, `name`, `programCode` where a
 * program of the marketplace or of SPL refused.
 */
export function describeFailedTransaction(failed: FailedTransaction): MarketplaceError {
    const { label, payer, instructions, transactionError, logs, signature } = failed;
    const context = signature === null ? { label } : { label, signature };
    // As the cause, not the context: logs are long, and the context goes into the message.
    const cause = { err: transactionError, logs };
    const description = describeProgramError({ err: transactionError, logs }, { instructions });
    const told = typeof transactionError === 'string' ? transactionError : JSON.stringify(transactionError);
    const systemRefused = description?.program === 'system' && description.name === 'ResultWithNegativeLamports';
    if (systemRefused || UNFUNDED.test(told) || (description === null && logs.some((line) => UNFUNDED.test(line))))
        return failure(
            'MKT_RUNTIME__WALLET_UNFUNDED',
            `${label}: the wallet ${payer.toBase58()} has too little SOL for fee and rent; send it SOL and the work goes on by itself`,
            context,
            cause,
        );
    if (description === null)
        return failure(
            'MKT_RUNTIME__TRANSACTION_REFUSED',
            `${label}: the cluster refused the transaction: ${told}${quoteReason(logs)}`,
            context,
            cause,
        );
    const { program, name, message, code, account } = description;
    return failure(
        'MKT_RUNTIME__TRANSACTION_REFUSED',
        `${label}: ${program} refused with ${name}: ${message}`,
        {
            ...context,
            program,
            name,
            programCode: code,
            ...(account === undefined ? {} : { account }),
        },
        cause,
    );
}

/** The name of the program's error behind a failed send, for example `WindowNotOpen`; null for any other error. */
export function findRefusalName(error: unknown): string | null {
    if (!isMarketplaceError(error, 'MKT_RUNTIME__TRANSACTION_REFUSED')) return null;
    const name = error.context.name;
    return typeof name === 'string' ? name : null;
}
