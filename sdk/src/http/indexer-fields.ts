import { z } from 'zod';
import { address, u64String } from './primitives.js';

/** 64 bits with a sign, as decimal digits. */
export const i64String = z.string().regex(/^(0|-?[1-9][0-9]{0,18})$/, 'must be a decimal integer');
export const count = z.int().min(0);
export const basisPoints = z.int().min(0).max(10_000);
export const byKind = z.tuple([u64String, u64String, u64String]);
export const footprint = z.object({
    kind: z.enum(['any', 'ipv4cidr', 'ipv6cidr', 'asn', 'countrycode', 'subdivisioncode']),
    value: z.string(),
});
export const deliveryMethods = z.array(z.enum(['unicast', 'multicast']));
export const splits = z.array(z.object({ payee: address, basisPoints }));
export const sla = z.object({
    quorum: count,
    maxPenaltyBasisPoints: basisPoints,
    severeBasisPoints: basisPoints,
    slashBasisPoints: basisPoints,
    tiers: z.array(z.object({ metric: count, threshold: count, basisPoints })),
});
