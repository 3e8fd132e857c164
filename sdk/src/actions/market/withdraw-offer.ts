import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getWithdrawOfferInstructions` needs. */
export interface WithdrawOfferInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    readonly offer: PublicKey;
}

/**
 * Takes an offer out of the market; its contracts run on.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for what is no public key.
 * @example const instructions = await getWithdrawOfferInstructions({ owner, offer });
 */
export async function getWithdrawOfferInstructions(input: WithdrawOfferInput): Promise<TransactionInstruction[]> {
    const { owner, offer } = input;
    const accounts = { owner, participant: findParticipantAddress({ owner }), offer };
    return [buildInstruction('market', 'withdrawOffer', accounts, {})];
}
