import { address } from '@ocm/sdk/http';
import { z } from 'zod';
import { logConfig } from './log/log-config.js';
import { parsePrefix } from './routing/prefixes.js';

const MEBIBYTE = 1024 * 1024;
const port = z.number().int().min(0).max(65_535);
const listenAddress = z.object({ host: z.string().min(1).default('127.0.0.1'), port });
const httpUrl = z
    .url({ protocol: /^https?$/ })
    .refine((text) => new URL(text).search === '' && new URL(text).hash === '', 'must have no query and no fragment')
    .describe('http or https URL');
const prefix = z.string().refine((text) => parsePrefix(text) !== null, 'must be a CIDR prefix');

const cacheLimits = z.object({
    memoryBytes: z
        .number()
        .int()
        .positive()
        .default(256 * MEBIBYTE),
    diskBytes: z
        .number()
        .int()
        .nonnegative()
        .default(1024 * MEBIBYTE)
        .describe('0 turns the disk tier off'),
    maxObjectBytes: z
        .number()
        .int()
        .positive()
        .default(32 * MEBIBYTE),
});

const fields = z.object({
    role: z.enum(['cast', 'relay', 'beacon']).describe('what this node does'),
    node: address.describe('address of the node account on chain'),
    rpcUrl: httpUrl.describe('Solana JSON-RPC'),
    wsUrl: z
        .url({ protocol: /^wss?$/ })
        .optional()
        .describe('Solana pubsub; not used by nodes'),
    dataDir: z.string().min(1).describe('folder for cache, journals, logs'),
    listen: listenAddress.describe('viewers; CAST: the router'),
    cacheListen: listenAddress.optional().describe('CAST: mid-tier cache for its RELAYs'),
    parentUrl: httpUrl.describe('where misses go: RELAY and BEACON → CAST mid-tier, CAST → origin'),
    traditionalUrl: httpUrl.optional().describe('CAST: where viewers go whom no node covers'),
    asnPrefixes: z
        .record(z.string().regex(/^[1-9][0-9]{0,9}$/, 'must be an AS number'), z.array(prefix))
        .default({})
        .describe('CAST: prefixes that each ASN announces'),
    beacons: z
        .array(z.object({ node: address, host: z.union([z.ipv4(), z.ipv6()]), port }))
        .default([])
        .describe('CAST: BEACONs, until they are registered on chain'),
    operatorSecret: z.string().min(16, 'must have at least 16 characters').describe('bearer secret of the operator'),
    location: z
        .object({
            label: z.string().max(100),
            latitude: z.number().min(-90).max(90),
            longitude: z.number().min(-180).max(180),
        })
        .optional()
        .describe('declared, shown on the map'),
    cache: cacheLimits.default(() => cacheLimits.parse({})).describe('bounds of the two cache tiers'),
    queryAllowList: z
        .array(z.string().regex(/^[A-Za-z0-9_.~-]{1,64}$/))
        .default([])
        .describe('query parameters that select an object; all others are ignored'),
    collections: z
        .record(z.string().regex(/^[\x21-\x7e]{1,128}$/), z.array(z.string().max(2_048)).max(10_000))
        .default({})
        .describe('sets of URLs with a name, for purges and prepositions'),
    hosts: z
        .array(z.string().min(1))
        .default([])
        .describe('host names (without port) that this node answers for; empty = any'),
    log: logConfig
        .prefault({})
        .describe('log files: groups, transforms, rotation, retention, read tokens, TLS listener (README)'),
    pollIntervalMs: z.number().int().min(100).max(600_000).default(1_000).describe('chain reads'),
    healthIntervalMs: z.number().int().min(100).max(600_000).default(1_000).describe('CAST: health checks of RELAYs'),
});

/** Config of the process `ocm-node`, read from `--config FILE` with `OCM_<FIELD>` overrides. */
export const nodeConfig = fields.superRefine((config, context) => {
    const require = (field: 'cacheListen' | 'traditionalUrl'): void => {
        if (config[field] === undefined) {
            context.addIssue({ code: 'custom', path: [field], message: `is needed by the role ${config.role}` });
        }
    };
    if (config.role === 'cast') {
        require('cacheListen');
        require('traditionalUrl');
    }
});
export type NodeConfig = z.infer<typeof nodeConfig>;
