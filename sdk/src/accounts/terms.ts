import type { PublicKey } from '@solana/web3.js';
import type { Sla } from '../core/sla.js';

/** Kinds of delivery by their number on chain: prices, volumes and commitments are kept apart by kind. */
export const DELIVERY_KINDS = { receiptedUnicast: 0, cosignedOnly: 1, receiptedMulticast: 2 } as const;

/** 0 receipted unicast, 1 co-signed only, 2 receipted multicast. */
export type DeliveryKind = (typeof DELIVERY_KINDS)[keyof typeof DELIVERY_KINDS];

/** Base units per 10^9 bytes, by kind of delivery. */
export type PricesByKind = readonly [bigint, bigint, bigint];

/** One payee's share of what is left after the fee; all splits of a contract add up to 10 000 basis points. */
export interface Split {
    /** Owner of the token account that receives the share. */
    readonly payee: PublicKey;
    readonly basisPoints: number;
}

/** Stored lists have fixed places; the used ones come first. */
export function takeUsed<Item>(places: readonly Item[], count: number): Item[] {
    return places.slice(0, count);
}

/** The terms without their unused tiers. */
export function trimSla(sla: Sla): Sla {
    return { ...sla, tiers: sla.tiers.filter(({ basisPoints }) => basisPoints > 0) };
}

/** Three values by kind, as a tuple. */
export function byKind(values: readonly bigint[]): PricesByKind {
    const [unicast = 0n, cosigned = 0n, multicast = 0n] = values;
    return [unicast, cosigned, multicast];
}
