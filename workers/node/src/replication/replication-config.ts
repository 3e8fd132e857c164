import { address } from '@ocm/sdk/http';
import { z } from 'zod';

const MAX_RULES = 100;
const MAX_NODES = 1_000;

/** A region: a footprint of one of the six types, written as claims write it; `any` is everywhere. */
const region = z
    .object({
        kind: z.enum(['any', 'ipv4cidr', 'ipv6cidr', 'asn', 'countrycode', 'subdivisioncode']),
        value: z.string().max(64).default(''),
    })
    .refine(({ kind, value }) => (kind === 'any') === (value === ''), 'needs a value unless it is everywhere');

export const replicationConfig = z.object({
    /** Where nodes take orders: URLs of their control paths; https where the way is not the operator's own. */
    nodes: z
        .array(z.object({ node: address, url: z.url({ protocol: /^https?$/ }) }))
        .min(1)
        .max(MAX_NODES),
    rules: z
        .array(
            z.object({
                name: z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'must be a short name'),
                urls: z.array(z.string().min(1).max(2_048)).max(100).default([]),
                /** Named sets of the nodes' own configs. */
                collections: z.array(z.string().min(1).max(128)).max(32).default([]),
                regions: z.array(region).min(1).max(256),
                /** Nodes of each region that hold it. */
                copies: z.number().int().min(1).max(64).default(1),
            }),
        )
        .min(1)
        .max(MAX_RULES)
        .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, 'names a rule twice'),
    /** How often it is looked at who has to hold what. */
    intervalMs: z.number().int().min(100).max(3_600_000).default(60_000),
    /** What a node holds is asked for anew after that: its cache may have let it go. */
    refreshSecs: z.number().int().min(1).max(604_800).default(3_600),
});
export type ReplicationConfig = z.infer<typeof replicationConfig>;
export type ReplicationRule = ReplicationConfig['rules'][number];
export type Region = ReplicationRule['regions'][number];
