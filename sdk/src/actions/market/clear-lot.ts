import type { TransactionInstruction } from '@solana/web3.js';
import type { Lot } from '../../accounts/lot.js';
import type { WithAddress } from '../../accounts/reader.js';
import { findPriceHistoryAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getClearLotInstructions` needs. */
export interface ClearLotInput {
    readonly lot: Pick<WithAddress<Lot>, 'address' | 'footprint' | 'deliveryMethods' | 'mint'>;
}

/**
 * Ranks the revealed bids and sets the one price. Anyone may, between the end of revealing and genesis.
 *
 * @throws MarketplaceError MKT_CORE__FOOTPRINT_INVALID, MKT_CORE__DELIVERY_METHODS_INVALID for what is no lot.
 * @example const instructions = await getClearLotInstructions({ lot });
 */
export async function getClearLotInstructions({ lot }: ClearLotInput): Promise<TransactionInstruction[]> {
    const accounts = { lot: lot.address, priceHistory: findPriceHistoryAddress(lot) };
    return [buildInstruction('market', 'clearLot', accounts, {})];
}
