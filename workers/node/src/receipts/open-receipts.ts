import type { buildConnector } from 'undici';
import type { Upstream } from '../cache/upstream.js';
import type { NodeConfig } from '../config.js';
import type { Clock, NodeLog } from '../ports.js';
import { ParentReceipts } from './parent-receipts.js';
import { receiptedUpstream } from './receipted-upstream.js';
import { createSessionFetch } from './session-fetch.js';

export interface OpenReceiptsInput {
    config: Pick<NodeConfig, 'receipts'>;
    connector: buildConnector.connector;
    now: Clock;
    log: NodeLog;
}
export interface NodeReceipts {
    /** The parent as one that gets receipts, if it is a node that can take them. */
    wrap(upstream: Upstream, parent: { url: string; node: string | null }): Upstream;
    /** Bytes that parents have receipts for. */
    signedBytes(): bigint;
    /** After the parents are closed, which signs for what is open. */
    close(): Promise<void>;
}

/** Receipts of this node for what its parents send; without `receipts` in the config there are none. */
export function openReceipts({ config, connector, now, log }: OpenReceiptsInput): NodeReceipts {
    const { receipts: settings } = config;
    if (settings === undefined) return { wrap: (upstream) => upstream, signedBytes: () => 0n, close: async () => {} };
    const { providerUrl } = settings;
    const { fetch, close } = createSessionFetch(connector);
    const all: ParentReceipts[] = [];
    return {
        wrap(upstream, { url: nodeUrl, node }) {
            if (node === null) return upstream;
            const receipts = new ParentReceipts({ node, nodeUrl, providerUrl, fetch, now, log });
            all.push(receipts);
            return receiptedUpstream(upstream, receipts, now);
        },
        signedBytes: () => all.reduce((sum, { signedBytes }) => sum + signedBytes, 0n),
        close,
    };
}
