import { describe, expect, it } from 'vitest';
import { type DeliveryMethod, decodeDeliveryMethods, encodeDeliveryMethods } from './delivery-method.js';

describe('delivery methods', () => {
    it.each([
        [['unicast'], 1],
        [['multicast'], 2],
        [['unicast', 'multicast'], 3],
    ] as [DeliveryMethod[], number][])('%j are the bits %i', (methods, bits) => {
        expect(encodeDeliveryMethods(methods)).toBe(bits);
        expect(decodeDeliveryMethods(bits)).toEqual(methods);
    });

    it('reads an account older than the field as unicast', () => {
        expect(decodeDeliveryMethods(0)).toEqual(['unicast']);
    });

    it.each([[[]], [['anycast']]])('refuses %j', (methods) => {
        expect(() => encodeDeliveryMethods(methods as DeliveryMethod[])).toThrow(
            expect.objectContaining({ code: 'MKT_CORE__DELIVERY_METHODS_INVALID' }),
        );
    });

    it('refuses an unknown bit', () => {
        expect(() => decodeDeliveryMethods(4)).toThrow(
            expect.objectContaining({ code: 'MKT_CORE__DELIVERY_METHODS_INVALID' }),
        );
    });
});
