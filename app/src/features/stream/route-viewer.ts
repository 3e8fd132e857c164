import { address, NODE_HEADER, ROUTE_PATH, type RouteExplanation, routeExplanation } from '@ocm/sdk/http';
import { z } from 'zod';
import { fetchJson, REQUEST_TIMEOUT_MS } from '../../lib/bounded-fetch';

export type Route =
    | { readonly kind: 'node'; readonly node: string; readonly url: string }
    | { readonly kind: 'traditional'; readonly url: string };

/**
 * Asks the router where the stream is for this viewer. The redirect is followed by the browser; the final address says
 * who serves, the header which node that is. HEAD, because what a node sends without a session is nobody's receipt.
 */
export async function routeViewer(entryUrl: string, signal: AbortSignal): Promise<Route> {
    const response = await fetch(entryUrl, {
        method: 'HEAD',
        cache: 'no-store',
        credentials: 'omit',
        signal: AbortSignal.any([signal, AbortSignal.timeout(2 * REQUEST_TIMEOUT_MS)]),
    });
    if (!response.ok) throw new Error(`${response.url || entryUrl} answered with HTTP ${response.status}.`);
    const node = address.safeParse(response.headers.get(NODE_HEADER));
    return node.success
        ? { kind: 'node', node: node.data, url: response.url }
        : { kind: 'traditional', url: response.url };
}

/** Why the router decides as it does for an address and a path. */
export function explainRoute(
    castUrl: string,
    question: { path: string; viewerAddress: string },
    signal?: AbortSignal,
): Promise<RouteExplanation> {
    const url = new URL(ROUTE_PATH, castUrl);
    url.searchParams.set('path', question.path);
    url.searchParams.set('address', question.viewerAddress);
    return fetchJson({ url: url.toString(), schema: routeExplanation, ...(signal ? { signal } : {}) });
}

const viewerAddressAnswer = z.object({ address: z.string().max(45).nullable() });

/** This browser's address as this site's server sees it; the router may see another one, behind NAT or over IPv6. */
export async function fetchViewerAddress(signal: AbortSignal): Promise<string> {
    const url = new URL('/api/viewer-address', location.origin).toString();
    const { address: viewerAddress } = await fetchJson({ url, schema: viewerAddressAnswer, signal });
    if (!viewerAddress) throw new Error('your address is not known here.');
    return viewerAddress;
}
