import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { type Endpoint, encodeEndpoints } from '../../accounts/endpoint.js';
import type { NodeRole } from '../../accounts/node.js';
import { findNodeAddress, findParticipantAddress } from '../../addresses/index.js';
import type { CapacityClass } from '../../core/capacity.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertHash } from '../checks.js';

/** What `getRegisterNodeInstructions` needs. */
export interface RegisterNodeInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    /** Pays the rent; `owner` when left out. Signs. */
    readonly payer?: PublicKey;
    /** `Participant.nodeCount`: nodes are numbered in order. */
    readonly index: number;
    readonly role: NodeRole;
    /** One or two. */
    readonly endpoints: readonly Endpoint[];
    /** Autonomous system number in which the node stands; 0 when unknown. */
    readonly asn: number;
    /** RFC 9162 tree head over the node's canonical CDNi footprints, 32 bytes. */
    readonly footprintRoot: Uint8Array;
    /** SHA-256 of the TLS key's SubjectPublicKeyInfo, 32 bytes. */
    readonly tlsSpki: Uint8Array;
    readonly claimEgressKilobitsPerSecond: bigint;
    readonly claimIngressKilobitsPerSecond: bigint;
    /** `unicast` when left out; `CLASS_LIMITS` holds what each class allows and needs. */
    readonly class?: CapacityClass;
    /** Needed by `mobile`. */
    readonly meteredConsent?: boolean;
    /** SHA-256 of the carousel's description, needed by one-way classes; all zero when left out. */
    readonly carouselHash?: Uint8Array;
}

/**
 * Registers a seller's next node; its account is `findNodeAddress({ participant, index })`.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for an endpoint that is none, a hash of another length, an unknown
 * role, or when both claimed rates are 0.
 * @example
 * const instructions = await getRegisterNodeInstructions({ owner, index: 0, role: 'relay', asn: 64_496,
 *     endpoints: [{ ip: '192.0.2.7', port: 443 }], footprintRoot, tlsSpki,
 *     claimEgressKilobitsPerSecond: 1_000_000n, claimIngressKilobitsPerSecond: 0n });
 */
export async function getRegisterNodeInstructions(input: RegisterNodeInput): Promise<TransactionInstruction[]> {
    const { owner, payer = owner, endpoints, ...rest } = input;
    const { class: capacityClass = 'unicast', meteredConsent = false, carouselHash = new Uint8Array(32) } = rest;
    assertHash('footprintRoot', input.footprintRoot);
    assertHash('tlsSpki', input.tlsSpki);
    assertHash('carouselHash', carouselHash);
    if (input.claimEgressKilobitsPerSecond === 0n && input.claimIngressKilobitsPerSecond === 0n) {
        throw argumentError('claimEgressKilobitsPerSecond', 'a rate above 0 in at least one direction');
    }
    const participant = findParticipantAddress({ owner });
    const node = findNodeAddress({ participant, index: input.index });
    return [
        buildInstruction(
            'registry',
            'registerNode',
            { payer, owner, participant, node },
            {
                args: {
                    ...rest,
                    class: capacityClass,
                    meteredConsent,
                    carouselHash,
                    endpoints: encodeEndpoints(endpoints),
                },
            },
        ),
    ];
}
