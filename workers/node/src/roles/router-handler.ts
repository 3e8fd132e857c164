import type { IncomingMessage, ServerResponse } from 'node:http';
import { NODE_HEADER } from '@ocm/sdk/http';
import type { MediaTarget } from '../cache/target.js';
import { CORS_HEADERS } from '../http/cors.js';
import type { Router } from '../routing/router.js';

/** The public face of a CAST: sends each viewer where its object is. */
export class RouterHandler {
    readonly #router: Router;
    redirects = 0;

    constructor(router: Router) {
        this.#router = router;
    }

    async handle(request: IncomingMessage, response: ServerResponse, target: MediaTarget): Promise<void> {
        const pathAndQuery = target.rawQuery === '' ? target.path : `${target.path}?${target.rawQuery}`;
        const { location, node } = this.#router.route(request.socket.remoteAddress ?? '', pathAndQuery);
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
