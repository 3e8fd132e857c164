import { z } from 'zod';
import { DEFAULT_SCORING } from './decision/judge.js';
import { GEO_KINDS } from './geo/geo-facts.js';
import { parsePrefixBits } from './prefix-bits.js';

const prefix = z.string().refine((text) => parsePrefixBits(text) !== null, 'must be a CIDR prefix');

/** How a CAST decides. */
export const routingConfig = z.object({
    geo: z
        .array(z.object({ path: z.string().min(1), kind: z.enum(GEO_KINDS) }))
        .max(16)
        .default([])
        .describe('mmdb files for ASN, country and subdivision footprints; one before another is believed first'),
    geoIntervalMs: z.number().int().min(100).max(86_400_000).default(60_000).describe('looks for replaced geo files'),
    sharedPrefixes: z
        .array(prefix)
        .max(10_000)
        .default([])
        .describe('addresses that many lines share (carrier-grade NAT), besides 100.64.0.0/10'),
    maxBeacons: z
        .number()
        .int()
        .min(0)
        .max(100_000)
        .default(10_000)
        .describe('BEACONs that may register by their keys on chain without standing in `beacons`; 0: none'),
    scoring: z
        .object({
            latencyHalfMs: z.number().positive().default(DEFAULT_SCORING.latencyHalfMs),
            priceHalfPerGigabyte: z.number().positive().default(DEFAULT_SCORING.priceHalfPerGigabyte),
        })
        .prefault({})
        .describe('latency and price (base units per gigabyte) that halve the share of a RELAY'),
});
