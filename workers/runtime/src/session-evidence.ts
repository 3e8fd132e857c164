import {
    decodeLeaf,
    decodeReceipt,
    decodeToken,
    type ErrorCode,
    equalBytes,
    fromBase64,
    hashReceipt,
    hashToken,
    type Leaf,
    type Receipt,
    TOKEN_FLAG_MULTICAST,
    type Token,
    toHex,
    verify,
} from '@ocm/sdk/core';
import type { SessionEvidence } from '@ocm/sdk/http';
import { failure } from './errors.js';

/** Kinds of delivery commitments (protocol 6.3). */
export const KIND_RECEIPTED_UNICAST = 0;
export const KIND_COSIGNED_ONLY = 1;
export const KIND_RECEIPTED_MULTICAST = 2;

/** A client's clock may be this far off before its token begins, and its last byte this late after it ends (protocol 6.7). */
const RECEIPT_EARLY_SECS = 60n;
const RECEIPT_LATE_SECS = 600n;

/** What a session must fit to count for one commitment. Keys and addresses are 32 bytes. */
export type SessionTerms = {
    contract: Uint8Array;
    clusterTag: number;
    epoch: number;
    kind: number;
    node: Uint8Array;
    /** The contract's issuer in force in this epoch. */
    issuer: Uint8Array;
};
export type SignedSession = Pick<SessionEvidence, 'token' | 'tokenSignature' | 'receipt' | 'receiptSignature' | 'leaf'>;
export type CheckedSession = { token: Token; tokenHash: Uint8Array; key: string; receipt: Receipt; leaf: Leaf };

/**
 * Checks everything about one session that needs no knowledge but the contract's: issuer's and client's signature, that
 * the token is for this cluster, contract, epoch, node and kind, and that the leaf says what the receipt says.
 * Operator and content provider apply the same rules, as `prove_evidence` will on chain.
 * @throws MKT_EVIDENCE__TOKEN_FOREIGN, _TOKEN_FORGED, _RECEIPT_FOREIGN, _RECEIPT_FORGED, _RECEIPT_TOO_LARGE, _RECEIPT_UNTIMELY,
 * _LEAF_MISMATCH, MKT_CORE__* for malformed bytes
 */
export function checkSession(session: SignedSession, terms: SessionTerms): CheckedSession {
    const tokenBytes = fromBase64(session.token);
    const token = decodeToken(tokenBytes);
    const tokenHash = hashToken(tokenBytes);
    const key = toHex(tokenHash);
    const refuse = (code: ErrorCode, message: string) => failure(code, `session ${key.slice(0, 16)}: ${message}`);

    const foreign = findForeignField(token, terms);
    if (foreign !== null) throw refuse('MKT_EVIDENCE__TOKEN_FOREIGN', `its token is for another ${foreign}`);
    if (!verify(terms.issuer, tokenBytes, fromBase64(session.tokenSignature)))
        throw refuse('MKT_EVIDENCE__TOKEN_FORGED', "its token is not signed by the contract's issuer");

    const receiptBytes = fromBase64(session.receipt);
    const receipt = decodeReceipt(receiptBytes);
    if (!equalBytes(receipt.tokenHash, tokenHash))
        throw refuse('MKT_EVIDENCE__RECEIPT_FOREIGN', 'its receipt is for another token');
    if (!verify(token.clientPublicKey, receiptBytes, fromBase64(session.receiptSignature)))
        throw refuse('MKT_EVIDENCE__RECEIPT_FORGED', "its receipt is not signed by the token's client");
    if (receipt.bytes > token.maxBytes)
        throw refuse(
            'MKT_EVIDENCE__RECEIPT_TOO_LARGE',
            `its receipt says ${receipt.bytes} of at most ${token.maxBytes} bytes`,
        );
    assertTimely(receipt, token, refuse);

    const leaf = decodeLeaf(fromBase64(session.leaf));
    const matches =
        equalBytes(leaf.tokenHash, tokenHash) &&
        leaf.bytes === receipt.bytes &&
        leaf.objects === receipt.objects &&
        equalBytes(leaf.receiptHash, hashReceipt(receiptBytes));
    if (!matches) throw refuse('MKT_EVIDENCE__LEAF_MISMATCH', 'its leaf does not say what its receipt says');
    return { token, tokenHash, key, receipt, leaf };
}

function findForeignField(token: Token, terms: SessionTerms): string | null {
    if (!equalBytes(token.contract, terms.contract)) return 'contract';
    if (token.clusterTag !== terms.clusterTag) return 'cluster';
    if (token.epoch !== terms.epoch) return 'epoch';
    if (!equalBytes(token.node, terms.node)) return 'node';
    const isMulticast = (token.flags & TOKEN_FLAG_MULTICAST) !== 0;
    return isMulticast === (terms.kind === KIND_RECEIPTED_MULTICAST) ? null : 'kind of delivery';
}

function assertTimely(receipt: Receipt, token: Token, refuse: (code: ErrorCode, message: string) => Error): void {
    const earliestMs = (BigInt(token.notBeforeSecs) - RECEIPT_EARLY_SECS) * 1000n;
    const latestMs = (BigInt(token.notAfterSecs) + RECEIPT_LATE_SECS) * 1000n;
    if (receipt.lastMs >= earliestMs && receipt.lastMs <= latestMs) return;
    throw refuse('MKT_EVIDENCE__RECEIPT_UNTIMELY', "its receipt's last byte lies outside the token's time");
}
