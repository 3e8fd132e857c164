import { failure } from '../../core/failure.js';
import { ROUTE_PATH, routeExplanation } from '../../http/node.js';
import { askPeer } from '../../viewer/sessions/peer-http.js';
import type { ReceiptConfig } from '../config.js';
import type { WorkerPorts } from './ports.js';

/** Delivery by a node, whose URL stands for the content URL; or traditional delivery. */
export type Route = { kind: 'node'; node: string; nodeUrl: string } | { kind: 'traditional' };

/**
 * Asks the router who serves this browser's address. A browser cannot read where a redirect leads to, so it asks the
 * router to explain itself, which it does by the same code.
 * @throws MKT_BROWSER__ROUTE_INVALID, MKT_BROWSER__NODE_WITHOUT_TLS, MKT_SDK__PEER_*
 */
export async function locate(ports: Pick<WorkerPorts, 'fetch'>, config: ReceiptConfig): Promise<Route> {
    const url = new URL(ROUTE_PATH, config.routerUrl);
    url.searchParams.set('path', '/');
    const { node, location } = await askPeer(ports.fetch, { url: url.href, schema: routeExplanation });
    if (node === null) return { kind: 'traditional' };
    const found = URL.canParse(location) ? new URL(location) : null;
    if (found === null || !/^https?:$/.test(found.protocol) || found.pathname !== '/')
        throw failure(
            'MKT_BROWSER__ROUTE_INVALID',
            `the router sends this browser to ${location.slice(0, 200)}, which is no node; correct routerUrl`,
        );
    if (found.protocol === 'http:' && config.mediaUrl.startsWith('https:'))
        throw failure(
            'MKT_BROWSER__NODE_WITHOUT_TLS',
            `the node at ${found.origin} has no TLS, so a page with TLS may not ask it; media comes traditionally`,
        );
    return { kind: 'node', node, nodeUrl: found.origin };
}
