import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { encodeStoredFootprint } from '../../accounts/footprint.js';
import { findPriceHistoryAddress } from '../../addresses/index.js';
import { type DeliveryMethod, encodeDeliveryMethods } from '../../core/delivery-method.js';
import type { Footprint } from '../../core/footprint.js';
import { buildInstruction } from '../../programs/instruction.js';

/** What `getOpenPriceHistoryInstructions` needs. */
export interface OpenPriceHistoryInput {
    /** Pays the rent, for good. Signs. */
    readonly payer: PublicKey;
    readonly mint: PublicKey;
    readonly footprint: Footprint;
    readonly deliveryMethods: readonly DeliveryMethod[];
}

/**
 * Creates the price history of a market, once (`findPriceHistoryAddress`); a lot can be cleared only with it.
 *
 * @throws MarketplaceError MKT_CORE__FOOTPRINT_INVALID, MKT_CORE__DELIVERY_METHODS_INVALID.
 * @example const instructions = await getOpenPriceHistoryInstructions({ payer, mint, footprint, deliveryMethods: ['unicast'] });
 */
export async function getOpenPriceHistoryInstructions(input: OpenPriceHistoryInput): Promise<TransactionInstruction[]> {
    const { payer, mint, footprint, deliveryMethods } = input;
    const accounts = { payer, mint, priceHistory: findPriceHistoryAddress(input) };
    const args = {
        footprint: encodeStoredFootprint(footprint),
        deliveryMethods: encodeDeliveryMethods(deliveryMethods),
    };
    return [buildInstruction('market', 'openPriceHistory', accounts, { args })];
}
