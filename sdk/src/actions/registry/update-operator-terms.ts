import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { encodeClasses, type NetworkTerms } from '../../accounts/operator-terms.js';
import { findOperatorTermsAddress, findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertHash } from '../checks.js';

/** What `getUpdateOperatorTermsInstructions` needs. */
export interface UpdateOperatorTermsInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    readonly asn: number;
    readonly terms: NetworkTerms;
}

/**
 * Replaces an operator's terms; consents under another text lapse.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the hash is not 32 bytes.
 * @example const instructions = await getUpdateOperatorTermsInstructions({ owner, asn: 64_496, terms });
 */
export async function getUpdateOperatorTermsInstructions(
    input: UpdateOperatorTermsInput,
): Promise<TransactionInstruction[]> {
    const { owner, asn, terms } = input;
    assertHash('termsHash', terms.termsHash);
    const participant = findParticipantAddress({ owner });
    const accounts = { owner, participant, operatorTerms: findOperatorTermsAddress({ participant, asn }) };
    const encoded = { ...terms, allowedClasses: encodeClasses(terms.allowedClasses) };
    return [buildInstruction('registry', 'updateOperatorTerms', accounts, { terms: encoded })];
}
