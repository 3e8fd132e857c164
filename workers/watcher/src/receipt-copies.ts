import { readFile, stat } from 'node:fs/promises';
import { errorMessageOf, failure } from '@ocm/runtime';
import { decodeReceipt, decodeToken, fromBase64, hashToken, toHex, verify } from '@ocm/sdk/core';
import { base64Of, RECEIPT_BYTES, SIGNATURE_BYTES, TOKEN_BYTES } from '@ocm/sdk/http';
import { z } from 'zod';
import type { ReceiptCopies, ReceiptCopy } from './ports.js';

const MAX_FILE_BYTES = 256 << 20;
const line = z.object({
    token: base64Of(TOKEN_BYTES),
    receipt: base64Of(RECEIPT_BYTES),
    receiptSignature: base64Of(SIGNATURE_BYTES),
});
const keyOf = (contract: Uint8Array, epoch: number): string => `${toHex(contract)}/${epoch}`;

/**
 * Reads copies of receipts, one JSON object per line: `{"token","receipt","receiptSignature"}`. A copy that its client has
 * not signed proves nothing and is refused.
 * @throws MKT_WATCHER__COPIES_UNREADABLE naming file and line
 */
export async function readReceiptCopies(path: string): Promise<ReceiptCopies> {
    const epochs = new Map<string, Map<string, ReceiptCopy>>();
    const unreadable = (where: string, reason: string) =>
        failure('MKT_WATCHER__COPIES_UNREADABLE', `receipt copies ${path}${where}: ${reason}; correct the file`);
    const { size } = await stat(path).catch((error: unknown) => {
        throw unreadable('', errorMessageOf(error));
    });
    if (size > MAX_FILE_BYTES) throw unreadable('', `larger than ${MAX_FILE_BYTES} bytes`);
    for (const [index, text] of (await readFile(path, 'utf8')).split('\n').entries()) {
        if (text.trim() === '') continue;
        try {
            const copy = line.parse(JSON.parse(text));
            const tokenBytes = fromBase64(copy.token);
            const receiptBytes = fromBase64(copy.receipt);
            const [token, receipt] = [decodeToken(tokenBytes), decodeReceipt(receiptBytes)];
            const tokenHash = toHex(hashToken(tokenBytes));
            if (toHex(receipt.tokenHash) !== tokenHash) throw new Error('the receipt is for another token');
            if (!verify(token.clientPublicKey, receiptBytes, fromBase64(copy.receiptSignature)))
                throw new Error("the receipt is not signed by the token's client");
            const key = keyOf(token.contract, token.epoch);
            const copies = epochs.get(key) ?? new Map<string, ReceiptCopy>();
            const known = copies.get(tokenHash);
            if (known === undefined || known.bytes < receipt.bytes)
                copies.set(tokenHash, { tokenHash, bytes: receipt.bytes });
            epochs.set(key, copies);
        } catch (error) {
            throw unreadable(`:${index + 1}`, errorMessageOf(error).slice(0, 300));
        }
    }
    return { listCopies: (contract, epoch) => [...(epochs.get(keyOf(contract.toBytes(), epoch))?.values() ?? [])] };
}

export const NO_COPIES: ReceiptCopies = { listCopies: () => [] };
