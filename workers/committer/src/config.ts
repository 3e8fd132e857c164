import { isCronExpression } from '@ocm/runtime';
import { address, u64String } from '@ocm/sdk/http';
import { z } from 'zod';

const cron = z.string().max(100).refine(isCronExpression, 'must be a cron expression of five or six fields');
/** Windows last hours; a seed is forgotten after 3.5 minutes, and a challenge costs the most. */
const schedules = z.strictObject({
    commit: cron.default('*/5 * * * * *'),
    prove: cron.default('*/10 * * * * *'),
    answer: cron.default('*/10 * * * * *'),
    settle: cron.default('*/15 * * * * *'),
    withdraw: cron.default('0 * * * * *'),
});

export const committerConfig = z.strictObject({
    rpcUrl: z.url().describe("HTTP URL of the cluster's RPC"),
    wsUrl: z.url().optional().describe('WebSocket URL of the cluster'),
    heliusApiKey: z.string().min(1).optional().describe('Helius key for priority fee estimates'),
    dataDir: z.string().min(1).describe('Folder of evidence, manifests and journal; one process at a time'),
    listen: z
        .strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) })
        .describe('Where the HTTP interface listens: {"host","port"}'),
    hotKeypairPath: z
        .string()
        .min(1)
        .describe("Keypair of the seller's hot key (scope COMMIT) or owner; pays for commitments"),
    crankKeypairPath: z
        .string()
        .min(1)
        .describe('Keypair that pays for settling, closing and expiring; needs no rights'),
    participant: address.describe("Address of the seller's participant account"),
    nodes: z
        .array(z.strictObject({ node: address, url: z.url() }))
        .min(1)
        .max(1_024)
        .describe('Nodes to collect evidence from: [{"node","url"}]'),
    operatorSecret: z.string().min(16).describe('Bearer secret of the nodes, at least 16 characters'),
    commitUnsigned: z
        .boolean()
        .default(false)
        .describe('Whether traffic without receipts is committed, too: paid only if the content provider co-signs'),
    proveWhen: z
        .enum(['always', 'unlessCosigned'])
        .default('unlessCosigned')
        .describe('Whether samples are proved at once, or only when a co-signature does not come'),
    provePatienceSecs: z
        .int()
        .min(0)
        .max(31_536_000)
        .optional()
        .describe('How long after the seed a co-signature is waited for; by default as long as is safe'),
    withdrawMinimum: u64String
        .optional()
        .describe("Base units from which the participant's own payouts are withdrawn; left out: never"),
    schedules: schedules
        .prefault({})
        .describe('Cron expressions (UTC) of commit, prove, answer, settle and withdraw; a pass never overlaps itself'),
    pollIntervalMs: z
        .int()
        .min(50)
        .optional()
        .describe('Pause between passes instead of the schedules, for epochs of seconds'),
});
export type CommitterConfig = z.infer<typeof committerConfig>;
