import type { IncomingMessage, ServerResponse } from 'node:http';
import { RECEIPTS_PATH, SESSION_HEADER } from '@ocm/sdk/http';
import { isReserved, parseTarget } from '../cache/target.js';
import { requireMethod } from '../http/json.js';
import { isRequestProblem } from '../http/problem.js';
import { LOOP_HEADER } from '../roles/media.js';
import type { SessionService } from '../sessions/session-service.js';

/** Asked by a proxy before it serves; nothing happens by it. */
export const ADMISSION_PATH = '/.well-known/ocm/proxy/admission';
export const TARGET_HEADER = 'ocm-target';
export const METHOD_HEADER = 'ocm-method';
export const HOST_HEADER = 'ocm-host';

export interface AdmissionOptions {
    node: string;
    allowedQuery: ReadonlySet<string>;
    hosts: ReadonlySet<string>;
    sessions: SessionService;
    /** While the node leaves, every request goes to the node itself, which counts it to its end. */
    isDraining: () => boolean;
    /** Takes what the proxy has delivered by now, which credit and receipts are judged by. */
    catchUp: () => Promise<void>;
}

/**
 * Whether a proxy may serve a request by itself. What it may not goes to the node, which refuses it in its own words or
 * serves it; so a refusal here needs no reason.
 */
export class Admission {
    readonly #options: AdmissionOptions;

    constructor(options: AdmissionOptions) {
        this.#options = options;
    }

    async handle(request: IncomingMessage, response: ServerResponse, path: string): Promise<boolean> {
        if (path === ADMISSION_PATH || path === RECEIPTS_PATH) await this.#options.catchUp();
        if (path !== ADMISSION_PATH) return false;
        requireMethod(request, 'GET');
        let headers: Record<string, string> | null;
        try {
            headers = this.#admit(request);
        } catch (error) {
            if (!isRequestProblem(error)) throw error;
            headers = null;
        }
        response.writeHead(headers === null ? 403 : 204, { ...headers, 'cache-control': 'no-store' }).end();
        return true;
    }

    /** Null: the node's own. @throws RequestProblem */
    #admit({ headers }: IncomingMessage): Record<string, string> | null {
        const { node, allowedQuery, hosts, sessions, isDraining } = this.#options;
        const method = headers[METHOD_HEADER];
        const host = String(headers[HOST_HEADER] ?? '')
            .replace(/:[0-9]*$/, '')
            .toLowerCase();
        const isPlain =
            (method === 'GET' || method === 'HEAD') &&
            headers.authorization === undefined &&
            !/only-if-cached/i.test(headers['cache-control'] ?? '') &&
            (hosts.size === 0 || hosts.has(host));
        if (!isPlain || isDraining()) return null;
        const target = parseTarget(String(headers[TARGET_HEADER] ?? ''), allowedQuery);
        if (isReserved(target.path)) return null;
        const loop = String(headers[LOOP_HEADER] ?? '');
        if (loop.split(',').some((name) => name.trim() === node)) return null;
        const sent = headers[SESSION_HEADER];
        const session = sessions.admitRequest(sent === '' ? undefined : sent);
        return {
            'ocm-admitted': '1',
            'ocm-path': target.path,
            [TARGET_HEADER]: target.keyedQuery === '' ? target.path : `${target.path}?${target.keyedQuery}`,
            [SESSION_HEADER]: session?.hash ?? '',
        };
    }
}
