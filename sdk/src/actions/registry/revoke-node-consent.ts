import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findNodeConsentAddress, findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getRevokeNodeConsentInstructions` needs. */
export interface RevokeNodeConsentInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    readonly node: PublicKey;
}

/**
 * Takes an operator's consent back; rent goes to the owner.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when an account is no public key.
 * @example const instructions = await getRevokeNodeConsentInstructions({ owner, node });
 */
export async function getRevokeNodeConsentInstructions(
    input: RevokeNodeConsentInput,
): Promise<TransactionInstruction[]> {
    const { owner, node } = input;
    const participant = findParticipantAddress({ owner });
    const accounts = { owner, participant, nodeConsent: findNodeConsentAddress({ node, participant }) };
    return [buildInstruction('registry', 'revokeNodeConsent', accounts, {})];
}
