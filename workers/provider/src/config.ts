import { address, u64String } from '@ocm/sdk/http';
import { z } from 'zod';
import { tokenCaps } from './tokens/caps.js';

/** Time enough for every node and committer to have read the new key from chain. */
export const DEFAULT_LEAD_EPOCHS = 2;

export const listenSchema = z
    .strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) })
    .describe('Where the HTTP interface listens: {"host","port"}');

const rateLimit = z.strictObject({
    /** Requests that one connection prefix (IPv4 /24, IPv6 /48) may make at once, and then per second. */
    burst: z.int().positive(),
    perSecond: z.number().positive(),
});

export const providerConfig = z
    .strictObject({
        rpcUrl: z.url().describe("HTTP URL of the cluster's RPC"),
        wsUrl: z.url().optional().describe('WebSocket URL of the cluster'),
        heliusApiKey: z.string().min(1).optional().describe('Helius key for priority fee estimates'),
        dataDir: z.string().min(1).describe('Folder of the journal; one process at a time'),
        listen: listenSchema,
        ownerKeypairPath: z.string().min(1).optional().describe("Keypair of the content provider's owner, to co-sign"),
        hotKeypairPath: z
            .string()
            .min(1)
            .optional()
            .describe('Keypair of its hot key (scope COSIGN), instead of the owner'),
        issuerKeypairPath: z.string().min(1).describe('Keypair that signs tokens; an issuer of the contracts'),
        issuerKeypairPaths: z
            .array(z.string().min(1))
            .max(32)
            .default([])
            .describe('Further keypairs that sign tokens: former issuers until their epochs are closed, coming ones'),
        rotation: z
            .strictObject({
                cron: z.string().min(9).max(100),
                leadEpochs: z.int().min(1).max(10_000).default(DEFAULT_LEAD_EPOCHS),
                ownerKeypairPath: z.string().min(1),
            })
            .optional()
            .describe('Regular rotation of issuers: {"cron" (UTC), "leadEpochs", "ownerKeypairPath"}'),
        caps: tokenCaps.default({}).describe('Caps of tokens, for all contracts; see docs/tokens.md'),
        contractCaps: z.record(address, tokenCaps).default({}).describe('Caps by contract, before those of all'),
        providerSecret: z
            .string()
            .min(16)
            .max(512)
            .optional()
            .describe(
                'Bearer secret of reports and of tokens issued elsewhere, at least 16 characters; none: both are off',
            ),
        trustedProxies: z
            .array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]))
            .max(64)
            .default([])
            .describe('Proxies in front whose X-Forwarded-For is believed; caps need the address of the viewer'),
        reportKeypairPath: z
            .string()
            .min(1)
            .optional()
            .describe('Keypair that signs reports, instead of the one that co-signs'),
        reportCertificatePath: z
            .string()
            .min(1)
            .optional()
            .describe('PKCS#12 file with an RSA key that signs PDF reports inside; none: a self-signed one is made'),
        reportCertificatePassphrase: z.string().max(1_024).optional().describe('Passphrase of reportCertificatePath'),
        reportCertificatePassphrasePath: z
            .string()
            .min(1)
            .optional()
            .describe('File with the passphrase of reportCertificatePath, instead'),
        logsDir: z
            .string()
            .min(1)
            .optional()
            .describe("RFC 7937 files of the operator's nodes as CONTRACT/EPOCH/*.log, for the cache ratio of reports"),
        contracts: z.array(address).min(1).max(64).describe('Addresses of the contracts to serve'),
        committerUrl: z.url().describe("HTTP URL of the operator's committer"),
        unsignedAllowanceBytes: u64String
            .default('0')
            .describe("Bytes of an epoch without receipts that are paid on the seller's word; 0 refuses all"),
        clientGroup: z
            .int()
            .min(0)
            .max(0xffff_ffff)
            .optional()
            .describe('Fixed client group instead of random daily ones'),
        pollIntervalMs: z.int().min(50).default(1_000).describe('Pause between looks for commitments'),
        tokenRateLimit: rateLimit.default({ burst: 120, perSecond: 2 }).describe('Tokens per connection prefix'),
        receiptRateLimit: rateLimit
            .default({ burst: 600, perSecond: 50 })
            .describe('Receipt copies per connection prefix'),
    })
    .refine(
        (config) => (config.ownerKeypairPath === undefined) !== (config.hotKeypairPath === undefined),
        'set exactly one of ownerKeypairPath and hotKeypairPath',
    )
    .refine(
        ({ reportCertificatePassphrase: text, reportCertificatePassphrasePath: path }) =>
            text === undefined || path === undefined,
        'set at most one of reportCertificatePassphrase and reportCertificatePassphrasePath',
    );
export type ProviderConfig = z.infer<typeof providerConfig>;
