import { z } from 'zod';
import { decodeBase58 } from '../ledger/addresses.js';
import { MalformedTransactionError, parseTransaction, type WireTransaction } from '../ledger/wire-transaction.js';
import { MAX_TRANSACTION_BASE58_CHARS, MAX_TRANSACTION_BASE64_CHARS } from '../limits.js';
import { INVALID_PARAMS, invalidParams, RpcError } from './errors.js';

export const transactionEncodingSchema = z.enum(['base58', 'base64']).nullish();

const BASE64_TEXT = /^[A-Za-z0-9+/]*={0,2}$/;

/** Bytes out of base58 or base64 text, bounded before decoding: base58 takes quadratic time. */
export function decodeWire(text: string, encoding: 'base58' | 'base64' | null | undefined, what: string): Uint8Array {
    if (encoding === 'base64') {
        if (text.length > MAX_TRANSACTION_BASE64_CHARS) throw tooLarge(what, 'base64', text.length);
        if (!BASE64_TEXT.test(text) || text.length % 4 !== 0) throw invalidParams(`invalid base64 encoding of ${what}`);
        return Buffer.from(text, 'base64');
    }
    if (text.length > MAX_TRANSACTION_BASE58_CHARS) throw tooLarge(what, 'base58', text.length);
    try {
        return decodeBase58(text);
    } catch {
        throw invalidParams(`invalid base58 encoding of ${what}; name the encoding ("base64") if it is another`);
    }
}

function tooLarge(what: string, encoding: 'base58' | 'base64', length: number): RpcError {
    const most = encoding === 'base64' ? MAX_TRANSACTION_BASE64_CHARS : MAX_TRANSACTION_BASE58_CHARS;
    return new RpcError(
        INVALID_PARAMS,
        `${encoding} encoded ${what} too large: ${length} bytes (max: encoded/raw ${most}/1232)`,
    );
}

export function decodeTransaction(text: string, encoding: 'base58' | 'base64' | null | undefined): WireTransaction {
    const bytes = decodeWire(text, encoding, 'solana_transaction::versioned::VersionedTransaction');
    try {
        return parseTransaction(bytes);
    } catch (error) {
        if (!(error instanceof MalformedTransactionError)) throw error;
        throw new RpcError(INVALID_PARAMS, `invalid transaction: ${error.message}`);
    }
}
