import { z } from 'zod';
import { routeExplanation } from './node.js';
import { address } from './primitives.js';
import { contradiction, geoSource } from './routing-status.js';

/**
 * HTTP interface of a router (CAST) beyond `ROUTE_PATH`.
 *
 * | path | who | what |
 * | --- | --- | --- |
 * | `GET EXPLAIN_PATH?ip=&path=&device=` | anyone | `detailedExplanation`; without `ip` for the address that asks |
 * | `POST DEVICES_PATH` | a BEACON, by its key | token by which its household is known behind NAT and with privacy addresses |
 * | `GET SIMULATION_PATH?without=` | the operator, bearer secret | `failureForecast`: where the traffic of a node goes if it dies, by scheme |
 * | `GET DECISIONS_PATH` | the operator, bearer secret | recent decisions with all that they were made of, clients masked |
 */
export const EXPLAIN_PATH = '/.well-known/ocm/explain';
export const SIMULATION_PATH = '/.well-known/ocm/operator/simulations';
export const DECISIONS_PATH = '/.well-known/ocm/operator/decisions';

/** From the narrowest footprint to the widest. */
export const routeTier = z.enum(['prefix', 'asn', 'subdivision', 'country', 'any']);
const milliseconds = z.number().int();
const kilobits = z.number().nonnegative();
const seen = z.object({
    healthy: z.boolean(),
    draining: z.boolean(),
    loadKilobitsPerSecond: kilobits.nullable(),
    latencyMs: z.number().nonnegative().nullable(),
    /** The viewer asked by https, and the node could not be reached so. */
    lacksHttps: z.boolean().optional(),
});

/** What a RELAY was judged by, in a decision that is kept. */
export const decisionCandidate = z.object({
    claim: address,
    node: address,
    /** The first 32 bits of the node's address: what it draws by. */
    seed: z.number().int().min(0).max(0xffff_ffff),
    isClaimActive: z.boolean(),
    validFromMs: milliseconds,
    validUntilMs: milliseconds,
    isInService: z.boolean(),
    /** From, until, from, until: when a paying contract buys the claim. */
    soldMs: z.array(milliseconds).max(128),
    claimedKilobitsPerSecond: kilobits.nullable(),
    verifiedKilobitsPerSecond: kilobits,
    verifiedUntilMs: milliseconds,
    pricePerGigabyte: z.number().nonnegative(),
    health: seen,
});
export const decisionRecord = z.object({
    atMs: milliseconds,
    tableVersion: z.number().int(),
    healthSnapshot: z.number().int(),
    /** Never the address: its /24 or /48, and one of 65,536 buckets by a keyed hash. */
    viewer: z.object({
        network: z.string(),
        bucket: z.number().int().min(0).max(65_535),
        isShared: z.boolean(),
        device: z.string(),
    }),
    scoring: z.object({ latencyHalfMs: z.number().positive(), priceHalfPerGigabyte: z.number().positive() }),
    beacons: z.array(z.object({ node: address, via: z.enum(['address', 'device']), healthy: z.boolean() })).max(128),
    steps: z
        .array(
            z.object({
                tier: routeTier,
                prefixLength: z.number().int(),
                candidates: z.array(decisionCandidate).max(128),
            }),
        )
        .max(256),
    decision: routeExplanation.shape.decision,
    node: address.nullable(),
    claim: address.nullable(),
});
export type DecisionRecord = z.infer<typeof decisionRecord>;
export const decisionList = z.object({ decisions: z.array(decisionRecord).max(1_000) });
export type DecisionList = z.infer<typeof decisionList>;

const geoFact = <T extends z.ZodType>(value: T) =>
    z.object({ value, source: z.string(), prefixLength: z.number().int() });
export const detailedExplanation = routeExplanation.extend({
    atMs: milliseconds,
    tableVersion: z.number().int(),
    healthSnapshot: z.number().int(),
    viewer: z.object({
        bucket: z.number().int(),
        isShared: z.boolean(),
        device: z.string(),
        asns: z.array(geoFact(z.number().int())),
        subdivisions: z.array(geoFact(z.string())),
        country: geoFact(z.string()).nullable(),
    }),
    candidates: z.array(
        routeExplanation.shape.candidates.element.extend({
            tier: routeTier.nullable(),
            claim: address.nullable(),
            claimedKilobitsPerSecond: kilobits.nullable(),
            verifiedKilobitsPerSecond: kilobits.nullable(),
            loadKilobitsPerSecond: kilobits.nullable(),
            latencyMs: z.number().nullable(),
            pricePerGigabyte: z.number().nullable(),
            /** The largest weight / draw of a step wins; null where it is out. */
            weight: z.number().int().nullable(),
            draw: z.number().int().nullable(),
        }),
    ),
    /** Candidates that are not listed. */
    omitted: z.number().int(),
    geo: z.array(geoSource),
    contradictions: z.array(contradiction),
});
export type DetailedExplanation = z.infer<typeof detailedExplanation>;

/** Where the traffic of a node would go if it died now, by the viewers that were routed there lately. */
export const failureForecast = z.object({
    without: address,
    atMs: milliseconds,
    /** Viewers of the sample who went to that node. */
    viewers: z.number().int(),
    /** How many of them asked by https: they are led to nodes with a signed https origin only. */
    httpsViewers: z.number().int(),
    /** What it carries; null where it does not tell. */
    loadKilobitsPerSecond: kilobits.nullable(),
    moved: z.array(
        z.object({
            /** Null: traditional delivery. */
            node: address.nullable(),
            viewers: z.number().int(),
            httpsViewers: z.number().int(),
            kilobitsPerSecond: kilobits.nullable(),
            /** What the taker may carry in all, by what was measured or else claimed; null: no limit is known. */
            limitKilobitsPerSecond: kilobits.nullable(),
            isOverloaded: z.boolean(),
        }),
    ),
});
export type FailureForecast = z.infer<typeof failureForecast>;
