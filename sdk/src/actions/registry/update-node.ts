import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertHash, assertInteger } from '../checks.js';

/** What `getUpdateNodeInstructions` needs. */
export interface UpdateNodeInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    readonly node: PublicKey;
    /** SHA-256 of the TLS key's SubjectPublicKeyInfo, 32 bytes. */
    readonly tlsSpki: Uint8Array;
    /** `computeFootprintRoot` of the node's footprints. */
    readonly footprintRoot: Uint8Array;
    readonly asn: number;
    /** Sum of `BANDWIDTH_PROOFS`; 0 opts out of being measured. */
    readonly bandwidthProofFlags: number;
    readonly meteredConsent?: boolean;
    /** SHA-256 of the carousel's description; all zero when left out. */
    readonly carouselHash?: Uint8Array;
}

/**
 * Replaces all that a node says of its place except endpoints and rates.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when a hash is not 32 bytes or a flag is unknown.
 * @example const instructions = await getUpdateNodeInstructions({ owner, node, tlsSpki, footprintRoot, asn: 64_496, bandwidthProofFlags: BANDWIDTH_PROOFS.egress });
 */
export async function getUpdateNodeInstructions(input: UpdateNodeInput): Promise<TransactionInstruction[]> {
    const { owner, node, meteredConsent = false, carouselHash = new Uint8Array(32), ...profile } = input;
    assertHash('tlsSpki', input.tlsSpki);
    assertHash('footprintRoot', input.footprintRoot);
    assertHash('carouselHash', carouselHash);
    assertInteger('bandwidthProofFlags', input.bandwidthProofFlags, 0, 7);
    const args = { ...profile, meteredConsent, carouselHash };
    return [
        buildInstruction(
            'registry',
            'updateNode',
            { owner, participant: findParticipantAddress({ owner }), node },
            { args },
        ),
    ];
}
