import { SYSVAR_CLOCK_PUBKEY } from '@solana/web3.js';
import { expect } from 'vitest';
import type { TestCluster } from './cluster.js';

/** `Clock`: slot, start of epoch, epoch, leader schedule epoch, unix timestamp; each 8 bytes. */
const TIMESTAMP_OFFSET = 32;

/** What the chain's clock shows at this moment, unix seconds; `nowSecs` is a test's own time, which stands still. */
async function readClockSecs({ connection }: TestCluster): Promise<bigint> {
    const account = await connection.getAccountInfo(SYSVAR_CLOCK_PUBKEY, 'confirmed');
    if (account === null) throw new Error('the cluster has no clock');
    return account.data.readBigInt64LE(TIMESTAMP_OFFSET);
}

/**
 * Does something between two readings of the chain's clock. `expectDuring` expects a moment to lie between them: on the
 * embedded cluster, whose clock stands still, they are one second, and it must be that.
 *
 * @example const { result, expectDuring } = await timed(market, () => send(market, instructions, [owner]));
 */
export async function timed<T>(cluster: TestCluster, run: () => Promise<T>) {
    const begunAt = await readClockSecs(cluster);
    const result = await run();
    const endedAt = await readClockSecs(cluster);
    const expectDuring = (unixSecs: bigint) => {
        expect(unixSecs).toBeGreaterThanOrEqual(begunAt);
        expect(unixSecs).toBeLessThanOrEqual(endedAt);
    };
    return { result, expectDuring };
}
