import { z } from 'zod';

export const indexerConfig = z.strictObject({
    rpcUrl: z.url().describe("HTTP URL of the cluster's RPC"),
    wsUrl: z.url().optional().describe('WebSocket URL of the cluster: news come sooner, nothing depends on it'),
    dataDir: z.string().min(1).describe('Folder of the database file; one process at a time'),
    databaseUrl: z
        .string()
        .regex(/^postgres(ql)?:\/\//, 'must start with postgres:// or postgresql://')
        .optional()
        .describe('PostgreSQL to use instead of a file in dataDir; holds the schemas ocm_index and ocm_index_rebuild'),
    listen: z
        .strictObject({ host: z.string().min(1).default('127.0.0.1'), port: z.int().min(0).max(65_535) })
        .describe('Where the HTTP interface listens: {"host","port"}'),
    pollIntervalMs: z.int().min(50).max(600_000).default(1_000).describe('Pause between passes over the chain'),
    rescanIntervalSecs: z
        .int()
        .min(1)
        .max(604_800)
        .default(600)
        .describe('How often all accounts are listed anew, beside those that transactions name'),
    requestsPerMinute: z
        .int()
        .min(1)
        .max(1_000_000)
        .default(1_200)
        .describe('Requests per minute that one client address may make'),
});
export type IndexerConfig = z.infer<typeof indexerConfig>;
