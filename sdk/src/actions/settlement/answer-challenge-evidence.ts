import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { buildInstruction } from '../../programs/instruction.js';
import { buildSignatureInstruction, type EvidenceProofInput, evidenceAccounts } from './evidence-instruction.js';

/** What `getAnswerChallengeEvidenceInstructions` needs. */
export interface AnswerChallengeEvidenceInput extends EvidenceProofInput {
    /** Gets the challenger's bond. Signs. */
    readonly answerer: PublicKey;
    readonly challenge: PublicKey;
}

/**
 * Second half of an answer: token and receipt of the leaf whose inclusion is proved. Anyone may. The two instructions must
 * stay side by side, in this order.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a leaf that cannot be; MKT_CORE__FIELD_LENGTH_WRONG for messages,
 * keys or signatures of another length.
 * @example
 * const instructions = await getAnswerChallengeEvidenceInstructions({ answerer, challenge: challenge.address, contract,
 *     commitment: commitment.address, node, leaf: encodeLeaf(leaf), evidence });
 */
export async function getAnswerChallengeEvidenceInstructions(
    input: AnswerChallengeEvidenceInput,
): Promise<TransactionInstruction[]> {
    const { answerer, challenge, leaf, evidence } = input;
    const accounts = { answerer, challenge, ...evidenceAccounts(input) };
    const answer = buildInstruction('settlement', 'answerChallengeEvidence', accounts, { leaf });
    return [buildSignatureInstruction(evidence), answer];
}
