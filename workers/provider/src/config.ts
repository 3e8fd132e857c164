import { address, u64String } from '@ocm/sdk/http';
import { z } from 'zod';

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
    );
export type ProviderConfig = z.infer<typeof providerConfig>;
