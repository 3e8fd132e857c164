import { decodeReceipt, fromBase64, MarketplaceError, type Receipt, toHex, verify } from '@ocm/sdk/core';
import type { SignedReceipt } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';
import type { Session } from './session.js';

/** Tolerance of a client's clock around the times of its token (protocol 6.7, prove_evidence). */
const LAST_MS_BEFORE = 60_000n;
const LAST_MS_AFTER = 600_000n;

export function decodeReceiptOrRefuse({ receipt }: SignedReceipt): { receipt: Receipt; session: string } {
    try {
        const decoded = decodeReceipt(fromBase64(receipt));
        return { receipt: decoded, session: toHex(decoded.tokenHash) };
    } catch (error) {
        if (!(error instanceof MarketplaceError)) throw error;
        throw new RequestProblem(400, 'MKT_NODE__RECEIPT_MALFORMED', 'The receipt is not a receipt of this protocol.', {
            cause: error.code,
        });
    }
}

/**
 * Judges a receipt against what its session holds. The session stays as it is whatever the outcome.
 * @returns `known` for the very receipt that is already held, `next` for one that supersedes it
 * @throws RequestProblem naming the rule that it breaks
 */
export function judgeReceipt(session: Session, signed: SignedReceipt, receipt: Receipt): 'known' | 'next' {
    const body = fromBase64(signed.receipt);
    if (!verify(session.token.clientPublicKey, body, fromBase64(signed.receiptSignature))) {
        throw new RequestProblem(
            403,
            'MKT_NODE__RECEIPT_SIGNATURE_INVALID',
            "The receipt is not signed by the token's client key.",
        );
    }
    const held = session.highest;
    if (held !== null && held.entry.receipt === signed.receipt) return 'known';
    const details = held === null ? {} : { seq: held.receipt.seq, bytes: held.receipt.bytes.toString() };
    if (receipt.seq <= (held?.receipt.seq ?? 0)) {
        throw new RequestProblem(
            409,
            'MKT_NODE__RECEIPT_STALE',
            'A receipt with this or a higher sequence number is held already.',
            details,
        );
    }
    if (held !== null) refuseDecrease(held.receipt, receipt, details);
    if (receipt.bytes > session.token.maxBytes) {
        throw new RequestProblem(
            400,
            'MKT_NODE__RECEIPT_EXCEEDS_TOKEN',
            'The receipt counts more bytes than its token allows.',
        );
    }
    if (receipt.bytes > session.receivableBytes) {
        throw new RequestProblem(
            409,
            'MKT_NODE__RECEIPT_EXCEEDS_SENT',
            'The receipt counts more bytes than this node sent; sign what arrived.',
            {
                sentBytes: session.handedBytes.toString(),
            },
        );
    }
    const { notBeforeSecs, notAfterSecs } = session.token;
    const earliest = BigInt(notBeforeSecs) * 1000n - LAST_MS_BEFORE;
    const latest = BigInt(notAfterSecs) * 1000n + LAST_MS_AFTER;
    if (receipt.lastMs < earliest || receipt.lastMs > latest) {
        throw new RequestProblem(
            400,
            'MKT_NODE__RECEIPT_TIME_OUTSIDE',
            'The time of the receipt is outside that of its token; set the clock.',
        );
    }
    return 'next';
}

function refuseDecrease(held: Receipt, next: Receipt, details: Record<string, unknown>): void {
    const field = next.bytes < held.bytes ? 'bytes' : next.objects < held.objects ? 'objects' : 'lastMs';
    if (field === 'lastMs' && next.lastMs >= held.lastMs) return;
    throw new RequestProblem(
        400,
        'MKT_NODE__RECEIPT_DECREASED',
        `Field "${field}" is lower than in the receipt before; receipts are cumulative.`,
        details,
    );
}
