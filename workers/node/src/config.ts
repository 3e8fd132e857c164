import { address } from '@ocm/sdk/http';
import { z } from 'zod';
import { beaconConfig } from './beacon/beacon-config.js';
import { dnsConfig } from './dns/dns-config.js';
import { httpsOrigin } from './health/statement.js';
import { httpLimits } from './http/limits.js';
import { logConfig } from './log/log-config.js';
import { drainConfig, tlsConfig } from './ops/tls-config.js';
import { parentPolicy, parentTiers } from './parents/parent-config.js';
import { proxyConfig } from './proxy-adapter/proxy-config.js';
import { receiptsConfig } from './receipts/receipts-config.js';
import { redirectionConfig } from './redirection/redirection-config.js';
import { replicationConfig } from './replication/replication-config.js';
import { parsePrefixBits } from './routing/prefix-bits.js';
import { routingConfig } from './routing/routing-config.js';

const MEBIBYTE = 1024 * 1024;
const port = z.number().int().min(0).max(65_535);
const listenAddress = z.object({ host: z.string().min(1).default('127.0.0.1'), port });
const httpUrl = z
    .url({ protocol: /^https?$/ })
    .refine((text) => !/[?#]/.test(text), 'must have no query and no fragment')
    .describe('http or https URL');
const prefix = z.string().refine((text) => parsePrefixBits(text) !== null, 'must be a CIDR prefix');

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
    stallTimeoutMs: z
        .number()
        .int()
        .min(100)
        .max(60_000)
        .default(6_000)
        .describe('silence of the parent after which another fetch takes over'),
    negativeSecs: z.number().int().min(0).max(300).default(0).describe('lifetime of a 404 or 410 that names none'),
    staleIfErrorSecs: z
        .number()
        .int()
        .min(0)
        .max(86_400)
        .default(0)
        .describe('how long a stale object that says nothing may stand in for a parent that fails'),
});

const fields = z.object({
    role: z.enum(['cast', 'relay', 'beacon']).describe('what this node does'),
    node: address.describe('address of its account on chain: of a node, or of a BEACON'),
    rpcUrl: httpUrl.describe('Solana JSON-RPC'),
    wsUrl: z
        .url({ protocol: /^wss?$/ })
        .optional()
        .describe('Solana pubsub; not used by nodes'),
    dataDir: z.string().min(1).describe('folder for cache, journals, logs'),
    listen: listenAddress.describe('viewers; CAST: the router'),
    cacheListen: listenAddress.optional().describe('CAST: mid-tier cache for its RELAYs'),
    parentUrl: httpUrl.describe('where misses go: RELAY and BEACON → CAST mid-tier, CAST → origin'),
    manifests: z
        .enum(['redirect', 'serve'])
        .default('redirect')
        .describe(
            'CAST: playlists are redirected like all else, or served here, so that players ask here for each segment',
        ),
    parentTiers: parentTiers.describe(
        'parents asked before parentUrl, the nearest tier first: CASTs of a RELAY, shields of a CAST',
    ),
    parentPolicy: parentPolicy.prefault({}).describe('load bound, retries, detention, hedging (README)'),
    parentPrefixes: z
        .array(prefix)
        .max(100)
        .default([])
        .describe('private networks that the parent may be in; none is needed on a development cluster'),
    traditionalUrl: httpUrl.optional().describe('CAST: where viewers go whom no node covers'),
    asnPrefixes: z
        .record(z.string().regex(/^[1-9][0-9]{0,9}$/, 'must be an AS number'), z.array(prefix))
        .default({})
        .describe('CAST: prefixes that each ASN announces'),
    beacons: z
        .array(z.object({ node: address, host: z.union([z.ipv4(), z.ipv6()]), port, key: address.optional() }))
        .default([])
        .describe('CAST: BEACONs known by their addresses; one registers its household by its key, here or on chain'),
    routing: routingConfig.prefault({}).describe('CAST: geo files, shared addresses, scoring'),
    dns: dnsConfig.optional().describe("CAST: DNS server of a zone, which answers by the viewer's subnet (README)"),
    redirection: redirectionConfig.optional().describe('CAST: upstream CDNs that ask by RFC 7975 (README)'),
    replication: replicationConfig
        .optional()
        .describe("CAST: chosen content that is kept in each region's nodes (README)"),
    line: beaconConfig.prefault({}).describe('BEACON: data cap, quiet hours, metered networks (README)'),
    receipts: receiptsConfig
        .optional()
        .describe('BEACON: signs receipts for what its parents send that are nodes of the network (README)'),
    identityKeyPath: z
        .string()
        .min(1)
        .optional()
        .describe(
            'PEM private key of this node, whose SubjectPublicKeyInfo the account names: signs health statements. Without it the key of the first TLS certificate',
        ),
    household: z
        .object({
            cast: address,
            castUrl: httpUrl,
            keyPath: z.string().min(1),
            beacon: address.optional(),
            host: z.union([z.ipv4(), z.ipv6()]),
            port: port.min(1),
        })
        .optional()
        .describe(
            'BEACON: registers its household with the CAST; host and port are its own in the home network, beacon the address of its BEACON account on chain (default: node)',
        ),
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
    publicUrl: httpsOrigin
        .optional()
        .describe(
            'https origin at which viewers reach this node, as its certificate names it; routers lead there who asks by https',
        ),
    tls: tlsConfig.optional().describe('listeners with TLS, certificates from files or by ACME (README)'),
    limits: httpLimits.prefault({}).describe('what a peer may ask of this node (docs/limits.md)'),
    proxy: proxyConfig.optional().describe('RELAY: nginx delivers the bytes (docs/runbooks/node-nginx.md)'),
    drain: drainConfig.prefault({}).describe('the way out: announceMs, graceMs'),
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
    if (config.tls?.cacheListen !== undefined && config.role !== 'cast') {
        context.addIssue({ code: 'custom', path: ['tls', 'cacheListen'], message: 'is for the role cast only' });
    }
    if (config.proxy !== undefined && config.role !== 'relay') {
        context.addIssue({ code: 'custom', path: ['proxy'], message: 'is for the role relay only' });
    }
    if (config.receipts !== undefined) {
        const refuse = (message: string): void => {
            context.addIssue({ code: 'custom', path: ['receipts'], message });
        };
        if (config.role !== 'beacon') refuse('is for the role beacon only');
        const isSomeNode = config.parentTiers.some(({ parents }) => parents.some(({ node }) => node !== undefined));
        if (!isSomeNode) refuse('needs a parent in parentTiers that names its node');
    }
    if (config.role === 'cast') {
        require('cacheListen');
        require('traditionalUrl');
    }
});
export type NodeConfig = z.infer<typeof nodeConfig>;
