import { encodeSessionProof, fromBase64, generateKeyPair, toBase64, toHex } from '@ocm/sdk/core';
import {
    openSessionResponse,
    RECEIPT_COPIES_PATH,
    RECEIPTS_PATH,
    receiptCopyResponse,
    receiptResponse,
    SESSIONS_PATH,
    type SignedReceipt,
    TOKENS_PATH,
    tokenResponse,
} from '@ocm/sdk/http';
import { createSeedSigner, createWebCryptoSigner, ReceiptSession, type ReceiptSigner } from '@ocm/sdk/viewer';
import { fetchJson } from '../../lib/bounded-fetch';

export interface ViewerSession {
    /** Hex SHA-256 of the token: value of the session header. */
    readonly id: string;
    readonly nodeOrigin: string;
    readonly contract: string;
    readonly epoch: number;
    readonly receipts: ReceiptSession;
    /** False where the browser cannot hold an Ed25519 key that pages cannot read. */
    readonly keyIsLocked: boolean;
}

export interface SessionInput {
    readonly node: string;
    readonly nodeOrigin: string;
    readonly providerUrl: string;
    readonly signal: AbortSignal;
}

async function createSigner(): Promise<{ signer: ReceiptSigner; keyIsLocked: boolean }> {
    try {
        return { signer: await createWebCryptoSigner(), keyIsLocked: true };
    } catch {
        return { signer: createSeedSigner(generateKeyPair().secretSeed), keyIsLocked: false };
    }
}

/** A token from the content provider for a fresh key, and a session with it at the node (protocol 6.4). */
export async function openViewerSession({
    node,
    nodeOrigin,
    providerUrl,
    signal,
}: SessionInput): Promise<ViewerSession> {
    const { signer, keyIsLocked } = await createSigner();
    const issued = await fetchJson({
        url: new URL(TOKENS_PATH, providerUrl).toString(),
        schema: tokenResponse,
        method: 'POST',
        body: { node, clientPublicKey: toBase64(signer.publicKey) },
        signal,
    });
    const token = fromBase64(issued.token);
    const timestampMs = Date.now();
    const receipts = new ReceiptSession({ token, signer, startedAtMs: timestampMs });
    const proof = encodeSessionProof({
        tokenHash: receipts.tokenHash,
        node: receipts.token.node,
        timestampMs: BigInt(timestampMs),
    });
    const opened = await fetchJson({
        url: new URL(SESSIONS_PATH, nodeOrigin).toString(),
        schema: openSessionResponse,
        method: 'POST',
        body: {
            token: issued.token,
            tokenSignature: issued.tokenSignature,
            proof: toBase64(await signer.sign(proof)),
            timestampMs,
        },
        signal,
    });
    if (opened.session !== toHex(receipts.tokenHash)) throw new Error('The node opened a session for another token.');
    const { contract, epoch } = issued;
    return { id: opened.session, nodeOrigin, contract, epoch, receipts, keyIsLocked };
}

/** @returns bytes that the node now holds a signature for. */
export async function sendReceipt(
    session: ViewerSession,
    receipt: SignedReceipt,
    signal?: AbortSignal,
): Promise<bigint> {
    const answer = await fetchJson({
        url: new URL(RECEIPTS_PATH, session.nodeOrigin).toString(),
        schema: receiptResponse,
        method: 'POST',
        body: receipt,
        ...(signal ? { signal } : {}),
    });
    return BigInt(answer.bytes);
}

/** The provider's copy: its evidence of service quality and its guard against sessions left out (protocol 6.4). */
export async function copyReceipt(providerUrl: string, receipt: SignedReceipt, signal?: AbortSignal): Promise<void> {
    await fetchJson({
        url: new URL(RECEIPT_COPIES_PATH, providerUrl).toString(),
        schema: receiptCopyResponse,
        method: 'POST',
        body: receipt,
        ...(signal ? { signal } : {}),
    });
}
