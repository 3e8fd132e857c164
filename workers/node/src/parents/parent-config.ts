import { address } from '@ocm/sdk/http';
import { z } from 'zod';
import { MAX_WEIGHT } from './ring.js';

/** A tier of more is a mistake in a generated file; ordering looks at each of them per miss. */
const MAX_PARENTS = 64;
const MAX_TIERS = 4;

const parentUrl = z
    .url({ protocol: /^https?$/ })
    .refine((text) => !/[?#]/.test(text), 'must have no query and no fragment');

export const parentTier = z.object({
    name: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be a short lower-case name'),
    parents: z
        .array(
            z.object({
                url: parentUrl,
                /** Its own entry tells a node which keys are its own; a request that passed one of a tier skips the tier. */
                node: address.optional(),
                weight: z.number().int().min(1).max(MAX_WEIGHT).default(1),
            }),
        )
        .min(1)
        .max(MAX_PARENTS)
        .refine((parents) => new Set(parents.map(({ url }) => url)).size === parents.length, 'names a parent twice'),
});

/** Tiers between this node and `parentUrl`, the nearest first: a RELAY's CASTs, a CAST's origin shields. */
export const parentTiers = z.array(parentTier).max(MAX_TIERS).default([]);

export const parentPolicy = z.object({
    /** How far above its fair share of requests under way a parent may be before others take its keys. */
    slackPercent: z.number().int().min(1).max(1_000).default(25),
    retryPercent: z.number().int().min(0).max(100).default(20),
    retriesPerSecond: z.number().int().min(0).max(1_000).default(10),
    detainAfterFailures: z.number().int().min(1).max(100).default(3),
    detainFirstMs: z.number().int().min(100).max(60_000).default(1_000),
    detainMaxMs: z.number().int().min(100).max(3_600_000).default(60_000),
    /** A second parent is asked when the first has not answered by then; without it requests are never hedged. */
    hedgeAfterMs: z.number().int().min(1).max(60_000).optional(),
});
export type ParentTierConfig = z.infer<typeof parentTier>;
export type ParentPolicy = z.infer<typeof parentPolicy>;
