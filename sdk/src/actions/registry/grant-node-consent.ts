import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findNodeConsentAddress, findOperatorTermsAddress, findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getGrantNodeConsentInstructions` needs. */
export interface GrantNodeConsentInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    readonly asn: number;
    readonly node: PublicKey;
}

/**
 * Records an operator's consent to a node in its network.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the number is no u32.
 * @example const instructions = await getGrantNodeConsentInstructions({ owner, asn: 64_496, node });
 */
export async function getGrantNodeConsentInstructions(input: GrantNodeConsentInput): Promise<TransactionInstruction[]> {
    const { owner, asn, node } = input;
    const participant = findParticipantAddress({ owner });
    const accounts = {
        owner,
        participant,
        operatorTerms: findOperatorTermsAddress({ participant, asn }),
        node,
        nodeConsent: findNodeConsentAddress({ node, participant }),
    };
    return [buildInstruction('registry', 'grantNodeConsent', accounts, {})];
}
