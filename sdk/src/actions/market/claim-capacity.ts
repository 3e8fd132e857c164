import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Direction } from '../../accounts/capacity-claim.js';
import { encodeStoredFootprint } from '../../accounts/footprint.js';
import { findCapacityClaimAddress, findParticipantAddress } from '../../addresses/index.js';
import { type DeliveryMethod, encodeDeliveryMethods } from '../../core/delivery-method.js';
import type { Footprint } from '../../core/footprint.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertPositive } from '../checks.js';

/** What `getClaimCapacityInstructions` needs. */
export interface ClaimCapacityInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    /** Pays the rent; `owner` when left out. Signs. */
    readonly payer?: PublicKey;
    readonly node: PublicKey;
    /** Free to choose, once per node (u32). */
    readonly index: number;
    readonly footprint: Footprint;
    readonly direction: Direction;
    /** At most what the node claims in that direction. */
    readonly kilobitsPerSecond: bigint;
    /** Base units per 10^9 bytes. */
    readonly priceFloorPerGigabyte: bigint;
    /** Unix seconds. */
    readonly validFrom: bigint;
    /** Unix seconds. */
    readonly validUntil: bigint;
    /** How the node delivers; unicast when left out. */
    readonly deliveryMethods?: readonly DeliveryMethod[];
}

/**
 * Says what a node can carry into a footprint; the claim is `findCapacityClaimAddress({ node, index })`.
 *
 * @throws MarketplaceError MKT_CORE__FOOTPRINT_INVALID, MKT_CORE__DELIVERY_METHODS_INVALID; MKT_SDK__ARGUMENT_INVALID for a rate of 0 or an empty validity.
 * @example
 * const instructions = await getClaimCapacityInstructions({ owner, node, index: 0, direction: 'egress',
 *     footprint: { kind: 'ipv4cidr', value: '192.0.2.0/24' }, kilobitsPerSecond: 500_000n,
 *     priceFloorPerGigabyte: 4_000n, validFrom, validUntil });
 */
export async function getClaimCapacityInstructions(input: ClaimCapacityInput): Promise<TransactionInstruction[]> {
    const { owner, payer = owner, node, index, footprint, deliveryMethods = ['unicast'], ...rest } = input;
    assertPositive('kilobitsPerSecond', input.kilobitsPerSecond);
    if (input.validFrom >= input.validUntil) throw argumentError('validUntil', 'a time after validFrom');
    const accounts = {
        payer,
        owner,
        participant: findParticipantAddress({ owner }),
        node,
        capacityClaim: findCapacityClaimAddress({ node, index }),
    };
    const args = {
        ...rest,
        index,
        footprint: encodeStoredFootprint(footprint),
        deliveryMethods: encodeDeliveryMethods(deliveryMethods),
    };
    return [buildInstruction('market', 'claimCapacity', accounts, { args })];
}
