import type { OfferTerms } from './model/state.js';

/** When every episode begins, unix seconds. */
export const BEGINS_AT = 1_800_000_000;
/** Offers and capacity claims last a year. */
export const OFFERS_EXPIRE_AT = BEGINS_AT + 365 * 86_400;
/** Two claims of a node add up to more than the node: either can be the limit. */
export const CLAIM_RATE = 400_000n;
export const NODE_RATE = 600_000n;

const rates = { minRate: 1_000n, maxRate: 300_000n, totalRate: CLAIM_RATE, minEpochs: 1 };

/** Splits that leave dust in every floor. */
const EIGHT_WAYS = [1_237, 1_249, 1_259, 1_277, 1_279, 1_283, 1_289, 1_127];

const TERMS: readonly OfferTerms[] = [
    {
        ...rates,
        seller: 's0',
        index: 0,
        prices: [5_000n, 6_000n, 7_000n],
        commitFee: 100n,
        epochSecs: 10,
        sla: {
            quorum: 3,
            maxPenaltyBasisPoints: 7_000,
            severeBasisPoints: 5_000,
            slashBasisPoints: 1_000,
            tiers: [
                { metric: 0, threshold: 990_000, basisPoints: 1_000 },
                { metric: 0, threshold: 950_000, basisPoints: 6_000 },
                { metric: 1, threshold: 10_000, basisPoints: 500 },
            ],
        },
        splits: [
            { payee: 's0', basisPoints: 7_000 },
            { payee: 'p0', basisPoints: 2_500 },
            { payee: 'p1', basisPoints: 500 },
        ],
    },
    {
        ...rates,
        seller: 's0',
        index: 1,
        prices: [50_000n, 1n, 999_983n],
        commitFee: 2_000_000n,
        epochSecs: 60,
        sla: {
            quorum: 1,
            maxPenaltyBasisPoints: 10_000,
            severeBasisPoints: 1_000,
            slashBasisPoints: 10_000,
            tiers: [
                { metric: 0, threshold: 999_000, basisPoints: 333 },
                { metric: 1, threshold: 5_000, basisPoints: 667 },
                { metric: 2, threshold: 200, basisPoints: 1_000 },
                { metric: 3, threshold: 50_000, basisPoints: 9_000 },
            ],
        },
        splits: [{ payee: 's0', basisPoints: 10_000 }],
    },
    {
        ...rates,
        seller: 's1',
        index: 0,
        prices: [1n, 3n, 2n],
        commitFee: 0n,
        epochSecs: 10,
        minEpochs: 2,
        sla: { quorum: 1, maxPenaltyBasisPoints: 0, severeBasisPoints: 0, slashBasisPoints: 0, tiers: [] },
        splits: EIGHT_WAYS.map((basisPoints, place) => ({ payee: `p${place}`, basisPoints })),
    },
    {
        ...rates,
        seller: 's1',
        index: 1,
        prices: [12_345_678n, 87_654_321n, 5_000n],
        commitFee: 1_000_003n,
        epochSecs: 10,
        sla: {
            quorum: 2,
            maxPenaltyBasisPoints: 9_999,
            severeBasisPoints: 2_000,
            slashBasisPoints: 5_000,
            tiers: [
                { metric: 0, threshold: 999_900, basisPoints: 1_999 },
                { metric: 1, threshold: 1_000, basisPoints: 1 },
                { metric: 3, threshold: 1_000, basisPoints: 7_777 },
            ],
        },
        splits: [
            { payee: 's1', basisPoints: 3_333 },
            { payee: 'p0', basisPoints: 6_667 },
        ],
    },
];

export const OFFERS: ReadonlyMap<string, OfferTerms> = new Map(
    TERMS.map((terms) => [`${terms.seller}:${terms.index}`, terms]),
);
