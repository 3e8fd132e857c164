import { encodeBase58 } from '../ledger/addresses.js';
import type { Svm } from '../ledger/svm.js';
import { MAX_BASE58_ACCOUNT_BYTES } from '../limits.js';
import { parseAccount } from '../parsed/account.js';
import type { AccountView } from '../types.js';
import { INVALID_REQUEST, invalidParams, RpcError } from './errors.js';
import type { AccountConfig } from './params.js';

function slice(data: Uint8Array, range: { offset: number; length: number } | null | undefined): Uint8Array {
    if (range == null) return data;
    return data.subarray(range.offset, Math.min(range.offset + range.length, data.length));
}

function encodeData(svm: Svm, account: AccountView, config: AccountConfig, address: string): unknown {
    const encoding = config?.encoding ?? 'binary';
    if (encoding === 'jsonParsed') {
        const parsed = parseAccount(svm, account, address);
        if (parsed !== undefined) return parsed;
    }
    const data = slice(account.data, config?.dataSlice);
    if (encoding === 'binary' || encoding === 'base58') {
        if (data.length > MAX_BASE58_ACCOUNT_BYTES) {
            throw new RpcError(
                INVALID_REQUEST,
                'Encoded binary (base 58) data should be less than 128 bytes, please use Base64 encoding.',
            );
        }
        return encoding === 'binary' ? encodeBase58(data) : [encodeBase58(data), 'base58'];
    }
    if (encoding === 'base64+zstd') {
        throw invalidParams('encoding base64+zstd is not supported by this simulated cluster; use base64');
    }
    return [Buffer.from(data.buffer, data.byteOffset, data.length).toString('base64'), 'base64'];
}

/** An account as RPC answers show it; null if there is none. */
export function encodeAccount(
    svm: Svm,
    account: AccountView | undefined,
    config: AccountConfig,
    address: string,
): unknown {
    if (account === undefined) return null;
    return {
        data: encodeData(svm, account, config, address),
        executable: account.executable,
        lamports: account.lamports,
        owner: account.owner,
        rentEpoch: account.rentEpoch,
        space: account.data.length,
    };
}
