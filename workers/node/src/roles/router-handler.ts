import type { IncomingMessage, ServerResponse } from 'node:http';
import { DEVICE_HEADER, NODE_HEADER } from '@ocm/sdk/http';
import type { MediaTarget } from '../cache/target.js';
import { CORS_HEADERS } from '../http/cors.js';
import { isSecure } from '../http/tls.js';
import type { Router } from '../routing/router.js';

/** The public face of a CAST: sends each viewer where its object is. */
export class RouterHandler {
    readonly #router: Router;
    redirects = 0;

    constructor(router: Router) {
        this.#router = router;
    }

    async handle(request: IncomingMessage, response: ServerResponse, target: MediaTarget): Promise<void> {
        const { device, query } = takeDevice(request, target.rawQuery);
        const pathAndQuery = query === '' ? target.path : `${target.path}?${query}`;
        const { location, node } = this.#router.route(request.socket.remoteAddress ?? '', pathAndQuery, {
            device,
            isSecure: isSecure(request),
        });
        this.redirects += 1;
        response.writeHead(302, {
            ...CORS_HEADERS,
            location,
            'content-length': 0,
            // The answer is for this address and this moment only.
            'cache-control': 'no-store',
            ...(node === null ? {} : { [NODE_HEADER]: node }),
        });
        response.end();
    }
}

/** The token of the viewer's household, by header, query or cookie, and the query without it: it is for the router alone. */
function takeDevice({ headers }: IncomingMessage, rawQuery: string): { device: string; query: string } {
    const header = headers[DEVICE_HEADER];
    const cookie = headers.cookie?.split(/; */, 50).find((pair) => pair.startsWith(`${DEVICE_HEADER}=`));
    let device = typeof header === 'string' ? header : (cookie?.slice(DEVICE_HEADER.length + 1) ?? '');
    if (!rawQuery.includes(`${DEVICE_HEADER}=`)) return { device, query: rawQuery };
    const kept: string[] = [];
    for (const pair of rawQuery.split('&')) {
        if (!pair.startsWith(`${DEVICE_HEADER}=`)) kept.push(pair);
        else if (device === '') device = pair.slice(DEVICE_HEADER.length + 1);
    }
    return { device, query: kept.join('&') };
}
