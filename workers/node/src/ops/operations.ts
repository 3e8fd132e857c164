import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Metrics } from '@ocm/runtime';
import type { Challenges } from '../acme/challenges.js';
import { requireMethod, sendJson } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import type { Readiness } from './readiness.js';

export interface OperationsOptions {
    readiness: () => Readiness;
    metrics: Metrics;
    /** Only if an authority issues the certificates. */
    challenges: Challenges | null;
}

/** Paths for those who run and certify the process. Returns false for all others. */
export class Operations {
    readonly #options: OperationsOptions;

    constructor(options: OperationsOptions) {
        this.#options = options;
    }

    /** Before the host is looked at: an authority may ask before any name is delegated. */
    answerChallenge(request: IncomingMessage, response: ServerResponse, path: string): boolean {
        const { challenges } = this.#options;
        if (challenges === null || !challenges.isChallenge(path)) return false;
        requireMethod(request, 'GET');
        const answer = challenges.find(path);
        if (answer === undefined) {
            throw new RequestProblem(
                404,
                'MKT_NODE__CHALLENGE_UNKNOWN',
                'No certificate is being asked for by that token.',
            );
        }
        sendText(response, answer, 'application/octet-stream');
        return true;
    }

    async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
        const { readiness, metrics } = this.#options;
        switch (path) {
            case '/healthz':
                requireMethod(request, 'GET');
                sendJson(response, 200, { status: 'ok' });
                return true;
            case '/readyz': {
                requireMethod(request, 'GET');
                const state = readiness();
                sendJson(response, state.status === 'ready' ? 200 : 503, state);
                return true;
            }
            case '/metrics':
                requireMethod(request, 'GET');
                sendText(response, await metrics.registry.metrics(), metrics.registry.contentType);
                return true;
            default:
                return false;
        }
    }
}

function sendText(response: ServerResponse, text: string, type: string): void {
    response.writeHead(200, {
        'content-type': type,
        'content-length': Buffer.byteLength(text),
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
    });
    response.end(response.req.method === 'HEAD' ? undefined : text);
}
