import type { IncomingMessage, ServerResponse } from 'node:http';
import {
    EVIDENCE_PATH,
    openSessionRequest,
    RECEIPTS_PATH,
    ROUTE_PATH,
    type RouteExplanation,
    SESSIONS_PATH,
    STATUS_PATH,
    signedReceipt,
} from '@ocm/sdk/http';
import { parseTarget } from '../cache/target.js';
import { readJson, requireMethod, sendJson } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import type { PurgeHandler } from '../purge/handler.js';
import { parseAddress } from '../routing/prefixes.js';
import type { SessionService } from '../sessions/session-service.js';
import type { Access } from './access.js';
import type { EpochAccess } from './epoch-access.js';
import type { LogHandler } from './log-handler.js';
import type { StatusReporter } from './status.js';

export interface ControlOptions {
    node: string;
    access: Access;
    epochs: EpochAccess;
    logs: LogHandler;
    status: StatusReporter;
    /** Where the cache can be purged. */
    purge?: PurgeHandler;
    /** RELAY and BEACON only. */
    sessions: SessionService | null;
    /** CAST only: explains a route. */
    explain: ((address: string, pathAndQuery: string) => RouteExplanation) | null;
}

/** Base58 address and epoch as decimal digits; nothing else of a path reaches the file system. */
const EVIDENCE_FORM = /^\/([1-9A-HJ-NP-Za-km-z]{32,44})\/(0|[1-9][0-9]{0,9})$/;

/** The control paths of a node. Returns false for paths that are not among them. */
export class ControlHandler {
    readonly #options: ControlOptions;

    constructor(options: ControlOptions) {
        this.#options = options;
    }

    async handle(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
        const { pathname, query } = splitUrl(request.url ?? '');
        const { status, sessions, explain } = this.#options;
        switch (pathname) {
            case '/healthz':
                requireMethod(request, 'GET');
                sendJson(response, 200, { status: 'ok' });
                return true;
            case '/readyz': {
                requireMethod(request, 'GET');
                const isReady = status.isReady();
                sendJson(response, isReady ? 200 : 503, { status: isReady ? 'ready' : 'starting' });
                return true;
            }
            case '/metrics':
                requireMethod(request, 'GET');
                sendText(response, status.metrics());
                return true;
            case STATUS_PATH:
                requireMethod(request, 'GET');
                sendJson(response, 200, status.read());
                return true;
            case ROUTE_PATH:
                if (explain === null) return false;
                requireMethod(request, 'GET');
                sendJson(response, 200, this.#explained(explain, query, request.socket.remoteAddress));
                return true;
            case SESSIONS_PATH:
                if (sessions === null) return false;
                requireMethod(request, 'POST');
                sendJson(response, 200, await sessions.open(await readJson(request, openSessionRequest)));
                return true;
            case RECEIPTS_PATH:
                if (sessions === null) return false;
                requireMethod(request, 'POST');
                sendJson(response, 200, await sessions.acceptReceipt(await readJson(request, signedReceipt)));
                return true;
            default:
                return this.#operatorPaths(request, response, pathname, query);
        }
    }

    async #operatorPaths(
        request: IncomingMessage,
        response: ServerResponse,
        pathname: string,
        query: URLSearchParams,
    ): Promise<boolean> {
        const { logs, access, purge } = this.#options;
        if ((await purge?.handle(request, response, pathname)) === true) return true;
        if (!pathname.startsWith(`${EVIDENCE_PATH}/`)) return logs.handle(request, response, pathname, query);
        requireMethod(request, 'GET');
        access.requireOperator(request);
        sendJson(response, 200, await this.#evidence(pathname.slice(EVIDENCE_PATH.length)));
        return true;
    }

    /** Without `address` for whoever asks: a browser cannot read where a redirect leads to, nor does it know its address. */
    #explained(
        explain: (address: string, path: string) => RouteExplanation,
        query: URLSearchParams,
        asker: string | undefined,
    ): RouteExplanation {
        const address = query.get('address') ?? asker ?? '';
        if (address.length > 64 || parseAddress(address) === null) {
            throw new RequestProblem(
                400,
                'MKT_NODE__ADDRESS_INVALID',
                'Field "address" must be an IPv4 or IPv6 address.',
            );
        }
        const { path, rawQuery } = parseTarget(query.get('path') ?? '/');
        return explain(address, rawQuery === '' ? path : `${path}?${rawQuery}`);
    }

    async #evidence(rest: string): Promise<unknown> {
        const match = EVIDENCE_FORM.exec(rest);
        const [, contract, epochText] = match ?? [];
        const epoch = Number(epochText);
        if (contract === undefined || !Number.isSafeInteger(epoch)) {
            throw new RequestProblem(400, 'MKT_NODE__PATH_INVALID', 'Ask for /<contract address>/<epoch number>.');
        }
        const { epochs, node } = this.#options;
        return { node, ...(await epochs.evidence({ contract, epoch })) };
    }
}

function splitUrl(url: string): { pathname: string; query: URLSearchParams } {
    const mark = url.indexOf('?');
    return mark < 0
        ? { pathname: url, query: new URLSearchParams() }
        : { pathname: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

function sendText(response: ServerResponse, text: string): void {
    response.writeHead(200, {
        'content-type': 'text/plain; version=0.0.4; charset=utf-8',
        'content-length': Buffer.byteLength(text),
        'cache-control': 'no-store',
    });
    response.end(response.req.method === 'HEAD' ? undefined : text);
}
