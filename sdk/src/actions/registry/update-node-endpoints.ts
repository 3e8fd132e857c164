import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { type Endpoint, encodeEndpoints } from '../../accounts/endpoint.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertHash } from '../checks.js';

/** What `getUpdateNodeEndpointsInstructions` needs. */
export interface UpdateNodeEndpointsInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    readonly node: PublicKey;
    /** One or two; they replace both. */
    readonly endpoints: readonly Endpoint[];
    /** SHA-256 of the TLS key's SubjectPublicKeyInfo, 32 bytes. */
    readonly tlsSpki: Uint8Array;
}

/**
 * Moves a node to new endpoints, which are unproven until they prove themselves.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for an endpoint that is none or a hash of another length.
 * @example
 * const instructions = await getUpdateNodeEndpointsInstructions({ owner, node, tlsSpki,
 *     endpoints: [{ ip: '2001:db8::7', port: 443 }] });
 */
export async function getUpdateNodeEndpointsInstructions(
    input: UpdateNodeEndpointsInput,
): Promise<TransactionInstruction[]> {
    const { owner, node, endpoints, tlsSpki } = input;
    assertHash('tlsSpki', tlsSpki);
    return [
        buildInstruction(
            'registry',
            'updateNodeEndpoints',
            { owner, participant: findParticipantAddress({ owner }), node },
            { args: { endpoints: encodeEndpoints(endpoints), tlsSpki } },
        ),
    ];
}
