import { address } from '@ocm/sdk/http';
import { z } from 'zod';

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
    pollIntervalMs: z.int().min(50).default(1_000).describe('Pause between passes'),
});
export type CommitterConfig = z.infer<typeof committerConfig>;
