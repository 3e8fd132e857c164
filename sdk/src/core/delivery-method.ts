import { MarketplaceError } from './error.js';

/** Ways in which bytes reach viewers, in the order of their bits on chain (1, 2). */
export const DELIVERY_METHODS = ['unicast', 'multicast'] as const;
export type DeliveryMethod = (typeof DELIVERY_METHODS)[number];

const ALL_BITS = 0b11;

/**
 * The bits that the market program stores.
 *
 * @throws MarketplaceError MKT_CORE__DELIVERY_METHODS_INVALID for no method at all or an unknown one.
 * @example const bits = encodeDeliveryMethods(['unicast', 'multicast']); // 3
 */
export function encodeDeliveryMethods(methods: readonly DeliveryMethod[]): number {
    const places = methods.map((method) => DELIVERY_METHODS.indexOf(method));
    if (places.length === 0 || places.includes(-1)) {
        throw new MarketplaceError('MKT_CORE__DELIVERY_METHODS_INVALID', { methods: methods.join(', ') });
    }
    return places.reduce((bits, place) => bits | (1 << place), 0);
}

/**
 * The methods that stored bits name; accounts older than the field hold 0 and could do unicast only.
 *
 * @throws MarketplaceError MKT_CORE__DELIVERY_METHODS_INVALID for an unknown bit.
 * @example const methods = decodeDeliveryMethods(0); // ['unicast']
 */
export function decodeDeliveryMethods(bits: number): DeliveryMethod[] {
    if ((bits & ~ALL_BITS) !== 0) throw new MarketplaceError('MKT_CORE__DELIVERY_METHODS_INVALID', { methods: bits });
    return DELIVERY_METHODS.filter((_, place) => ((bits || 1) >> place) & 1);
}
