import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { allowsRange, isNotModified } from '../cache/conditional.js';
import { decideRange } from '../cache/ranges.js';

const PRIVATE = { 'cache-control': 'private, no-cache', 'x-content-type-options': 'nosniff' };

/** A text that the peer may hold already (RFC 9110 13.1.2). */
export function sendText(
    request: IncomingMessage,
    response: ServerResponse,
    { type, text, etag }: { type: string; text: string; etag: string },
): void {
    if (isNotModified(request.headers, { etag })) {
        response.writeHead(304, { ...PRIVATE, etag }).end();
        return;
    }
    response.writeHead(200, { ...PRIVATE, etag, 'content-type': type, 'content-length': Buffer.byteLength(text) });
    response.end(request.method === 'HEAD' ? undefined : text);
}

export interface FileFacts {
    type: string;
    path: string;
    bytes: number;
    /** Lower-case hexadecimal; the strong validator of the file. */
    sha256: string;
}

/** A file that never changes: validators, one range, or gzip as a representation of its own (RFC 9110 8.8.3). */
export async function sendFile(request: IncomingMessage, response: ServerResponse, file: FileFacts): Promise<void> {
    const range = request.headers.range;
    const isGzipped = range === undefined && acceptsGzip(request.headers['accept-encoding']);
    const etag = isGzipped ? `"${file.sha256}-gzip"` : `"${file.sha256}"`;
    const headers = { ...PRIVATE, 'content-type': file.type, etag, 'accept-ranges': 'bytes', vary: 'accept-encoding' };
    if (isNotModified(request.headers, { etag })) {
        response.writeHead(304, headers).end();
        return;
    }
    if (isGzipped) {
        response.writeHead(200, { ...headers, 'content-encoding': 'gzip' });
        if (request.method === 'HEAD') response.end();
        // Once the headers are out, breaking the connection is the only honest end of a body that is cut short.
        else await pipeline(createReadStream(file.path), createGzip(), response).catch(() => response.destroy());
        return;
    }
    const decision = decideRange(allowsRange(request.headers, { etag }) ? range : undefined, file.bytes);
    if (decision.kind === 'unsatisfiable') {
        response.writeHead(416, { ...headers, 'content-range': `bytes */${file.bytes}`, 'content-length': 0 }).end();
        return;
    }
    const { first, last } = decision.kind === 'part' ? decision.range : { first: 0, last: file.bytes - 1 };
    const part = decision.kind === 'part' ? { 'content-range': `bytes ${first}-${last}/${file.bytes}` } : {};
    response.writeHead(decision.kind === 'part' ? 206 : 200, {
        ...headers,
        ...part,
        'content-length': last - first + 1,
    });
    if (request.method === 'HEAD') response.end();
    else
        await pipeline(createReadStream(file.path, { start: first, end: last }), response).catch(() =>
            response.destroy(),
        );
}

/** RFC 9110 12.5.3: gzip or anything, unless its weight is zero. */
function acceptsGzip(header: string | string[] | undefined): boolean {
    return String(header ?? '')
        .split(',')
        .some((item) => /^\s*(gzip|\*)\s*(;\s*q=(0\.\d*[1-9]\d*|1(\.0*)?))?\s*$/i.test(item));
}
