import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { findBeaconPageAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger } from '../checks.js';

/** What `getCreateBeaconPageInstructions` needs. */
export interface CreateBeaconPageInput {
    /** Pays the rent; anyone. Signs. */
    readonly payer: PublicKey;
    /** Number of the page; the BEACON numbered n stands on page floor(n / 256). */
    readonly page: number;
}

/**
 * Creates a page of the list for 256 BEACONs.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID when the page is no u16.
 * @example const instructions = await getCreateBeaconPageInstructions({ payer, page: 0 });
 */
export async function getCreateBeaconPageInstructions(input: CreateBeaconPageInput): Promise<TransactionInstruction[]> {
    const { payer, page } = input;
    assertInteger('page', page, 0, 65_535);
    return [
        buildInstruction(
            'registry',
            'createBeaconPage',
            { payer, beaconPage: findBeaconPageAddress({ page }) },
            { page },
        ),
    ];
}
