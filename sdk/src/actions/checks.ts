import { PublicKey } from '@solana/web3.js';
import { argumentError } from '../errors/sdk-error.js';

/** Refuses 0, negatives and what is no bigint, before a signature is spent on it. */
export function assertPositive(argument: string, value: bigint): void {
    if (typeof value !== 'bigint' || value <= 0n) throw argumentError(argument, 'a bigint above 0');
}

/** Refuses what is no unsigned 64-bit number. */
export function assertU64(argument: string, value: bigint): void {
    if (typeof value !== 'bigint' || value < 0n || value >= 1n << 64n) {
        throw argumentError(argument, 'a bigint from 0 to 18446744073709551615');
    }
}

/** Refuses what is no integer from `least` to `most`. */
export function assertInteger(argument: string, value: number, least: number, most: number): void {
    if (!Number.isInteger(value) || value < least || value > most) {
        throw argumentError(argument, `an integer from ${least} to ${most}`);
    }
}

/** Refuses the all-zero key, which the programs read as "none". */
export function assertKeySet(argument: string, value: PublicKey): void {
    if (value.equals(PublicKey.default)) throw argumentError(argument, 'a public key that is not all zero');
}

/** Refuses what is not 32 bytes. */
export function assertHash(argument: string, value: Uint8Array): void {
    if (!(value instanceof Uint8Array) || value.length !== 32) throw argumentError(argument, '32 bytes');
}
