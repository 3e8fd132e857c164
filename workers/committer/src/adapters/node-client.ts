import { fetchJson } from '@ocm/runtime';
import { EVIDENCE_PATH, epochEvidence } from '@ocm/sdk/http';
import type { NodeClient } from '../ports.js';

/** A quarter million records of about 1 KB; also what V8 can hold as one text. */
const MAX_EVIDENCE_BYTES = 256 << 20;
/** The next pass asks again, so a mute node holds up the others this long at most. */
const TIMEOUT_MS = 30_000;

export type NodeClientOptions = { nodes: readonly { node: string; url: string }[]; operatorSecret: string };

export function createNodeClient({ nodes, operatorSecret }: NodeClientOptions): NodeClient {
    const urls = new Map(nodes.map(({ node, url }) => [node, url.replace(/\/+$/, '')]));
    return {
        nodes: new Set(urls.keys()),
        fetchEvidence: ({ node, contract, epoch }, signal) =>
            fetchJson({
                url: `${urls.get(node)}${EVIDENCE_PATH}/${contract.toBase58()}/${epoch}`,
                schema: epochEvidence,
                headers: { authorization: `Bearer ${operatorSecret}` },
                timeoutMs: TIMEOUT_MS,
                maxBytes: MAX_EVIDENCE_BYTES,
                signal,
            }),
    };
}
