import type { TransactionInstruction } from '@solana/web3.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger } from '../checks.js';
import { buildSignatureInstruction, type EvidenceProofInput, evidenceAccounts } from './evidence-instruction.js';

/** What `getProveEvidenceInstructions` needs. */
export interface ProveEvidenceInput extends EvidenceProofInput {
    /** Which sample it answers, below `commitment.samples`; its inclusion is proved already. */
    readonly index: number;
}

/**
 * Proves that the content provider's issuer admitted the session of a sampled leaf and that its client signed for the bytes.
 * Anyone may. The two instructions must stay side by side, in this order.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for an index or leaf that cannot be; MKT_CORE__FIELD_LENGTH_WRONG for
 * messages, keys or signatures of another length.
 * @example
 * const instructions = await getProveEvidenceInstructions({ contract, commitment: commitment.address, node, index: 0,
 *     leaf: encodeLeaf(leaf), evidence });
 */
export async function getProveEvidenceInstructions(input: ProveEvidenceInput): Promise<TransactionInstruction[]> {
    const { index, leaf, evidence } = input;
    assertInteger('index', index, 0, 7);
    const prove = buildInstruction('settlement', 'proveEvidence', evidenceAccounts(input), { index, leaf });
    return [buildSignatureInstruction(evidence), prove];
}
