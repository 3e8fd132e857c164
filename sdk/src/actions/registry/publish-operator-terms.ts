import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { encodeClasses, type NetworkTerms } from '../../accounts/operator-terms.js';
import { findOperatorTermsAddress, findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertHash } from '../checks.js';

/** What `getPublishOperatorTermsInstructions` needs. */
export interface PublishOperatorTermsInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    readonly asn: number;
    readonly terms: NetworkTerms;
}

/**
 * Publishes an operator's terms for nodes in one network.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the hash is not 32 bytes.
 * @example const instructions = await getPublishOperatorTermsInstructions({ owner, asn: 64_496, terms });
 */
export async function getPublishOperatorTermsInstructions(
    input: PublishOperatorTermsInput,
): Promise<TransactionInstruction[]> {
    const { owner, asn, terms } = input;
    assertHash('termsHash', terms.termsHash);
    const participant = findParticipantAddress({ owner });
    const accounts = { owner, participant, operatorTerms: findOperatorTermsAddress({ participant, asn }) };
    const encoded = { ...terms, allowedClasses: encodeClasses(terms.allowedClasses) };
    return [buildInstruction('registry', 'publishOperatorTerms', accounts, { asn, terms: encoded })];
}
