import { fetchJson } from '@ocm/runtime';
import { EVIDENCE_PATH, evidencePage, recordPage } from '@ocm/sdk/http';
import type { EpochOfNode, NodeClient } from '../ports.js';

/** A page of sessions is under 2 MB; one of records ends with the record that passes 1 MB, which may itself be 1.2 MB. */
const MAX_PAGE_BYTES = 4 << 20;
/** The next pass asks again, so a mute node holds up the others this long at most. */
const TIMEOUT_MS = 30_000;

export type NodeClientOptions = { nodes: readonly { node: string; url: string }[]; operatorSecret: string };

export function createNodeClient({ nodes, operatorSecret }: NodeClientOptions): NodeClient {
    const urls = new Map(nodes.map(({ node, url }) => [node, url.replace(/\/+$/, '')]));
    const pathOf = ({ node, contract, epoch }: EpochOfNode) => `${urls.get(node)}${EVIDENCE_PATH}/${contract}/${epoch}`;
    const shared = {
        headers: { authorization: `Bearer ${operatorSecret}` },
        timeoutMs: TIMEOUT_MS,
        maxBytes: MAX_PAGE_BYTES,
    };
    return {
        nodes: new Set(urls.keys()),
        fetchSessions: ({ after, limit, ...epoch }, signal) => {
            const url = `${pathOf(epoch)}?limit=${limit}${after === null ? '' : `&after=${after}`}`;
            return fetchJson({ ...shared, url, schema: evidencePage, signal });
        },
        fetchRecords: ({ session, from, limit, ...epoch }, signal) => {
            const url = `${pathOf(epoch)}/${session}?from=${from}&limit=${limit}`;
            return fetchJson({ ...shared, url, schema: recordPage, signal });
        },
    };
}
