import { randomUUID } from 'node:crypto';
import type { Server as NetServer, Socket } from 'node:net';
import type { ErrorBody } from '@ocm/sdk/http';
import { type FastifyBaseLogger, type FastifyInstance, type FastifyReply, fastify, LogController } from 'fastify';
import type { z } from 'zod';
import { describeIssues } from './config.js';
import { errorCodeOf, failure } from './errors.js';
import { errorReply, refusalReply, retryAfterSecsOf } from './http-errors.js';
import type { Logger } from './logger.js';
import { createMetrics, type Metrics } from './metrics.js';
import { PROBLEM_TYPE, toProblem } from './problem.js';

/** Largest accepted body; every interface of ours sends less. */
const DEFAULT_BODY_LIMIT_BYTES = 64 * 1024;
/** Request line and headers together; Node answers 431 above it. */
const MAX_HEADER_BYTES = 16 * 1024;
/** Slow senders (slowloris) hold a socket at most this long: headers 10 s, whole request 30 s. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 10_000;

export type Readiness = { ready: boolean; reason?: string };
export type HttpServerOptions = {
    log: Logger;
    metrics?: Metrics;
    bodyLimitBytes?: number;
    /** Asked by /readyz; liveness (/healthz) only says that the event loop turns. */
    readiness?: () => Readiness | Promise<Readiness>;
    /** HTTP status by error code, for codes that are answers and not faults. Others: see `errorReply`. */
    statuses?: Readonly<Record<string, number>>;
    /** Browser origin that may call, `*` for public interfaces without cookies. */
    corsOrigin?: string;
    /** Headers that pages of other origins may read. */
    corsExposedHeaders?: readonly string[];
    /** Errors as `application/problem+json` (RFC 9457). */
    problems?: boolean;
    /** Addresses and prefixes of proxies whose X-Forwarded-For is believed; without any, `request.ip` is the connection's. */
    trustedProxies?: readonly string[];
};

/**
 * Fastify 5 with this project's limits: zod schemas for input and output, every error as `ErrorBody`, 5xx without
 * internals, `/healthz`, `/readyz`, `/metrics` (Prometheus text).
 */
export function createHttpServer(options: HttpServerOptions): FastifyInstance {
    const { log, statuses = {}, readiness } = options;
    const refuse = (reply: FastifyReply, status: number, body: ErrorBody) =>
        // Bypasses the route's own response schema: the body is an ErrorBody by construction.
        reply
            .code(status)
            .serializer(JSON.stringify)
            .type(options.problems ? PROBLEM_TYPE : 'application/json; charset=utf-8')
            .send(options.problems ? toProblem(status, body) : body);
    const metrics = options.metrics ?? createMetrics({ service: 'http', processMetrics: false });
    const server: FastifyInstance = fastify({
        loggerInstance: log as FastifyBaseLogger,
        // Request lines would carry client addresses, which are personal data.
        logController: new LogController({ disableRequestLogging: true }),
        bodyLimit: options.bodyLimitBytes ?? DEFAULT_BODY_LIMIT_BYTES,
        requestTimeout: REQUEST_TIMEOUT_MS,
        keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
        forceCloseConnections: true,
        ...(options.trustedProxies?.length ? { trustProxy: [...options.trustedProxies] } : {}),
        genReqId: () => randomUUID(),
        http: { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout: HEADERS_TIMEOUT_MS },
        routerOptions: { maxParamLength: 256 },
        clientErrorHandler: answerBrokenRequest,
        frameworkErrors: (error, request, reply) => {
            const { status, body } = errorReply(error, statuses, request.id);
            void refuse(reply as unknown as FastifyReply, status, body);
        },
    });
    server.setValidatorCompiler(({ schema }) => (input: unknown) => {
        const result = (schema as z.ZodType).safeParse(input);
        if (result.success) return { value: result.data };
        return { error: failure('MKT_HTTP__INPUT_INVALID', describeIssues(result.error)) };
    });
    server.setSerializerCompiler(
        ({ schema }) =>
            (output: unknown) =>
                JSON.stringify((schema as z.ZodType).parse(output)),
    );
    server.setErrorHandler((error, request, reply) => {
        const { status, body } = errorReply(error, statuses, request.id);
        if (status >= 500)
            log.error({ err: error, route: request.routeOptions.url, requestId: request.id }, 'request failed');
        else log.debug({ code: body.code, route: request.routeOptions.url }, 'request refused');
        const waitSecs = retryAfterSecsOf(error);
        if (waitSecs !== undefined) reply.header('retry-after', String(waitSecs));
        return refuse(reply, status, body);
    });
    server.setNotFoundHandler((request, reply) => {
        const body = refusalReply(
            'MKT_HTTP__NOT_FOUND',
            `nothing is served at ${request.method} ${request.url.slice(0, 200)}`,
        );
        return refuse(reply, 404, body);
    });
    if (options.corsOrigin !== undefined) allowCrossOrigin(server, options.corsOrigin, options.corsExposedHeaders);
    addOperationsRoutes(server, metrics, readiness);
    return server;
}

function addOperationsRoutes(
    server: FastifyInstance,
    metrics: Metrics,
    readiness: HttpServerOptions['readiness'],
): void {
    server.get('/healthz', async () => ({ status: 'ok' }));
    server.get('/readyz', async (_, reply) => {
        const state = readiness === undefined ? { ready: true } : await readiness();
        return reply.code(state.ready ? 200 : 503).send(state);
    });
    server.get('/metrics', async (_, reply) =>
        reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
    );
}

function allowCrossOrigin(server: FastifyInstance, origin: string, exposed: readonly string[] = []): void {
    server.addHook('onRequest', async (request, reply) => {
        reply
            .header('access-control-allow-origin', origin)
            .header('access-control-expose-headers', [...new Set([...exposed, 'retry-after'])].join(', '));
        if (request.method !== 'OPTIONS') return;
        reply
            .header('access-control-allow-methods', 'GET, POST')
            .header('access-control-allow-headers', 'content-type, if-none-match')
            .header('access-control-max-age', '600');
        await reply.code(204).send();
    });
}

/** Errors of the HTTP parser itself, before any request exists: RFC 9112 framing, header size, timeouts. */
function answerBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    const [status, code, message] =
        error.code === 'HPE_HEADER_OVERFLOW'
            ? [
                  '431 Request Header Fields Too Large',
                  'MKT_HTTP__HEADERS_TOO_LARGE',
                  `path and headers exceed ${MAX_HEADER_BYTES} bytes; shorten them`,
              ]
            : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
              ? [
                    '408 Request Timeout',
                    'MKT_HTTP__REQUEST_TIMEOUT',
                    'the request did not arrive in time; send it faster',
                ]
              : ['400 Bad Request', 'MKT_HTTP__REQUEST_MALFORMED', 'the request is not valid HTTP/1.1 (RFC 9112)'];
    const body = JSON.stringify({ code, message } satisfies ErrorBody);
    socket.end(
        `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
}

export type Listening = { host: string; port: number; url: string };
type Listenable = FastifyInstance | NetServer;

/**
 * Starts listening; port 0 takes a free one.
 * @throws MKT_RUNTIME__PORT_BUSY, MKT_RUNTIME__PORT_FORBIDDEN, MKT_RUNTIME__ADDRESS_UNAVAILABLE
 */
export async function listen({
    server,
    host,
    port,
}: {
    server: Listenable;
    host: string;
    port: number;
}): Promise<Listening> {
    try {
        if (isFastify(server)) await server.listen({ host, port });
        else await listenRaw(server, host, port);
    } catch (error) {
        throw listenFailure(error, host, port);
    }
    const bound = (isFastify(server) ? server.server : server).address();
    const boundPort = typeof bound === 'object' && bound !== null ? bound.port : port;
    const urlHost = host.includes(':') ? `[${host}]` : host;
    return { host, port: boundPort, url: `http://${urlHost}:${boundPort}` };
}

function isFastify(server: Listenable): server is FastifyInstance {
    return 'route' in server;
}

function listenRaw(server: NetServer, host: string, port: number): Promise<void> {
    return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, () => {
            server.off('error', reject);
            resolve();
        });
    });
}

function listenFailure(error: unknown, host: string, port: number): unknown {
    const context = { host, port };
    switch (errorCodeOf(error)) {
        case 'EADDRINUSE':
            return failure(
                'MKT_RUNTIME__PORT_BUSY',
                `${host}:${port} is in use by another process; stop that one, or set another port in listen.port`,
                context,
                error,
            );
        case 'EACCES':
            return failure(
                'MKT_RUNTIME__PORT_FORBIDDEN',
                `${host}:${port} may not be opened by this user; use a port above 1023 or grant CAP_NET_BIND_SERVICE`,
                context,
                error,
            );
        case 'EADDRNOTAVAIL':
        case 'ENOTFOUND':
            return failure(
                'MKT_RUNTIME__ADDRESS_UNAVAILABLE',
                `${host} is no address of this machine; set listen.host to one that is`,
                context,
                error,
            );
        default:
            return error;
    }
}
