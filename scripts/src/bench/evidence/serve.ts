import { nodeConfig, startNode } from '@ocm/node';
import { NODE } from './input.js';
import { CLOSES_AT_MS, runPath, silent } from './path.js';

export const OPERATOR_SECRET = 'a secret of the benchmark';

/** A real node over an epoch of so many records, which is over; serves its operator until it is stopped. */
export async function serveEpoch(dataDir: string, records: number): Promise<{ url: string; stop(): Promise<void> }> {
    await runPath(dataDir, records);
    const config = nodeConfig.parse({
        role: 'relay',
        node: NODE.toBase58(),
        rpcUrl: 'http://127.0.0.1:8899',
        dataDir,
        listen: { host: '127.0.0.1', port: 0 },
        parentUrl: 'http://127.0.0.1:1',
        operatorSecret: OPERATOR_SECRET,
    });
    return startNode(config, {
        // The epoch is on disk: nothing of the chain is asked for.
        topology: { current: () => null, close: async () => undefined },
        clock: {
            nowMs: () => CLOSES_AT_MS,
            state: () => ({ offsetMs: 0, readAtMs: null, isTrusted: true }),
        },
        now: () => CLOSES_AT_MS,
        log: silent,
    });
}
