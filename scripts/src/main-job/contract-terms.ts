import type { PricesByKind, Sla } from '@ocm/sdk';
import { SLA_METRICS, type SlaMetric } from '@ocm/sdk/core';
import { ONE_TOKEN } from './tokens.js';

/** Base units per 10⁹ bytes, by kind of delivery: receipted unicast, co-signed only, receipted multicast. */
export const PRICE_PER_GIGABYTE: PricesByKind = [5n * ONE_TOKEN, 4n * ONE_TOKEN, 0n];

/** What a contract takes of each RELAY's claim. A fiftieth, so that contracts of earlier runs leave room. */
export const COMMITTED_KILOBITS_PER_SECOND_PER_CLAIM = 2_000n;
/** Delivery above it is not paid. */
export const CAP_KILOBITS_PER_SECOND = 50_000n;

export const DEPOSIT = 100n * ONE_TOKEN;
/** Of the operator's stake: twice what all epochs of a demonstration can earn, with room. */
export const BOND = 10n * ONE_TOKEN;

/** Shares of what is left after the protocol fee, in basis points. */
export const SPLIT_BASIS_POINTS = { operator: 7_000, cast: 2_500, beacons: 500 } as const;
export const FEE_BASIS_POINTS = 200;

const tier = (metric: SlaMetric, threshold: number, basisPoints: number) => ({
    metric: SLA_METRICS.indexOf(metric),
    threshold,
    basisPoints,
});

/**
 * Promises that hold even while processes of the run are killed and started again, so that such a run pays what an
 * undisturbed one pays. A real contract would promise more.
 */
export const DEMONSTRATION_SLA: Sla = {
    quorum: 1,
    maxPenaltyBasisPoints: 3_000,
    severeBasisPoints: 5_000,
    slashBasisPoints: 0,
    tiers: [tier('availability', 300_000, 2_000), tier('ttfb', 20_000, 500), tier('stall', 900_000, 500)],
};
