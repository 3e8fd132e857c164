import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { InclusionProof } from '../../core/inclusion.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger } from '../checks.js';

/** What `getProveInclusionInstructions` needs. */
export interface ProveInclusionInput {
    readonly commitment: PublicKey;
    /** Which sample it answers, below `commitment.samples`. */
    readonly index: number;
    /** `proveTarget(tree, computeSampleTarget(seed, index, totalBytes))`. */
    readonly proof: InclusionProof;
}

/**
 * Proves that a leaf of the committed tree covers the target of one sample. Anyone may.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for an index or proof that cannot be.
 * @example
 * const target = computeSampleTarget(commitment.seed, 0, commitment.totalBytes);
 * const instructions = await getProveInclusionInstructions({ commitment: commitment.address, index: 0,
 *     proof: proveTarget(tree, target) });
 */
export async function getProveInclusionInstructions(input: ProveInclusionInput): Promise<TransactionInstruction[]> {
    const { commitment, index, proof } = input;
    assertInteger('index', index, 0, 7);
    const { leaf, others, path } = proof;
    return [buildInstruction('settlement', 'proveInclusion', { commitment }, { args: { index, leaf, others, path } })];
}
