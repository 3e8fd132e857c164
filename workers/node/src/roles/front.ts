import type { IncomingMessage, ServerResponse } from 'node:http';
import { isReserved, type MediaTarget, parseTarget, RESERVED_PREFIX } from '../cache/target.js';
import type { NodeConfig } from '../config.js';
import { sendPreflight } from '../http/cors.js';
import { hostOf } from '../http/guard.js';
import { problemOf, sendProblem } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import type { Operations } from '../ops/operations.js';
import type { NodeLog } from '../ports.js';
import type { Admission } from '../proxy-adapter/admission.js';
import type { ControlHandler } from './control.js';
import { LOOP_HEADER } from './media.js';

export interface FrontOptions {
    node: string;
    control: ControlHandler;
    operations: Operations;
    /** Only behind a proxy. */
    admission?: Admission;
    /** Answers a media request; may throw before it has sent anything. */
    media: (request: IncomingMessage, response: ServerResponse, target: MediaTarget) => Promise<void>;
    allowedQuery: ReadonlySet<string>;
    /** Lower-case host names without port; empty = any. */
    hosts: ReadonlySet<string>;
    isDraining: () => boolean;
    log: NodeLog;
}

/** First look at every request of one listener: what is not plainly a request for us is refused here. */
export function createFront(options: FrontOptions): (request: IncomingMessage, response: ServerResponse) => void {
    return (request, response) => {
        if (options.isDraining()) response.setHeader('connection', 'close');
        answer(options, request, response).catch((error: unknown) => {
            const problem = problemOf(error);
            if (problem.status === 500) options.log.error({ err: error }, 'request failed');
            sendProblem(response, problem);
        });
    };
}

async function answer(options: FrontOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (options.operations.answerChallenge(request, response, path)) return;
    if (await options.admission?.handle(request, response, path)) return;
    refuseForeignHost(request, options.hosts);
    if (request.method === 'OPTIONS') return sendPreflight(response);
    if (await options.operations.handle(request, response, path)) return;
    if (path.startsWith(`${RESERVED_PREFIX}/`)) {
        parseTarget(request.url ?? '');
        if (await options.control.handle(request, response)) return;
        throw new RequestProblem(404, 'MKT_NODE__PATH_UNKNOWN', 'This node has no such control path.');
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
        throw new RequestProblem(405, 'MKT_NODE__METHOD_NOT_ALLOWED', 'Objects are read by GET or HEAD.', {
            allow: 'GET, HEAD',
        });
    }
    // Bodies of GET mean nothing and are what smuggled requests hide in (RFC 9110 9.3.1).
    if (request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0) {
        throw new RequestProblem(400, 'MKT_NODE__BODY_NOT_ALLOWED', 'A request for an object has no body.');
    }
    refuseLoop(request, options.node);
    const target = parseTarget(request.url ?? '', options.allowedQuery);
    if (isReserved(target.path)) throw new RequestProblem(404, 'MKT_NODE__PATH_UNKNOWN', 'This is no object.');
    await options.media(request, response, target);
}

function refuseForeignHost(request: IncomingMessage, hosts: ReadonlySet<string>): void {
    if (hosts.size === 0) return;
    if (!hosts.has(hostOf(request)))
        throw new RequestProblem(421, 'MKT_NODE__MISDIRECTED', 'This node does not serve that host.');
}

function refuseLoop(request: IncomingMessage, node: string): void {
    const seen = String(request.headers[LOOP_HEADER] ?? '').split(',');
    if (seen.some((name) => name.trim() === node)) {
        throw new RequestProblem(
            508,
            'MKT_NODE__LOOP',
            'The request has passed this node before; correct the parents.',
        );
    }
}

/** Of a listener that has control paths only. */
export const refuseMedia = async (): Promise<void> => {
    throw new RequestProblem(404, 'MKT_NODE__PATH_UNKNOWN', 'This listener serves no objects.');
};

type FrontSources = Pick<FrontOptions, 'isDraining' | 'operations'> & { config: NodeConfig; deps: { log: NodeLog } };
/** What the fronts of all roles have in common. */
export function frontOptionsOf(
    { config, deps, isDraining, operations }: FrontSources,
    control: ControlHandler,
): Omit<FrontOptions, 'media'> {
    return {
        node: config.node,
        control,
        operations,
        allowedQuery: new Set(config.queryAllowList),
        hosts: new Set(config.hosts.map((host) => host.toLowerCase())),
        isDraining,
        log: deps.log,
    };
}
