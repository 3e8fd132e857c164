import type { AccountMeta, PublicKey } from '@solana/web3.js';
import type { CapacityClaim } from '../../accounts/capacity-claim.js';
import type { WithAddress } from '../../accounts/reader.js';
import { argumentError } from '../../errors/sdk-error.js';

/** A capacity claim with its node; `fetchClaims` loads it, `listCapacityClaims` too. */
export type ClaimWithNode = Pick<WithAddress<CapacityClaim>, 'address' | 'node'>;

const writable = (pubkey: PublicKey): AccountMeta => ({ pubkey, isSigner: false, isWritable: true });

/** Claim and node in turn, in the order of the offer or contract: where capacity is bound or freed. */
export function pairAccounts(expected: readonly PublicKey[], claims: readonly ClaimWithNode[]): AccountMeta[] {
    const inOrder =
        claims.length === expected.length && expected.every((address, place) => claims[place]?.address.equals(address));
    if (!inOrder) throw argumentError('claims', 'the claims of the offer or contract, in its order');
    return claims.flatMap(({ address, node }) => [writable(address), writable(node)]);
}
