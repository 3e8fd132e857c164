import { createRpc, createStatement, fetchCopy, openMemory, verifyCopy } from '@ocm/verifier';
import { expect } from 'vitest';
import type { FundedTrade } from '../support/index.js';

export const signal = new AbortController().signal;

/** The embedded cluster answers in this process. */
export function clusterFetch({ market }: Pick<FundedTrade, 'market'>): typeof fetch {
    const { cluster } = market;
    if (!('fetch' in cluster) || typeof cluster.fetch !== 'function') throw new Error('needs the embedded cluster');
    return cluster.fetch as typeof fetch;
}

/** Fetches the chain's part of a contract, recomputes it and expects that nothing differs. */
export async function recompute(trade: Pick<FundedTrade, 'market' | 'contract'>) {
    const files = new Map<string, Uint8Array>();
    await fetchCopy({
        contract: trade.contract.address.toBase58(),
        epoch: null,
        rpc: createRpc({ url: 'http://127.0.0.1:8899', fetch: clusterFetch(trade), signal }),
        sources: { committer: null, nodes: new Map() },
        writer: { write: async (path, bytes) => void files.set(path, bytes) },
        signal,
        progress: () => undefined,
    });
    const verification = await verifyCopy(openMemory(files), { contract: null, epoch: null });
    expect(verification.findings.differences).toEqual([]);
    return { files, statement: createStatement(verification, null) };
}
