import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { nodeConfig, startNode } from '@ocm/node';
import { z } from 'zod';

const job = z.object({
    originUrl: z.string(),
    port: z.number().int(),
    memoryBytes: z.number().int(),
    diskBytes: z.number().int(),
});
const { originUrl, port, memoryBytes, diskBytes } = job.parse(JSON.parse(process.argv[2] ?? ''));
const dataDir = mkdtempSync(join(tmpdir(), 'ocm-bench-node-'));
const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** The mid-tier cache of a CAST: objects alone, no sessions, no log, as the others do. */
const node = await startNode(
    nodeConfig.parse({
        role: 'cast',
        node: '11111111111111111111111111111111',
        rpcUrl: 'http://127.0.0.1:1',
        dataDir,
        listen: { port: 0 },
        cacheListen: { port },
        parentUrl: originUrl,
        // Private parents must be named: this one is of the benchmark's own.
        parentPrefixes: ['127.0.0.0/8'],
        traditionalUrl: originUrl,
        operatorSecret: 'the secret of a benchmark',
        cache: { memoryBytes, diskBytes },
    }),
    {
        topology: { current: () => null, close: async () => undefined },
        clock: { nowMs: Date.now, state: () => ({ offsetMs: 0, readAtMs: null, isTrusted: true }) },
        now: Date.now,
        log: silent,
    },
);
// Memory that nobody uses is not yet given back: it is what is left afterwards that counts.
process.on('SIGUSR2', () => globalThis.gc?.());
process.on('SIGTERM', () => {
    void node.stop().finally(() => {
        rmSync(dataDir, { recursive: true, force: true });
        process.exit(0);
    });
});
