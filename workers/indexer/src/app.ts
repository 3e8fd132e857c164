import { createHash } from 'node:crypto';
import rateLimit from '@fastify/rate-limit';
import { createHttpServer, failure, type Logger, type Metrics, type Readiness } from '@ocm/runtime';
import type { IndexerStatus } from '@ocm/sdk/http';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { describeRoutes } from './openapi.js';
import type { Database } from './ports.js';
import { ROUTES, type RouteInput } from './routes.js';

export type AppDeps = {
    /** The database that answers now; a rebuild puts another in its place. */
    database: () => Database;
    status: () => Promise<IndexerStatus>;
    requestsPerMinute: number;
    log: Logger;
    metrics: Metrics;
    readiness: () => Readiness | Promise<Readiness>;
};

const STATUSES = {
    MKT_INDEXER__ACCOUNT_UNKNOWN: 404,
    MKT_INDEXER__RATE_LIMITED: 429,
    MKT_INDEXER__DATABASE_UNREACHABLE: 503,
};
/** Caches may keep an answer and must ask whether it still stands: the answer to that costs nothing. */
const CACHE_CONTROL = 'public, no-cache';
/** Clients whose rate is remembered. */
const MAX_REMEMBERED_CLIENTS = 10_000;

export const OPENAPI_PATH = '/openapi.json';

/** The HTTP interface; the caller makes it listen. Read only, open to any origin. */
export async function createApp(deps: AppDeps): Promise<FastifyInstance> {
    const { log, metrics, readiness, requestsPerMinute } = deps;
    const server = createHttpServer({
        log,
        metrics,
        readiness,
        statuses: STATUSES,
        corsOrigin: '*',
        corsExposedHeaders: ['etag', 'retry-after'],
        problems: true,
    });
    await server.register(async (scope) => {
        await scope.register(rateLimit, {
            max: requestsPerMinute,
            timeWindow: 60_000,
            cache: MAX_REMEMBERED_CLIENTS,
            errorResponseBuilder: (_request, { max, ttl }) =>
                failure(
                    'MKT_INDEXER__RATE_LIMITED',
                    `more than ${max} requests in a minute; come back in ${Math.ceil(ttl / 1_000)} s`,
                ),
        });
        scope.addHook('onSend', addEntityTag);
        for (const { path, params, query, response, handle } of ROUTES)
            scope.get(path, { schema: { params, querystring: query, response: { 200: response } } }, (request) =>
                handle(deps.database(), { params: request.params, query: request.query } as RouteInput, deps.status),
            );
        const document = describeRoutes(ROUTES);
        scope.get(OPENAPI_PATH, async () => document);
    });
    return server;
}

/** A strong tag over the bytes of the answer (RFC 9110 8.8.3); whoever has them already gets 304 without them. */
async function addEntityTag(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    if (reply.statusCode !== 200 || typeof payload !== 'string') return payload;
    const tag = `"${createHash('sha256').update(payload).digest('base64url')}"`;
    reply.header('etag', tag).header('cache-control', CACHE_CONTROL);
    if (!matches(request.headers['if-none-match'], tag)) return payload;
    reply.code(304).removeHeader('content-length').removeHeader('content-type');
    return '';
}

/** `If-None-Match` compares weakly (RFC 9110 13.1.2): a tag that a proxy made weak counts too. */
function matches(header: string | undefined, tag: string): boolean {
    if (header === undefined) return false;
    return header.split(',').some((entry) => ['*', tag].includes(entry.trim().replace(/^W\//, '')));
}
