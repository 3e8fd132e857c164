import { createHash } from 'node:crypto';
import { ASSOCIATED_TOKEN_PROGRAM, decodeBase58, encodeBase58, UPGRADEABLE_LOADER } from './addresses.js';
import { isOnCurve } from './ed25519-point.js';

const MARKER = Buffer.from('ProgramDerivedAddress');

/** The first address below bump 256 that is no point of the curve, so that no key can sign for it. */
export function findProgramAddress(seeds: readonly Uint8Array[], program: string): string {
    for (let bump = 255; bump >= 0; bump--) {
        const hash = createHash('sha256');
        for (const seed of seeds) hash.update(seed);
        const digest = hash
            .update(Buffer.from([bump]))
            .update(decodeBase58(program))
            .update(MARKER)
            .digest();
        if (!isOnCurve(digest)) return encodeBase58(digest);
    }
    throw new Error('no program address for these seeds');
}

export function programDataAddress(program: string): string {
    return findProgramAddress([decodeBase58(program)], UPGRADEABLE_LOADER);
}

export function associatedTokenAddress(owner: string, mint: string, tokenProgram: string): string {
    const seeds = [decodeBase58(owner), decodeBase58(tokenProgram), decodeBase58(mint)];
    return findProgramAddress(seeds, ASSOCIATED_TOKEN_PROGRAM);
}
