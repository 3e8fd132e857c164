import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findBeaconRegistryAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getCreateBeaconRegistryInstructions` needs. */
export interface CreateBeaconRegistryInput {
    /** Pays the rent; anyone. Signs. */
    readonly payer: PublicKey;
}

/**
 * Creates the one list of BEACONs.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the payer is no public key.
 * @example const instructions = await getCreateBeaconRegistryInstructions({ payer });
 */
export async function getCreateBeaconRegistryInstructions(
    input: CreateBeaconRegistryInput,
): Promise<TransactionInstruction[]> {
    const { payer } = input;
    return [
        buildInstruction(
            'registry',
            'createBeaconRegistry',
            { payer, beaconRegistry: findBeaconRegistryAddress() },
            {},
        ),
    ];
}
