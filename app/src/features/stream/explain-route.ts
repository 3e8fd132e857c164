import { ROUTE_PATH, type RouteExplanation, routeExplanation } from '@ocm/sdk/http';
import { z } from 'zod';
import { fetchJson } from '../../lib/bounded-fetch';

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
