import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { InclusionProof } from '../../core/inclusion.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getAnswerChallengeInclusionInstructions` needs. */
export interface AnswerChallengeInclusionInput {
    readonly commitment: PublicKey;
    readonly challenge: PublicKey;
    /** `proveTarget(tree, challenge.target)`. */
    readonly proof: InclusionProof;
}

/**
 * First half of an answer: proves which leaf covers the challenge's target. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a leaf of another length.
 * @example
 * const instructions = await getAnswerChallengeInclusionInstructions({ commitment: commitment.address,
 *     challenge: challenge.address, proof: proveTarget(tree, challenge.target) });
 */
export async function getAnswerChallengeInclusionInstructions(
    input: AnswerChallengeInclusionInput,
): Promise<TransactionInstruction[]> {
    const { commitment, challenge, proof } = input;
    const { leaf, others, path } = proof;
    const accounts = { commitment, challenge };
    return [buildInstruction('settlement', 'answerChallengeInclusion', accounts, { args: { leaf, others, path } })];
}
