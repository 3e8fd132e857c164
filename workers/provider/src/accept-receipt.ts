import { failure } from '@ocm/runtime';
import {
    assertReceiptFollows,
    decodeReceipt,
    equalBytes,
    fromBase64,
    RECEIPT_BYTES,
    toHex,
    verify,
} from '@ocm/sdk/core';
import type { SignedReceipt } from '@ocm/sdk/http';
import type { Ledger } from './ledger.js';

/**
 * Keeps a client's copy of its receipt: what a commitment may not leave out nor undercut. Older copies and repetitions
 * are answered with what is held, so that a client can send again whenever it is in doubt.
 * @returns seq and bytes of the copy now held.
 * @throws MKT_PROVIDER__TOKEN_UNKNOWN, _RECEIPT_FORGED, _RECEIPT_TOO_LARGE, MKT_CORE__RECEIPT_NOT_NEXT, MKT_CORE__*
 */
export async function acceptReceipt(ledger: Ledger, signed: SignedReceipt): Promise<{ seq: number; bytes: string }> {
    const receiptBytes = fromBase64(signed.receipt);
    const signature = fromBase64(signed.receiptSignature);
    const receipt = decodeReceipt(receiptBytes);
    const key = toHex(receipt.tokenHash);
    const token = ledger.findToken(key);
    if (token === undefined)
        throw failure(
            'MKT_PROVIDER__TOKEN_UNKNOWN',
            `no token ${key} was issued here; ask for one at the token interface`,
        );
    if (!verify(token.clientPublicKey, receiptBytes, signature))
        throw failure('MKT_PROVIDER__RECEIPT_FORGED', `the receipt is not signed by the client of token ${key}`);
    if (receipt.bytes > token.maxBytes)
        throw failure(
            'MKT_PROVIDER__RECEIPT_TOO_LARGE',
            `the receipt exceeds the ${token.maxBytes} bytes of token ${key}`,
        );
    const held = ledger.findCopy(key);
    if (held !== undefined) {
        const isOlder = receipt.seq < held.receipt.seq;
        const isSame = equalBytes(receiptBytes, held.payload.subarray(1, 1 + RECEIPT_BYTES));
        if (isOlder || isSame) {
            await held.durable;
            return { seq: held.receipt.seq, bytes: held.receipt.bytes.toString() };
        }
        assertReceiptFollows(held.receipt, receipt);
    }
    await ledger.addCopy(receiptBytes, signature);
    return { seq: receipt.seq, bytes: receipt.bytes.toString() };
}
