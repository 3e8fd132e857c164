import { failure } from '@ocm/runtime';
import { address, NODE_HEADER } from '@ocm/sdk/http';
import { type HttpClient, headerOf, refusalOf } from './http.js';
import { MAX_PLAYLIST_BYTES } from './playlist.js';
import type { Delivery } from './state.js';

const REDIRECT_STATUSES = new Set([301, 302, 303, 307, 308]);
/** Router, then origin, with room for one more: longer chains are loops. */
const MAX_REDIRECTS = 5;

/**
 * Asks the router where the stream is for this viewer's address. A redirect or an answer that names a node is delivery
 * by that node; one that names none is traditional delivery.
 * @throws MKT_VIEWER__ROUTE_INVALID, MKT_VIEWER__PEER_UNREACHABLE, MKT_VIEWER__PEER_REFUSED
 */
export async function locateStream(http: HttpClient, entryUrl: string, signal: AbortSignal): Promise<Delivery> {
    let url = entryUrl;
    for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
        const answer = await http.send({ url, maxBytes: MAX_PLAYLIST_BYTES, signal });
        const node = readNode(headerOf(answer, NODE_HEADER), url);
        if (answer.status === 200) return deliveryOf(node, url);
        if (!REDIRECT_STATUSES.has(answer.status)) throw refusalOf(url, answer);
        url = readLocation(headerOf(answer, 'location'), url);
        // The node is not asked before there is a session: what it sends without one is nobody's receipt.
        if (node !== undefined) return deliveryOf(node, url);
    }
    throw failure('MKT_VIEWER__ROUTE_INVALID', `${entryUrl} redirects more than ${MAX_REDIRECTS} times`, { entryUrl });
}

function deliveryOf(node: string | undefined, masterUrl: string): Delivery {
    return node === undefined ? { kind: 'traditional', masterUrl } : { kind: 'relay', node, masterUrl };
}

function readNode(header: string | undefined, url: string): string | undefined {
    if (header === undefined || address.safeParse(header).success) return header;
    throw failure('MKT_VIEWER__ROUTE_INVALID', `${url} names a node that is no base58 address`, { url });
}

function readLocation(header: string | undefined, url: string): string {
    const target = header !== undefined && URL.canParse(header, url) ? new URL(header, url) : undefined;
    if (target !== undefined && ['http:', 'https:'].includes(target.protocol)) return target.href;
    throw failure('MKT_VIEWER__ROUTE_INVALID', `${url} redirects to no http(s) URL`, { url });
}
