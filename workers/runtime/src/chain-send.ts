import { isMarketplaceError } from '@ocm/sdk/core';
import {
    ComputeBudgetProgram,
    type Connection,
    type Keypair,
    type PublicKey,
    type TransactionError,
    type TransactionInstruction,
    TransactionMessage,
    VersionedTransaction,
} from '@solana/web3.js';
import { encodeBase58 } from './base58.js';
import { describeFailedTransaction } from './chain-errors.js';
import { errorMessageOf, failure } from './errors.js';
import type { Logger } from './logger.js';
import type { PriorityFeeEstimator } from './priority-fee.js';
import { sleep } from './time.js';

/** The runtime's upper bound of one transaction. */
const MAX_COMPUTE_UNITS = 1_400_000;
/** Room above the simulation: accounts may change before the transaction runs. */
const COMPUTE_UNIT_MARGIN_PERCENT = 110n;
const MAX_SIGNINGS = 3;
const REBROADCAST_MS = 2_000;
const FIRST_POLL_MS = 100;
const MAX_POLL_MS = 500;
const EXPIRY_CHECK_MS = 2_000;
/** A cluster that answers no question for this long is gone; waiting further would hang the caller's whole pass. */
const UNANSWERED_MS = 60_000;

export type SendInput = {
    instructions: TransactionInstruction[];
    /** Pays fee and rent; always signs. */
    payer: Keypair;
    signers?: Keypair[];
    /** Names the intent in logs and errors, for example `commit_delivery`. */
    label: string;
    signal?: AbortSignal;
};
export type SendDeps = { connection: Connection; estimatePriorityFee: PriorityFeeEstimator; log: Logger };
type Signed = { raw: Uint8Array; signature: string; lastValidBlockHeight: number };

/**
 * Simulates, prices, signs, sends and confirms (`confirmed`). While the outcome of a signed transaction is open the same
 * bytes are sent again; a new signature is made only once the old one can no longer land, so that nothing runs twice.
 */
export async function sendAndConfirm(deps: SendDeps, input: SendInput): Promise<{ signature: string }> {
    const { log } = deps;
    const { label, signal } = input;
    const startedAt = performance.now();
    const units = await simulate(deps, input);
    const price = await deps.estimatePriorityFee(writableKeysOf(input));
    for (let attempt = 1; attempt <= MAX_SIGNINGS; attempt += 1) {
        signal?.throwIfAborted();
        const signed = await sign(deps, input, units, price);
        if (await confirm(deps, input, signed)) {
            const durationMs = Math.round(performance.now() - startedAt);
            log.info(
                { label, signature: signed.signature, attempt, computeUnits: units, durationMs },
                'transaction confirmed',
            );
            return { signature: signed.signature };
        }
        log.warn({ label, signature: signed.signature, attempt }, 'transaction expired unseen, signing anew');
    }
    throw failure(
        'MKT_RUNTIME__TRANSACTION_EXPIRED',
        `${label}: ${MAX_SIGNINGS} transactions expired before the cluster took one; it is congested or halted, try later`,
        { label },
    );
}

function compile(input: SendInput, blockhash: string, units: number, price: number): VersionedTransaction {
    const message = new TransactionMessage({
        payerKey: input.payer.publicKey,
        recentBlockhash: blockhash,
        instructions: [
            ComputeBudgetProgram.setComputeUnitLimit({ units }),
            ComputeBudgetProgram.setComputeUnitPrice({ microLamports: price }),
            ...input.instructions,
        ],
    });
    try {
        const transaction = new VersionedTransaction(message.compileToV0Message());
        transaction.serialize();
        return transaction;
    } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw failure(
            'MKT_RUNTIME__TRANSACTION_TOO_LARGE',
            `${input.label}: the instructions do not fit one transaction of 1232 bytes; send fewer at once`,
            { label: input.label },
            error,
        );
    }
}

/** Compute unit limit for the real run. */
async function simulate({ connection }: SendDeps, input: SendInput): Promise<number> {
    const { blockhash } = await connection.getLatestBlockhash('confirmed');
    const transaction = compile(input, blockhash, MAX_COMPUTE_UNITS, 0);
    const { value } = await connection.simulateTransaction(transaction, {
        sigVerify: false,
        replaceRecentBlockhash: true,
        commitment: 'confirmed',
    });
    if (value.err !== null) throw failedTransaction(input, value.err, value.logs ?? [], null);
    if (value.unitsConsumed === undefined) return MAX_COMPUTE_UNITS;
    const withMargin = (BigInt(value.unitsConsumed) * COMPUTE_UNIT_MARGIN_PERCENT + 99n) / 100n;
    return Math.min(MAX_COMPUTE_UNITS, Number(withMargin));
}

async function sign({ connection }: SendDeps, input: SendInput, units: number, price: number): Promise<Signed> {
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash('confirmed');
    const transaction = compile(input, blockhash, units, price);
    transaction.sign(distinctSigners(input));
    const [first] = transaction.signatures;
    if (first === undefined) throw new Error('a compiled transaction has a signature slot for its payer');
    return { raw: transaction.serialize(), signature: encodeBase58(first), lastValidBlockHeight };
}

/** True once confirmed, false once it can no longer land. */
async function confirm(deps: SendDeps, input: SendInput, signed: Signed): Promise<boolean> {
    const { connection, log } = deps;
    const { raw, signature, lastValidBlockHeight } = signed;
    let sentAtMs = Number.NEGATIVE_INFINITY;
    let expiryCheckedAtMs = performance.now();
    let answeredAtMs = performance.now();
    for (let pollMs = FIRST_POLL_MS; ; pollMs = Math.min(MAX_POLL_MS, pollMs * 1.5)) {
        const nowMs = performance.now();
        if (nowMs - sentAtMs >= REBROADCAST_MS) {
            sentAtMs = nowMs;
            await connection.sendRawTransaction(raw, { skipPreflight: true, maxRetries: 0 }).catch((error: unknown) => {
                // Whether it arrived is answered by its status only.
                log.debug({ label: input.label, signature, reason: errorMessageOf(error) }, 'send not acknowledged');
            });
        }
        await sleep(pollMs, input.signal);
        try {
            if (await isConfirmed(deps, input, signature)) return true;
            answeredAtMs = performance.now();
            if (answeredAtMs - expiryCheckedAtMs < EXPIRY_CHECK_MS) continue;
            expiryCheckedAtMs = answeredAtMs;
            // Finalized: a block height on an abandoned fork must not make us sign twice.
            if ((await connection.getBlockHeight('finalized')) > lastValidBlockHeight)
                return await isConfirmed(deps, input, signature, true);
        } catch (error) {
            if (isMarketplaceError(error, 'MKT_RUNTIME__TRANSACTION_REFUSED')) throw error;
            if (isMarketplaceError(error, 'MKT_RUNTIME__WALLET_UNFUNDED')) throw error;
            // The outcome stays open; callers look at the chain before they try again.
            if (performance.now() - answeredAtMs > UNANSWERED_MS) throw error;
            log.debug({ label: input.label, signature, reason: errorMessageOf(error) }, 'status not known');
        }
    }
}

async function isConfirmed(
    { connection }: SendDeps,
    input: SendInput,
    signature: string,
    searchTransactionHistory = false,
): Promise<boolean> {
    const answer = await connection.getSignatureStatuses([signature], { searchTransactionHistory });
    const status = answer.value[0];
    if (status === null || status === undefined || status.confirmationStatus === 'processed') return false;
    if (status.err !== null)
        throw failedTransaction(input, status.err, await findLogs(connection, signature), signature);
    return true;
}

async function findLogs(connection: Connection, signature: string): Promise<readonly string[]> {
    const transaction = await connection
        .getTransaction(signature, { commitment: 'confirmed', maxSupportedTransactionVersion: 0 })
        .catch(() => null);
    return transaction?.meta?.logMessages ?? [];
}

function failedTransaction(
    { label, payer, instructions }: SendInput,
    transactionError: TransactionError | string,
    logs: readonly string[],
    signature: string | null,
) {
    return describeFailedTransaction({
        label,
        payer: payer.publicKey,
        instructions,
        transactionError,
        logs,
        signature,
    });
}

function distinctSigners({ payer, signers = [] }: SendInput): Keypair[] {
    return [payer, ...signers.filter((signer) => !signer.publicKey.equals(payer.publicKey))];
}

function writableKeysOf({ instructions }: SendInput): PublicKey[] {
    const keys = new Map<string, PublicKey>();
    for (const { keys: metas } of instructions)
        for (const { pubkey, isWritable } of metas) if (isWritable) keys.set(pubkey.toBase58(), pubkey);
    return [...keys.values()];
}
