import type { IncomingMessage } from 'node:http';
import { allowsRange, isNotModified } from './conditional.js';
import { Fill } from './fill.js';
import type { HeaderMap } from './headers.js';
import { decideRange } from './ranges.js';
import type { CacheAnswer } from './request.js';

export interface Reply {
    status: number;
    headers: HeaderMap;
    body: Buffer | AsyncIterable<Buffer>;
}

/** RFC 9110 15.4.5: a 304 describes no body; it carries what guides the viewer's own cache. */
const NOT_IN_304 = ['content-length', 'content-type', 'content-encoding', 'content-language', 'content-range'];

/** What one viewer is sent of an answer: conditions before ranges, as RFC 9110 13.2.2 orders them. */
export function replyFor(request: IncomingMessage, answer: CacheAnswer): Reply {
    const headers = { ...answer.headers };
    const { status, length } = answer;
    const isConditional = status === 200 || (status === 206 && answer.disposition === 'hit');
    if (isConditional && isSafeRead(request) && isNotModified(request.headers, headers)) {
        drop(answer);
        for (const name of NOT_IN_304) delete headers[name];
        return { status: 304, headers, body: Buffer.alloc(0) };
    }
    // Of an unknown length no Content-Range can be told, and a parent that cut the range itself has answered 206.
    if (status !== 200 || length === undefined) return { status, headers, body: reader(answer, request) };
    headers['accept-ranges'] = 'bytes';
    headers['content-length'] = String(length);
    const wanted =
        request.method === 'GET' && allowsRange(request.headers, headers) ? request.headers.range : undefined;
    const decision = decideRange(wanted, length);
    if (decision.kind === 'unsatisfiable') {
        drop(answer);
        return {
            status: 416,
            headers: { 'content-range': `bytes */${length}`, 'content-length': '0', 'cache-control': 'no-store' },
            body: Buffer.alloc(0),
        };
    }
    if (decision.kind === 'whole') return { status, headers, body: reader(answer, request) };
    const { first, last } = decision.range;
    headers['content-range'] = `bytes ${first}-${last}/${length}`;
    headers['content-length'] = String(last - first + 1);
    const { body } = answer;
    return {
        status: 206,
        headers,
        body: body instanceof Fill ? body.read(first, last) : body.subarray(first, last + 1),
    };
}

const isSafeRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

function reader(answer: CacheAnswer, request: IncomingMessage): Buffer | AsyncIterable<Buffer> {
    if (!(answer.body instanceof Fill)) return answer.body;
    if (request.method !== 'HEAD') return answer.body.read();
    drop(answer);
    return Buffer.alloc(0);
}

function drop({ body }: CacheAnswer): void {
    if (body instanceof Fill) body.abandon();
}
