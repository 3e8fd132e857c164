import { fromBase64, toBase64, toHex } from '../../core/bytes.js';
import type { MarketplaceError } from '../../core/error.js';
import { failure } from '../../core/failure.js';
import { encodeSessionProof } from '../../core/session-proof.js';
import { decodeToken, hashToken } from '../../core/token.js';
import {
    type OpenSessionResponse,
    openSessionResponse,
    RECEIPTS_PATH,
    receiptResponse,
    SESSIONS_PATH,
    type SignedReceipt,
} from '../../http/node.js';
import { RECEIPT_COPIES_PATH, receiptCopyResponse, TOKENS_PATH, tokenResponse } from '../../http/provider.js';
import { ReceiptSession } from '../receipt-session.js';
import { createKeySigner } from '../signer.js';
import { estimateClusterOffsetMs } from './cluster-clock.js';
import { askPeer } from './peer-http.js';
import type { SessionPorts, StoredSession } from './ports.js';

export type SessionPeer = { node: string; nodeUrl: string; providerUrl: string };

/**
 * A fresh key and a token for it. The session is stored, and not open yet.
 * @throws MKT_SDK__SIGNER_UNSUPPORTED, MKT_SDK__PEER_*, MKT_SDK__ANSWER_INVALID
 */
export async function startSession(ports: SessionPorts, { node, nodeUrl, providerUrl }: SessionPeer) {
    const key = await ports.createKey();
    const { token, tokenSignature, clusterTimeSecs } = await askPeer(ports.fetch, {
        url: new URL(TOKENS_PATH, providerUrl).href,
        schema: tokenResponse,
        body: { node, clientPublicKey: toBase64(key.publicKey) },
    });
    const signer = createKeySigner(key);
    const session = new ReceiptSession({ token: fromBase64(token), signer, startedAtMs: ports.now() });
    const stored: StoredSession = {
        id: toHex(session.tokenHash),
        node,
        nodeUrl,
        key,
        token,
        tokenSignature,
        receipts: session.toState(),
        clusterOffsetMs: estimateClusterOffsetMs(clusterTimeSecs, ports.now()),
        confirmedSeq: 0,
        copiedSeq: 0,
    };
    await ports.store.create(stored);
    return stored;
}

/** Shows the node the token and that its key is ours. @throws MKT_SDK__PEER_*, MKT_SDK__ANSWER_INVALID */
export async function openAtNode(
    ports: SessionPorts,
    { id, nodeUrl, key, token, tokenSignature }: StoredSession,
    timestampMs: number,
): Promise<OpenSessionResponse> {
    const tokenBytes = fromBase64(token);
    const { node } = decodeToken(tokenBytes);
    const message = encodeSessionProof({ tokenHash: hashToken(tokenBytes), node, timestampMs: BigInt(timestampMs) });
    const proof = toBase64(await createKeySigner(key).sign(message));
    const answer = await askPeer(ports.fetch, {
        url: new URL(SESSIONS_PATH, nodeUrl).href,
        schema: openSessionResponse,
        body: { token, tokenSignature, proof, timestampMs },
    });
    if (answer.session !== id) throw outOfContract(nodeUrl, 'opened another session than asked for');
    return answer;
}

/** @throws MKT_SDK__PEER_*, MKT_SDK__ANSWER_INVALID if the node confirms less than was signed. */
export async function sendReceipt(
    ports: SessionPorts,
    nodeUrl: string,
    signed: SignedReceipt,
    { seq, bytes }: { seq: number; bytes: bigint },
): Promise<void> {
    const url = new URL(RECEIPTS_PATH, nodeUrl).href;
    const held = await askPeer(ports.fetch, { url, schema: receiptResponse, body: signed });
    if (held.seq < seq || BigInt(held.bytes) < bytes) throw outOfContract(nodeUrl, 'confirmed less than was signed');
}

export async function copyReceipt(ports: SessionPorts, providerUrl: string, signed: SignedReceipt): Promise<void> {
    const url = new URL(RECEIPT_COPIES_PATH, providerUrl).href;
    await askPeer(ports.fetch, { url, schema: receiptCopyResponse, body: signed });
}

function outOfContract(nodeUrl: string, what: string): MarketplaceError {
    return failure('MKT_SDK__ANSWER_INVALID', `${nodeUrl} ${what}`);
}
