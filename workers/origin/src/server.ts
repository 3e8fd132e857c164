import { stat } from 'node:fs/promises';
import fastifyStatic from '@fastify/static';
import { createHttpServer, failure, type Logger } from '@ocm/runtime';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { computeMediaHeaders } from './media-headers.js';
import { RequestCounts } from './request-counts.js';

export const ORIGIN_STATUS_PATH = '/.well-known/origin/status';

/** Longest media path; longer ones are refused before any file system call. */
const MAX_PATH_CHARACTERS = 1024;

export type OriginServer = { server: FastifyInstance; counts: RequestCounts };

/**
 * Serves the files of `mediaDir` with ETag, ranges, media types and caching for HLS, to any browser page (CORS).
 * @throws MKT_ORIGIN__MEDIA_DIR_MISSING
 */
export async function createOriginServer({ mediaDir, log }: { mediaDir: string; log: Logger }): Promise<OriginServer> {
    await assertFolder(mediaDir);
    const counts = new RequestCounts(Date.now());
    const server = createHttpServer({ log });

    server.addHook('onRequest', async (request, reply) => {
        reply.headers({
            'access-control-allow-origin': '*',
            'access-control-expose-headers': 'accept-ranges, content-length, content-range, etag',
            'x-content-type-options': 'nosniff',
        });
        if (request.url.length > MAX_PATH_CHARACTERS) {
            throw failure(
                'MKT_HTTP__PATH_TOO_LONG',
                `the path has ${request.url.length} characters, at most ${MAX_PATH_CHARACTERS} are served`,
            );
        }
        if (request.method !== 'OPTIONS') return;
        reply.headers({
            'access-control-allow-methods': 'GET, HEAD',
            'access-control-allow-headers': '*',
            'access-control-max-age': '600',
        });
        await reply.code(204).send();
    });

    server.get(ORIGIN_STATUS_PATH, async (_, reply) =>
        reply.header('cache-control', 'no-store').send(counts.toStatus()),
    );

    server.addHook('onSend', async (request, reply) => {
        if (!isMediaRequest(request) || reply.statusCode >= 400) return;
        const { contentType, cacheControl } = computeMediaHeaders(pathOf(request));
        reply.header('cache-control', cacheControl);
        if (contentType !== undefined) reply.header('content-type', contentType);
    });
    server.addHook('onResponse', async (request, reply) => {
        if (!isMediaRequest(request)) return;
        const length = Number(reply.getHeader('content-length') ?? 0);
        const hasBody = request.method === 'GET' && reply.statusCode < 300;
        counts.record({
            path: pathOf(request),
            statusCode: reply.statusCode,
            bodyBytes: hasBody ? length : 0,
        });
    });
    await server.register(fastifyStatic, {
        root: mediaDir,
        index: false,
        // A file name starting with a dot is configuration, never media.
        dotfiles: 'deny',
        cacheControl: false,
    });
    return { server, counts };
}

/** Neither status nor health questions: the wildcard route of files, and what it did not find. */
function isMediaRequest(request: FastifyRequest): boolean {
    return request.is404 || request.routeOptions.url === '/*';
}

function pathOf(request: FastifyRequest): string {
    return request.url.split('?', 1)[0] ?? '';
}

async function assertFolder(mediaDir: string): Promise<void> {
    const found = await stat(mediaDir).catch(() => undefined);
    if (found?.isDirectory()) return;
    throw failure(
        'MKT_ORIGIN__MEDIA_DIR_MISSING',
        `mediaDir ${mediaDir} is not a folder; set it to the folder that holds the media`,
        { mediaDir },
    );
}
