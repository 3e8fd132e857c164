import { createHash, timingSafeEqual } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import {
    EVIDENCE_PATH,
    LOGS_PATH,
    openSessionRequest,
    RECEIPTS_PATH,
    ROUTE_PATH,
    type RouteExplanation,
    SESSIONS_PATH,
    STATUS_PATH,
    signedReceipt,
} from '@ocm/sdk/http';
import { parseTarget } from '../cache/target.js';
import { readJson, sendJson } from '../http/json.js';
import { RequestProblem } from '../http/problem.js';
import type { EpochStore } from '../log/epoch-store.js';
import type { Clock, TopologyPort } from '../ports.js';
import { parseAddress } from '../routing/prefixes.js';
import type { SessionService } from '../sessions/session-service.js';
import { epochEndMs } from '../topology/view.js';
import type { StatusReporter } from './status.js';

export interface ControlOptions {
    node: string;
    dataDir: string;
    operatorSecret: string;
    status: StatusReporter;
    store: EpochStore;
    topology: TopologyPort;
    now: Clock;
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
    readonly #secretDigest: Buffer;

    constructor(options: ControlOptions) {
        this.#options = options;
        this.#secretDigest = digest(options.operatorSecret);
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
                return this.#operatorPaths(request, response, pathname);
        }
    }

    async #operatorPaths(request: IncomingMessage, response: ServerResponse, pathname: string): Promise<boolean> {
        const isEvidence = pathname.startsWith(`${EVIDENCE_PATH}/`);
        const isLogs = pathname === LOGS_PATH || pathname.startsWith(`${LOGS_PATH}/`);
        if (!isEvidence && !isLogs) return false;
        requireMethod(request, 'GET');
        this.#requireOperator(request);
        if (isEvidence) sendJson(response, 200, await this.#evidence(pathname.slice(EVIDENCE_PATH.length)));
        else if (pathname === LOGS_PATH) sendJson(response, 200, { files: this.#logFiles() });
        else await this.#sendLog(response, pathname.slice(LOGS_PATH.length + 1));
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
        const { store, node, now } = this.#options;
        const known = store.summaryOf(contract, epoch)?.closesAtMs ?? this.#closesAtMs(contract, epoch);
        return { node, ...(await store.evidence({ contract, epoch, closesAtMs: known }, now())) };
    }

    #closesAtMs(contractAddress: string, epoch: number): number {
        const view = this.#options.topology.current();
        const contract = view?.contracts.find(({ address }) => address === contractAddress);
        if (view === null || contract === undefined) {
            throw new RequestProblem(
                404,
                'MKT_NODE__CONTRACT_UNKNOWN',
                'No such contract of this operator is known here.',
            );
        }
        if (epoch >= contract.epochCount) {
            throw new RequestProblem(404, 'MKT_NODE__EPOCH_UNKNOWN', `The contract has ${contract.epochCount} epochs.`);
        }
        return epochEndMs(contract, epoch) + view.params.tokenGraceSecs * 1000;
    }

    #logFiles(): object[] {
        return this.#options.store.logFiles().map(({ contract, epoch, logFile }) => ({ ...logFile, contract, epoch }));
    }

    async #sendLog(response: ServerResponse, name: string): Promise<void> {
        // Only names that we wrote ourselves: no path from outside is ever joined.
        const file = this.#options.store.logFiles().find(({ logFile }) => logFile?.name === name)?.logFile;
        if (file === undefined || file === null) {
            throw new RequestProblem(404, 'MKT_NODE__LOG_UNKNOWN', 'There is no log file of that name.');
        }
        response.writeHead(200, {
            'content-type': 'application/cdni; ptype=logging-file',
            'content-length': file.bytes,
            'cache-control': 'no-store',
        });
        await pipeline(createReadStream(join(this.#options.dataDir, 'logs', file.name)), response).catch(() =>
            response.destroy(),
        );
    }

    /** Digests are compared, so that neither content nor length of the secret shows in the time taken. */
    #requireOperator(request: IncomingMessage): void {
        const bearer = /^Bearer (.{1,512})$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
        if (timingSafeEqual(digest(bearer), this.#secretDigest)) return;
        throw new RequestProblem(401, 'MKT_NODE__OPERATOR_ONLY', 'This path needs the bearer secret of the operator.');
    }
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function splitUrl(url: string): { pathname: string; query: URLSearchParams } {
    const mark = url.indexOf('?');
    return mark < 0
        ? { pathname: url, query: new URLSearchParams() }
        : { pathname: url.slice(0, mark), query: new URLSearchParams(url.slice(mark + 1)) };
}

function requireMethod(request: IncomingMessage, method: 'GET' | 'POST'): void {
    if (request.method === method || (method === 'GET' && request.method === 'HEAD')) return;
    throw new RequestProblem(405, 'MKT_NODE__METHOD_NOT_ALLOWED', `Use ${method} here.`, { allow: method });
}

function sendText(response: ServerResponse, text: string): void {
    response.writeHead(200, {
        'content-type': 'text/plain; version=0.0.4; charset=utf-8',
        'content-length': Buffer.byteLength(text),
        'cache-control': 'no-store',
    });
    response.end(response.req.method === 'HEAD' ? undefined : text);
}
