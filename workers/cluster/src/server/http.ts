import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { KEEP_ALIVE_TIMEOUT_MS, MAX_HTTP_CONNECTIONS, MAX_REQUEST_BYTES, REQUEST_TIMEOUT_MS } from '../limits.js';
import type { Dispatcher } from '../rpc/dispatcher.js';

/** Says on every answer what this is: nobody should take it for a real cluster. */
export const SIMULATED_HEADER = 'x-simulated-cluster';
const SIMULATED_VALUE = 'litesvm';

const LOOPBACK_ORIGIN = /^https?:\/\/(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/;
const JSON_TYPE = /^application\/json\b/i;

const LOOPBACK_ADDRESS = /^(::1|(::ffff:)?127(\.\d{1,3}){3})$/;

export interface RpcServerOptions {
    /** Whether callers of other machines may use cheat methods, too. */
    readonly trustRemote: boolean;
}

/**
 * Whether a request may use cheat methods. A page of another site open in the developer's browser can reach loopback
 * too; it may read this cluster, as an explorer does, but not rewrite it.
 */
function isTrusted(request: IncomingMessage, { trustRemote }: RpcServerOptions): boolean {
    const { origin } = request.headers;
    if (origin !== undefined && !LOOPBACK_ORIGIN.test(origin)) return false;
    return trustRemote || LOOPBACK_ADDRESS.test(request.socket.remoteAddress ?? '');
}

function setCommonHeaders(request: IncomingMessage, response: ServerResponse): void {
    response.setHeader(SIMULATED_HEADER, SIMULATED_VALUE);
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-expose-headers', SIMULATED_HEADER);
    if (request.method !== 'OPTIONS') return;
    response.setHeader('access-control-allow-methods', 'POST, GET, OPTIONS');
    response.setHeader('access-control-allow-headers', request.headers['access-control-request-headers'] ?? '*');
    response.setHeader('access-control-max-age', '86400');
}

function reply(response: ServerResponse, status: number, type: string, body: string): void {
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
}

function replyText(response: ServerResponse, status: number, text: string): void {
    reply(response, status, 'text/plain; charset=utf-8', `${text}\n`);
}

/** The body, or undefined if it is larger than allowed or the client went away. */
function readBody(request: IncomingMessage): Promise<string | undefined> {
    return new Promise((resolve) => {
        const chunks: Buffer[] = [];
        let length = 0;
        request.on('data', (chunk: Buffer) => {
            length += chunk.length;
            if (length > MAX_REQUEST_BYTES) {
                request.removeAllListeners('data');
                request.resume();
                resolve(undefined);
                return;
            }
            chunks.push(chunk);
        });
        request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')));
        request.on('error', () => resolve(undefined));
        request.on('aborted', () => resolve(undefined));
    });
}

async function handlePost(
    dispatcher: Dispatcher,
    options: RpcServerOptions,
    request: IncomingMessage,
    response: ServerResponse,
): Promise<void> {
    if (!JSON_TYPE.test(request.headers['content-type'] ?? '')) {
        request.resume();
        replyText(response, 415, 'Supplied content type is not allowed. Content-Type: application/json is required');
        return;
    }
    const body = await readBody(request);
    if (body === undefined) {
        response.setHeader('connection', 'close');
        if (!response.destroyed) replyText(response, 413, `a request body holds at most ${MAX_REQUEST_BYTES} bytes`);
        return;
    }
    reply(
        response,
        200,
        'application/json; charset=utf-8',
        dispatcher.handleText(body, { trusted: isTrusted(request, options) }),
    );
}

function handle(
    dispatcher: Dispatcher,
    options: RpcServerOptions,
    request: IncomingMessage,
    response: ServerResponse,
): void {
    setCommonHeaders(request, response);
    switch (request.method) {
        case 'POST':
            handlePost(dispatcher, options, request, response).catch(() => response.destroy());
            return;
        case 'OPTIONS':
            response.writeHead(204).end();
            return;
        case 'GET':
            if (request.url === '/health') replyText(response, 200, 'ok');
            else
                replyText(
                    response,
                    200,
                    'Simulated Solana cluster: POST JSON-RPC here, WebSocket on this port and the next.',
                );
            return;
        default:
            request.resume();
            replyText(response, 405, 'Used HTTP Method is not allowed. POST or OPTIONS is required');
    }
}

/** JSON-RPC over HTTP. */
export function createRpcServer(dispatcher: Dispatcher, options: RpcServerOptions): Server {
    const server = createServer((request, response) => handle(dispatcher, options, request, response));
    server.maxConnections = MAX_HTTP_CONNECTIONS;
    server.requestTimeout = REQUEST_TIMEOUT_MS;
    server.headersTimeout = REQUEST_TIMEOUT_MS;
    server.keepAliveTimeout = KEEP_ALIVE_TIMEOUT_MS;
    return server;
}

/** The port next to the RPC port, where web3.js 1.x looks for WebSockets; it serves nothing else. */
export function createWebsocketOnlyServer(): Server {
    return createServer((request, response) => {
        request.resume();
        replyText(response, 426, 'Upgrade Required: this port speaks WebSocket only');
    });
}
