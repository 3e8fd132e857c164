import type { ServerResponse } from 'node:http';

/**
 * Players run on the content provider's pages, so every answer is open to any origin. No credentials are involved: a session
 * is a header that the page itself sets.
 */
export const CORS_HEADERS: Readonly<Record<string, string>> = {
    'access-control-allow-origin': '*',
    // Length and encoding: a page that counts decoded bytes must know what was sent for them.
    'access-control-expose-headers':
        'ocm-node, ocm-cache, content-length, content-range, content-encoding, age, location, retry-after',
    'timing-allow-origin': '*',
};

/** Answer to a preflight. */
export function sendPreflight(response: ServerResponse): void {
    response.writeHead(204, {
        ...CORS_HEADERS,
        'access-control-allow-methods': 'GET, HEAD, POST, OPTIONS',
        'access-control-allow-headers':
            'ocm-session, ocm-device, content-type, range, if-range, if-none-match, if-modified-since',
        'access-control-max-age': '600',
        'cache-control': 'no-store',
    });
    response.end();
}
