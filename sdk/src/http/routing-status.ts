import { z } from 'zod';

const milliseconds = z.number().int();
export const geoSource = z.object({
    path: z.string(),
    kind: z.enum(['asn', 'country', 'city']),
    databaseType: z.string(),
    builtAtMs: milliseconds,
    loadedAtMs: milliseconds,
});
export const contradiction = z.object({
    kind: z.enum(['asn', 'country', 'declared asn', 'declared country', 'beacon key', 'beacon state']),
    network: z.string(),
    says: z.array(z.object({ source: z.string(), value: z.string() })),
});
/** What a router tells of itself in its status. */
export const routingStatus = z.object({
    tableVersion: z.number().int(),
    healthSnapshot: z.number().int(),
    claims: z.number().int(),
    prefixes: z.number().int(),
    tableBytes: z.number().int(),
    geo: z.array(geoSource),
    /** The first of them; `contradictionCount` counts all. */
    contradictions: z.array(contradiction),
    contradictionCount: z.number().int(),
    beacons: z
        .object({
            /** In the config. */
            configured: z.number().int(),
            /** Without an entry there: by their keys on chain, lately. */
            registered: z.number().int(),
            /** Questions to the chain for accounts of BEACONs, and those that failed. */
            lookups: z.number().int(),
            lookupFailures: z.number().int(),
        })
        .optional(),
});
export type RoutingStatus = z.infer<typeof routingStatus>;
