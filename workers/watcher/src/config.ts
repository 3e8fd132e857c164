import { address } from '@ocm/sdk/http';
import { z } from 'zod';

const listenSchema = z
    .strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) })
    .describe('Where the HTTP interface listens: {"host","port"}');
const amount = z.string().regex(/^(0|[1-9][0-9]{0,18})$/, 'must be a decimal integer');

export const watcherConfig = z.strictObject({
    rpcUrl: z.url().describe("HTTP URL of the cluster's RPC"),
    wsUrl: z.url().optional().describe('WebSocket URL of the cluster'),
    heliusApiKey: z.string().min(1).optional().describe('Helius key for priority fee estimates'),
    dataDir: z.string().min(1).describe('Folder of journal and evidence; one process at a time'),
    listen: listenSchema,
    keypairPath: z.string().min(1).describe('Wallet that pays bonds and rent, and gets them back with the bounty'),
    contracts: z
        .union([z.literal('all'), z.array(address).min(1).max(10_000)])
        .default('all')
        .describe('Addresses of the contracts to watch, or "all"'),
    committerUrl: z.url().optional().describe('Committer of the contracts that committers does not name'),
    committers: z
        .array(z.strictObject({ contract: address, url: z.url() }))
        .max(10_000)
        .default([])
        .describe('Committers by contract: [{"contract","url"}]'),
    receiptCopiesPath: z.string().min(1).optional().describe('Own copies of signed receipts, one JSON object per line'),
    maxBonds: amount.default('0').describe('Base units that may lie in open challenges at once; 0 only reports'),
    maxLostBonds: amount
        .optional()
        .describe('Base units of bonds that answered challenges may ever cost; as much as maxBonds unless told'),
    maxLamports: amount
        .default('50000000')
        .describe('Lamports that all challenges together may ever cost, rent included'),
    randomChallenges: z
        .int()
        .min(0)
        .max(16)
        .default(2)
        .describe('Random bytes to challenge where a manifest is withheld'),
    patienceSecs: z.int().min(0).default(3_600).describe('How long a manifest may be late; at most half of the window'),
    freeChallenges: z
        .boolean()
        .default(false)
        .describe('The wallet is the hot key of the content provider: two are free'),
    cron: z.string().min(9).default('0 * * * * *').describe('When to look, five or six fields, UTC'),
});
export type WatcherConfig = z.infer<typeof watcherConfig>;
