import type { ProviderChain } from '../ports.js';
import type { GrantBook } from '../tokens/grant-book.js';

/**
 * Erases by the cluster's clock, and by this machine's steady one from the last time that the cluster told: an outage of
 * the RPC must not keep anything that follows from an address.
 */
export function createForgetting({
    chain,
    grants,
    steadyMs = () => performance.now(),
    wallSecs = () => Math.floor(Date.now() / 1000),
}: {
    chain: Pick<ProviderChain, 'clusterTimeSecs'>;
    grants: Pick<GrantBook, 'forget'>;
    steadyMs?: () => number;
    wallSecs?: () => number;
}): () => Promise<void> {
    let told: { secs: number; atMs: number } | undefined;
    return async () => {
        try {
            told = { secs: await chain.clusterTimeSecs(), atMs: steadyMs() };
        } catch {
            // The cluster is away; that is told by the loop that needs it.
        }
        const nowSecs = told === undefined ? wallSecs() : told.secs + Math.floor((steadyMs() - told.atMs) / 1000);
        await grants.forget(nowSecs);
    };
}
