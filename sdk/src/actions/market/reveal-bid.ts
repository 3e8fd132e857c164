import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findBidAddress, findParticipantAddress } from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';

const CLAIM_PLACES = 4;

/** What `getRevealBidInstructions` needs. */
export interface RevealBidInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    readonly lot: PublicKey;
    /** As committed. */
    readonly pricePerGigabyte: bigint;
    /** As committed. */
    readonly kilobitsPerSecond: bigint;
    /** As committed. */
    readonly salt: Uint8Array;
    /** One to four claims of the seller, in the order in which they would serve. */
    readonly claims: readonly PublicKey[];
    /** Kilobits per second on each claim, which add up to the quantity; left out with one claim. */
    readonly claimShares?: readonly bigint[];
}

/**
 * Opens a sealed bid and names the claims that would serve it.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for shares that do not add up to the quantity.
 * @example
 * const instructions = await getRevealBidInstructions({ owner, lot: lot.address, pricePerGigabyte, kilobitsPerSecond, salt, claims: [claim] });
 */
export async function getRevealBidInstructions(input: RevealBidInput): Promise<TransactionInstruction[]> {
    const { owner, lot, pricePerGigabyte, kilobitsPerSecond, salt, claims } = input;
    const shares = input.claimShares ?? (claims.length === 1 ? [kilobitsPerSecond] : []);
    const sum = shares.reduce((total, share) => total + share, 0n);
    if (shares.length !== claims.length || claims.length > CLAIM_PLACES || sum !== kilobitsPerSecond) {
        throw argumentError('claimShares', 'one share for each of one to four claims, which add up to the quantity');
    }
    const bidder = findParticipantAddress({ owner });
    const accounts = { owner, bidder, lot, bid: findBidAddress({ lot, bidder }) };
    const claimShares = [...shares, ...new Array<bigint>(CLAIM_PLACES - shares.length).fill(0n)];
    const args = { pricePerGigabyte, kilobitsPerSecond, salt, claimShares };
    const remaining = claims.map((pubkey) => ({ pubkey, isSigner: false, isWritable: false }));
    return [buildInstruction('market', 'revealBid', accounts, { args }, remaining)];
}
