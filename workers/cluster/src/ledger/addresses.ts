import { decodeBase58Unsafe, encodeBase58 } from './base58.js';

export const SYSTEM_PROGRAM = '11111111111111111111111111111111';
export const TOKEN_PROGRAM = 'TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA';
export const TOKEN_2022_PROGRAM = 'TokenzQdBNbLqP5VEhdkAS6EPFLC1PHnBqCXEpPxuEb';
export const ASSOCIATED_TOKEN_PROGRAM = 'ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL';
export const MEMO_PROGRAM = 'MemoSq4gqABAXKb96qnH8TysNcWxMyWCqXgDLGmfcHr';
export const MEMO_PROGRAM_V1 = 'Memo1UhkJRfHyvLMcVucJwxXeuD728EqVDDwQDxFMNo';
export const COMPUTE_BUDGET_PROGRAM = 'ComputeBudget111111111111111111111111111111';
export const ADDRESS_LOOKUP_TABLE_PROGRAM = 'AddressLookupTab1e1111111111111111111111111';
export const UPGRADEABLE_LOADER = 'BPFLoaderUpgradeab1e11111111111111111111111';
export const ED25519_PROGRAM = 'Ed25519SigVerify111111111111111111111111111';
export const SECP256K1_PROGRAM = 'KeccakSecp256k11111111111111111111111111111';
export const SECP256R1_PROGRAM = 'Secp256r1SigVerify1111111111111111111111111';
export const SLOT_HASHES_SYSVAR = 'SysvarS1otHashes111111111111111111111111111';
export const CLOCK_SYSVAR = 'SysvarC1ock11111111111111111111111111111111';
export const SYSVAR_OWNER = 'Sysvar1111111111111111111111111111111111111';

export const TOKEN_PROGRAMS: ReadonlySet<string> = new Set([TOKEN_PROGRAM, TOKEN_2022_PROGRAM]);

export { encodeBase58 };

/** Throws RangeError if a character is not of the alphabet. */
export function decodeBase58(text: string): Uint8Array {
    const bytes = decodeBase58Unsafe(text);
    if (bytes === undefined) throw new RangeError('not base58');
    return bytes;
}

/** Base58 text of exactly `length` bytes, or undefined. The length check comes first: base58 decoding is quadratic. */
export function decodeBase58Exact(text: string, length: number): Uint8Array | undefined {
    if (text.length < length || text.length > Math.ceil(length * 1.3658) + 1) return undefined;
    const bytes = decodeBase58Unsafe(text);
    return bytes?.length === length ? bytes : undefined;
}

/** The 32 bytes at `offset` as an address. */
export function readAddress(data: Uint8Array, offset: number): string {
    return encodeBase58(data.subarray(offset, offset + 32));
}

export function viewOf(data: Uint8Array): DataView {
    return new DataView(data.buffer, data.byteOffset, data.byteLength);
}
