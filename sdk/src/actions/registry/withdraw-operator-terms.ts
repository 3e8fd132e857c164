import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findOperatorTermsAddress, findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getWithdrawOperatorTermsInstructions` needs. */
export interface WithdrawOperatorTermsInput {
    /** The participant's cold key. Signs. */
    readonly owner: PublicKey;
    readonly asn: number;
}

/**
 * Withdraws an operator's terms; rent goes to the owner.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the number is no u32.
 * @example const instructions = await getWithdrawOperatorTermsInstructions({ owner, asn: 64_496 });
 */
export async function getWithdrawOperatorTermsInstructions(
    input: WithdrawOperatorTermsInput,
): Promise<TransactionInstruction[]> {
    const { owner, asn } = input;
    const participant = findParticipantAddress({ owner });
    const accounts = { owner, participant, operatorTerms: findOperatorTermsAddress({ participant, asn }) };
    return [buildInstruction('registry', 'withdrawOperatorTerms', accounts, {})];
}
