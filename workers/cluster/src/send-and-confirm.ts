import { setTimeout as delay } from 'node:timers/promises';
import { describeTransactionError } from './ledger/transaction-errors.js';
import type { TransactionErrorJson } from './types.js';

/** The part of web3.js's `Connection` this needs; structural, so that this package does not depend on web3.js. */
export interface ConnectionLike {
    getLatestBlockhash(): Promise<{ blockhash: string; lastValidBlockHeight: number }>;
    getBlockHeight(): Promise<number>;
    sendRawTransaction(wire: Uint8Array): Promise<string>;
    getSignatureStatuses(signatures: string[]): Promise<{ value: ({ err: unknown } | null)[] }>;
}

export interface LegacyTransactionLike<Signer> {
    recentBlockhash?: string | undefined;
    feePayer?: unknown;
    sign(...signers: Signer[]): void;
    serialize(): Uint8Array;
}

export interface VersionedTransactionLike<Signer> {
    readonly message: { recentBlockhash: string };
    sign(signers: Signer[]): void;
    serialize(): Uint8Array;
}

const POLL_INTERVAL_MS = 25;

function isVersioned<Signer>(
    transaction: LegacyTransactionLike<Signer> | VersionedTransactionLike<Signer>,
): transaction is VersionedTransactionLike<Signer> {
    return 'message' in transaction;
}

/**
 * Signs, sends and waits by polling: a confirmation that needs no WebSocket, for connections made with the cluster's own
 * `fetch`. The first signer pays if the transaction names no fee payer. Returns the signature; throws what the sending
 * throws, or an Error naming the transaction error or the expiry.
 */
export async function sendAndConfirm<Signer extends { readonly publicKey: unknown }>(
    connection: ConnectionLike,
    transaction: LegacyTransactionLike<Signer> | VersionedTransactionLike<Signer>,
    signers: readonly Signer[],
): Promise<string> {
    const { blockhash, lastValidBlockHeight } = await connection.getLatestBlockhash();
    if (isVersioned(transaction)) {
        transaction.message.recentBlockhash = blockhash;
        transaction.sign([...signers]);
    } else {
        transaction.recentBlockhash = blockhash;
        transaction.feePayer ??= signers[0]?.publicKey;
        transaction.sign(...signers);
    }
    const signature = await connection.sendRawTransaction(transaction.serialize());
    for (;;) {
        const [status] = (await connection.getSignatureStatuses([signature])).value;
        if (status?.err != null) {
            throw new Error(
                `transaction ${signature} failed: ${describeTransactionError(status.err as TransactionErrorJson)}`,
            );
        }
        if (status != null) return signature;
        if ((await connection.getBlockHeight()) > lastValidBlockHeight) {
            throw new Error(`transaction ${signature} expired: its blockhash is too old; send it again`);
        }
        await delay(POLL_INTERVAL_MS);
    }
}
