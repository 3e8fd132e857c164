import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findParticipantAddress } from '../../addresses/index.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getSetNodeRatesInstructions` needs. */
export interface SetNodeRatesInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    readonly node: PublicKey;
    readonly claimEgressKilobitsPerSecond: bigint;
    readonly claimIngressKilobitsPerSecond: bigint;
}

/**
 * Replaces a node's claimed rates; never below what contracts hold on it.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when both rates are 0 or one is no u64.
 * @example const instructions = await getSetNodeRatesInstructions({ owner, node, claimEgressKilobitsPerSecond: 2_000_000n, claimIngressKilobitsPerSecond: 0n });
 */
export async function getSetNodeRatesInstructions(input: SetNodeRatesInput): Promise<TransactionInstruction[]> {
    const { owner, node, ...args } = input;
    if (input.claimEgressKilobitsPerSecond === 0n && input.claimIngressKilobitsPerSecond === 0n) {
        throw argumentError('claimEgressKilobitsPerSecond', 'a rate above 0 in at least one direction');
    }
    return [
        buildInstruction(
            'registry',
            'setNodeRates',
            { owner, participant: findParticipantAddress({ owner }), node },
            { args },
        ),
    ];
}
