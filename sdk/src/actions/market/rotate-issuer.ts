import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger, assertKeySet } from '../checks.js';

/** What `getRotateIssuerInstructions` needs. */
export interface RotateIssuerInput {
    /** The content provider's cold key. Signs. */
    readonly contentProviderOwner: PublicKey;
    readonly contract: PublicKey;
    /** The place that is not in force, 0 or 1. */
    readonly slot: number;
    readonly issuer: PublicKey;
    /** An epoch after the present one. */
    readonly fromEpoch: number;
}

/**
 * Names the key that signs viewers' tokens from a later epoch on.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID unless the slot is 0 or 1, the key set and the epoch above 0.
 * @example
 * const instructions = await getRotateIssuerInstructions({ contentProviderOwner, contract, slot: 1, issuer, fromEpoch: 7 });
 */
export async function getRotateIssuerInstructions(input: RotateIssuerInput): Promise<TransactionInstruction[]> {
    const { contentProviderOwner: owner, contract, slot, issuer, fromEpoch } = input;
    assertInteger('slot', slot, 0, 1);
    assertKeySet('issuer', issuer);
    assertInteger('fromEpoch', fromEpoch, 1, 0xffff_ffff);
    const accounts = { owner, contentProvider: findParticipantAddress({ owner }), contract };
    return [buildInstruction('market', 'rotateIssuer', accounts, { args: { slot, issuer, fromEpoch } })];
}
