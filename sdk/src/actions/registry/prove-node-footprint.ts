import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { encodeFootprint, type Footprint, type FootprintProof } from '../../core/footprint.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getProveNodeFootprintInstructions` needs. */
export interface ProveNodeFootprintInput {
    readonly node: PublicKey;
    readonly footprint: Footprint;
    /** From `computeFootprintProof`. */
    readonly proof: FootprintProof;
}

/**
 * Shows on chain that a footprint stands under a node's root; changes nothing.
 *
 * @throws MarketplaceError MKT_CORE__FOOTPRINT_INVALID, MKT_SDK__ARGUMENT_INVALID
 * @example const instructions = await getProveNodeFootprintInstructions({ node, footprint, proof: computeFootprintProof(footprints, footprint) });
 */
export async function getProveNodeFootprintInstructions(
    input: ProveNodeFootprintInput,
): Promise<TransactionInstruction[]> {
    const { node, proof } = input;
    const args = {
        footprint: encodeFootprint(input.footprint),
        index: BigInt(proof.index),
        size: BigInt(proof.size),
        path: [...proof.path],
    };
    return [buildInstruction('registry', 'proveNodeFootprint', { node }, { args })];
}
