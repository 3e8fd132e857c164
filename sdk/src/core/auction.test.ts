import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeBidCommitment, computeClearing, computeLotSeed, computeMarketKey } from './auction.js';
import { toHex, utf8 } from './bytes.js';
import { sha256 } from './hash.js';

const lot = new Uint8Array(32).fill(1);
const bidder = new Uint8Array(32).fill(2);
const salt = new Uint8Array(16).fill(3);
const sealed = { lot, bidder, pricePerGigabyte: 5_000n, kilobitsPerSecond: 100_000n, salt };

describe('computeBidCommitment', () => {
    it('hashes domain, lot, bidder, price, quantity and salt, little-endian', () => {
        const body = [
            ...utf8('OCM/bid/v1'),
            ...new Array(6).fill(0),
            ...lot,
            ...bidder,
            ...[0x88, 0x13, 0, 0, 0, 0, 0, 0],
            ...[0xa0, 0x86, 1, 0, 0, 0, 0, 0],
            ...salt,
        ];
        expect(toHex(computeBidCommitment(sealed))).toBe(toHex(sha256(Uint8Array.from(body))));
    });

    it('refuses a salt of another length and a price below zero', () => {
        const of = (change: object) => () => computeBidCommitment({ ...sealed, ...change });
        expect(of({ salt: new Uint8Array(15) })).toThrow(
            expect.objectContaining({ code: 'MKT_CORE__FIELD_LENGTH_WRONG' }),
        );
        expect(of({ pricePerGigabyte: -1n })).toThrow(
            expect.objectContaining({ code: 'MKT_CORE__FIELD_OUT_OF_RANGE' }),
        );
    });
});

describe('computeLotSeed', () => {
    it('does not depend on the order of reveals, and does on every salt', () => {
        const other = { bidder: lot, salt: new Uint8Array(16).fill(9) };
        const seed = toHex(computeLotSeed(lot, [{ bidder, salt }, other]));
        expect(toHex(computeLotSeed(lot, [other, { bidder, salt }]))).toBe(seed);
        expect(toHex(computeLotSeed(lot, [other]))).not.toBe(seed);
        expect(() => computeLotSeed(lot, [{ bidder, salt: lot }])).toThrow(
            expect.objectContaining({ code: 'MKT_CORE__FIELD_LENGTH_WRONG' }),
        );
    });
});

describe('computeClearing', () => {
    const bids = fc.array(fc.record({ price: fc.bigInt(1n, 9n), units: fc.bigInt(1n, 4n) }), { maxLength: 20 });

    it('sells what it can, to the cheapest, at no less than any winner asked', () => {
        fc.assert(
            fc.property(bids, fc.bigInt(1n, 30n), (wishes, kilobitsPerSecond) => {
                const input = wishes.map(({ price, units }, place) => ({
                    bidder: new Uint8Array(32).fill(place),
                    pricePerGigabyte: price,
                    kilobitsPerSecond: units,
                }));
                const result = computeClearing({ bids: input, kilobitsPerSecond, reservePrice: 9n, seed: lot });
                const wanted = wishes.reduce((sum, { units }) => sum + units, 0n);
                expect(result.awardedKilobitsPerSecond).toBe(wanted < kilobitsPerSecond ? wanted : kilobitsPerSecond);
                for (const bid of result.ranking) {
                    if (bid.awardedKilobitsPerSecond > 0n) {
                        expect(bid.pricePerGigabyte <= result.pricePerGigabyte).toBe(true);
                    }
                    if (bid.awardedKilobitsPerSecond < bid.kilobitsPerSecond) {
                        expect(bid.pricePerGigabyte >= result.pricePerGigabyte).toBe(true);
                    }
                }
            }),
        );
    });

    it('gives a bidder of one unit no reason to ask for more than its cost', () => {
        fc.assert(
            fc.property(
                fc.uniqueArray(fc.bigInt(1n, 50n), { minLength: 3, maxLength: 8 }),
                fc.bigInt(1n, 50n),
                (costs, lie) => {
                    const profit = (first: bigint) => {
                        const input = costs.map((cost, place) => ({
                            bidder: new Uint8Array(32).fill(place),
                            pricePerGigabyte: place === 0 ? first : cost,
                            kilobitsPerSecond: 1n,
                        }));
                        const sale = { bids: input, kilobitsPerSecond: 2n, reservePrice: 50n, seed: lot };
                        const { ranking, pricePerGigabyte } = computeClearing(sale);
                        const own = ranking.find((bid) => bid.bidder[0] === 0)!;
                        return own.awardedKilobitsPerSecond * (pricePerGigabyte - costs[0]!);
                    };
                    expect(profit(lie) <= profit(costs[0]!)).toBe(true);
                },
            ),
        );
    });
});

describe('computeMarketKey', () => {
    it('tells footprints, methods and mints apart', () => {
        const us = { kind: 'countrycode', value: 'us' } as const;
        const de = { kind: 'countrycode', value: 'de' } as const;
        const keys = [
            computeMarketKey(us, 1, lot),
            computeMarketKey(de, 1, lot),
            computeMarketKey(us, 2, lot),
            computeMarketKey(us, 1, bidder),
        ].map(toHex);
        expect(new Set(keys).size).toBe(4);
    });
});
