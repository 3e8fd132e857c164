import { isMarketplaceError } from '@ocm/sdk/core';
import {
    type Connection,
    type PublicKey,
    type TransactionError,
    type TransactionInstruction,
    VersionedTransaction,
} from '@solana/web3.js';
import { describeFailedTransaction } from './chain-errors.js';
import {
    compileTransaction,
    type SignedTransaction,
    signTransaction,
    type TransactionInput,
} from './chain-transaction.js';
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

export type SendInput = TransactionInput & {
    signal?: AbortSignal;
    /**
     * Told what was signed before it is sent. With it on disk, a worker that was killed meanwhile finishes the same
     * transaction (`resumeTransaction`) instead of making a second one.
     */
    onSigned?: (signed: SignedTransaction) => Promise<void>;
};
export type ResumeInput = { signed: SignedTransaction; label: string; signal?: AbortSignal };
export type SendDeps = { connection: Connection; estimatePriorityFee: PriorityFeeEstimator; log: Logger };
/** What is told of a transaction whose outcome is awaited. */
type Pending = { label: string; payer: PublicKey; instructions: TransactionInstruction[]; signal?: AbortSignal };

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
        await input.onSigned?.(signed);
        if (await confirm(deps, { ...input, payer: input.payer.publicKey }, signed)) {
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

/**
 * Brings a transaction that was signed earlier to its end: sends the same bytes until they have landed (true) or can land
 * no more (false).
 */
export async function resumeTransaction(deps: SendDeps, { signed, label, signal }: ResumeInput): Promise<boolean> {
    const { message } = VersionedTransaction.deserialize(signed.raw);
    const [payer] = message.staticAccountKeys;
    if (payer === undefined) throw new Error('a signed transaction names its payer');
    return confirm(deps, { label, payer, instructions: [], ...(signal ? { signal } : {}) }, signed);
}

/** Compute unit limit for the real run. */
async function simulate({ connection }: SendDeps, input: SendInput): Promise<number> {
    const { blockhash } = await connection.getLatestBlockhash('confirmed');
    const transaction = compileTransaction(input, { blockhash, units: MAX_COMPUTE_UNITS, price: 0 });
    const { value } = await connection.simulateTransaction(transaction, {
        sigVerify: false,
        replaceRecentBlockhash: true,
        commitment: 'confirmed',
    });
    if (value.err !== null)
        throw failedTransaction({ ...input, payer: input.payer.publicKey }, value.err, value.logs ?? [], null);
    if (value.unitsConsumed === undefined) return MAX_COMPUTE_UNITS;
    const withMargin = (BigInt(value.unitsConsumed) * COMPUTE_UNIT_MARGIN_PERCENT + 99n) / 100n;
    return Math.min(MAX_COMPUTE_UNITS, Number(withMargin));
}

async function sign(
    { connection }: SendDeps,
    input: SendInput,
    units: number,
    price: number,
): Promise<SignedTransaction> {
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash('confirmed');
    return { ...signTransaction(input, { blockhash, units, price }), lastValidBlockHeight };
}

/** True once confirmed, false once it can no longer land. */
async function confirm(deps: SendDeps, input: Pending, signed: SignedTransaction): Promise<boolean> {
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
    input: Pending,
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
    { label, payer, instructions }: Omit<Pending, 'signal'>,
    transactionError: TransactionError | string,
    logs: readonly string[],
    signature: string | null,
) {
    return describeFailedTransaction({ label, payer, instructions, transactionError, logs, signature });
}

function writableKeysOf({ instructions }: SendInput): PublicKey[] {
    const keys = new Map<string, PublicKey>();
    for (const { keys: metas } of instructions)
        for (const { pubkey, isWritable } of metas) if (isWritable) keys.set(pubkey.toBase58(), pubkey);
    return [...keys.values()];
}
