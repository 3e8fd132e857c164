import { PublicKey } from '@solana/web3.js';
import { argumentError } from '../errors/sdk-error.js';

/** A seed of UTF-8 text, at most 32 bytes (the runtime's limit per seed). */
export function textSeed(text: string): Uint8Array {
    return new TextEncoder().encode(text);
}

/** A u8 seed. */
export function u8Seed(name: string, value: number): Uint8Array {
    return integerSeed(name, value, 1);
}

/** A u16 seed, little-endian. */
export function u16Seed(name: string, value: number): Uint8Array {
    return integerSeed(name, value, 2);
}

/** A u32 seed, little-endian. */
export function u32Seed(name: string, value: number): Uint8Array {
    return integerSeed(name, value, 4);
}

function integerSeed(name: string, value: number, bytes: 1 | 2 | 4): Uint8Array {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** (8 * bytes)) {
        throw argumentError(name, `an integer from 0 to ${2 ** (8 * bytes) - 1}`);
    }
    const seed = new Uint8Array(bytes);
    const view = new DataView(seed.buffer);
    if (bytes === 1) view.setUint8(0, value);
    else if (bytes === 2) view.setUint16(0, value, true);
    else view.setUint32(0, value, true);
    return seed;
}

/** A u64 seed, little-endian. */
export function u64Seed(name: string, value: bigint): Uint8Array {
    if (typeof value !== 'bigint' || value < 0n || value >= 1n << 64n) {
        throw argumentError(name, 'a bigint from 0 to 18446744073709551615');
    }
    const seed = new Uint8Array(8);
    new DataView(seed.buffer).setBigUint64(0, value, true);
    return seed;
}

/** The canonical program address of the seeds (the highest bump off the curve). */
export function findAddress(programId: PublicKey, seeds: readonly Uint8Array[]): PublicKey {
    return PublicKey.findProgramAddressSync([...seeds], programId)[0];
}
