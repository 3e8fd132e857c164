import { PublicKey } from '@solana/web3.js';
import { equalBytes, utf8 } from '../core/bytes.js';
import { sha256 } from '../core/hash.js';
import { sdkError } from '../errors/sdk-error.js';
import { PROGRAM_IDS } from '../programs/ids.js';
import type { AccountSource, WithAddress } from './reader.js';

/** What stays of a participant that has closed: its address is never free again. */
export interface ClosedParticipant {
    readonly owner: PublicKey;
    /** Least nonce that it never used. */
    readonly nextContractNonce: bigint;
    /** Unix seconds. */
    readonly closedAt: bigint;
}

// No instruction takes such an account, so the IDL does not describe it: discriminator, version, bump, owner, two
// 64-bit numbers, 64 bytes of reserve.
const DISCRIMINATOR = sha256(utf8('account:ClosedParticipant')).slice(0, 8);
const SIZE = 122;
const ACCOUNT_VERSION = 1;

/** Whether data is that of a participant which has closed. */
export function readsAsClosedParticipant(data: Uint8Array): boolean {
    return equalBytes(data.subarray(0, 8), DISCRIMINATOR);
}

/** Reads a tombstone from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export function decodeClosedParticipant(data: Uint8Array): ClosedParticipant {
    const account = 'ClosedParticipant';
    if (data.length < SIZE) throw sdkError('MKT_SDK__ACCOUNT_TRUNCATED', { account, bytes: data.length, size: SIZE });
    if (!readsAsClosedParticipant(data)) throw sdkError('MKT_SDK__ACCOUNT_DISCRIMINATOR', { account });
    const version = data[8];
    if (version !== ACCOUNT_VERSION) {
        throw sdkError('MKT_SDK__ACCOUNT_VERSION', { account, version, supported: String(ACCOUNT_VERSION) });
    }
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    return {
        owner: new PublicKey(data.slice(10, 42)),
        nextContractNonce: view.getBigUint64(42, true),
        closedAt: view.getBigInt64(50, true),
    };
}

/**
 * What stays of a closed participant (`findParticipantAddress`), or null when none ever stood there.
 *
 * @throws MarketplaceError as `decodeClosedParticipant`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const closed = await fetchClosedParticipant(connection, findParticipantAddress({ owner }));
 */
export async function fetchClosedParticipant(
    connection: AccountSource,
    address: PublicKey,
): Promise<WithAddress<ClosedParticipant> | null> {
    const info = await connection.getAccountInfo(address);
    if (info === null) return null;
    if (!info.owner.equals(PROGRAM_IDS.registry)) {
        throw sdkError('MKT_SDK__ACCOUNT_OWNER', {
            account: 'ClosedParticipant',
            address: address.toBase58(),
            owner: info.owner.toBase58(),
            expected: PROGRAM_IDS.registry.toBase58(),
        });
    }
    return { ...decodeClosedParticipant(info.data), address };
}
