import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendProblem } from './json.js';
import type { HttpLimits } from './limits.js';
import type { HttpMeter, Refusal } from './meter.js';
import type { PeerLimits } from './peer-limits.js';
import { RequestProblem } from './problem.js';
import type { SlowReaders } from './slow-readers.js';

export type RequestHandler = (request: IncomingMessage, response: ServerResponse) => void;
export interface GuardOptions {
    handle: RequestHandler;
    limits: HttpLimits;
    peers: PeerLimits;
    readers: SlowReaders;
    meter: HttpMeter;
}

/** What every request of every listener must pass before a handler sees it. */
export function createGuard({ handle, limits, peers, readers, meter }: GuardOptions): RequestHandler {
    return (request, response) => {
        meter.requested(request.httpVersionMajor === 2 ? '2' : request.httpVersionMinor === 0 ? '1.0' : '1.1');
        const found = findProblem(request, limits, peers);
        if (found !== null) {
            meter.refused(found.reason);
            const retry = found.reason === 'prefix_requests' ? { 'retry-after': '1' } : {};
            for (const [name, value] of Object.entries(retry)) response.setHeader(name, value);
            return sendProblem(response, found.problem);
        }
        readers.watch(request, response);
        handle(request, response);
    };
}

function findProblem(
    request: IncomingMessage,
    limits: HttpLimits,
    peers: PeerLimits,
): { reason: Refusal; problem: RequestProblem } | null {
    if (!peers.request(request.socket.remoteAddress)) {
        const problem = new RequestProblem(
            429,
            'MKT_NODE__TOO_MANY_REQUESTS',
            'Too many requests came from this network; wait a second.',
        );
        return { reason: 'prefix_requests', problem };
    }
    // Counted here: the parser would drop what is beyond its own limit and serve the rest.
    if (countFields(request) > limits.maxHeadersCount) {
        const problem = new RequestProblem(
            431,
            'MKT_NODE__TOO_MANY_HEADERS',
            `The request has more than ${limits.maxHeadersCount} header fields; send fewer.`,
        );
        return { reason: 'too_many_headers', problem };
    }
    if (!isHostClear(request)) {
        const problem = new RequestProblem(
            400,
            'MKT_NODE__HOST_AMBIGUOUS',
            'The request names its host twice, or differently; send one Host or :authority.',
        );
        return { reason: 'malformed', problem };
    }
    return null;
}

const namesOf = ({ rawHeaders }: IncomingMessage): string[] => rawHeaders.filter((_, index) => index % 2 === 0);
const countFields = (request: IncomingMessage): number =>
    namesOf(request).filter((name) => !name.startsWith(':')).length;

/** RFC 9112 3.2 and RFC 9113 8.3.1: two readers of two hosts would see two requests. */
function isHostClear(request: IncomingMessage): boolean {
    const hosts = namesOf(request).filter((name) => name.toLowerCase() === 'host').length;
    const authority = request.headers[':authority'];
    if (request.httpVersionMajor < 2) return hosts <= 1;
    return hosts === 0
        ? authority !== undefined
        : hosts === 1 && (authority ?? request.headers.host) === request.headers.host;
}

/** Host that a request is for, of either version of HTTP; lower-case, without port. */
export function hostOf({ headers }: IncomingMessage): string {
    return String(headers[':authority'] ?? headers.host ?? '')
        .replace(/:[0-9]*$/, '')
        .toLowerCase();
}
