import type { Readable } from 'node:stream';
import { NODE_HEADER } from '@ocm/sdk/http';
import { type buildConnector, Pool } from 'undici';
import { RequestProblem } from '../http/problem.js';
import { endToEnd, type HeaderMap, toHeaderMap } from './headers.js';

export interface UpstreamResponse {
    status: number;
    /** End-to-end fields. */
    headers: HeaderMap;
    body: Readable;
    /** Base58 address that a node puts on every answer for an object; not on its own refusals. */
    servedBy?: string;
}
export interface UpstreamRequest {
    method: string;
    /** Normalised path with the keyed query. */
    path: string;
    headers: HeaderMap;
    /** Of methods that have one. */
    body?: Readable;
    signal?: AbortSignal | undefined;
    /** Called with each 1xx response (RFC 9110 15.2). */
    onInterim?: ((status: number, headers: HeaderMap) => void) | undefined;
}
/** Where misses go: a RELAY's CAST, a CAST's origin. */
export interface Upstream {
    /** Authority of the parent: part of every cache key. */
    readonly host: string;
    /** Absolute URL of an object at the parent, for log records. */
    urlOf(path: string): string;
    /** @throws RequestProblem 502 `MKT_NODE__PARENT_DOWN` or 504 `MKT_NODE__PARENT_TIMEOUT` */
    fetch(request: UpstreamRequest): Promise<UpstreamResponse>;
    close(): Promise<void>;
}

export interface UpstreamLimits {
    connectTimeoutMs: number;
    /** Longest wait for the response's header section. */
    headersTimeoutMs: number;
    /** Longest silence within a body. */
    bodyIdleTimeoutMs: number;
    connections: number;
}
export const DEFAULT_LIMITS: UpstreamLimits = {
    connectTimeoutMs: 3_000,
    headersTimeoutMs: 10_000,
    bodyIdleTimeoutMs: 20_000,
    connections: 64,
};

/** Redirects of a parent are passed on, never followed: following them would let an origin point us at any host (SSRF). */
export function createUpstream(
    parentUrl: string,
    limits: Partial<UpstreamLimits> = {},
    connector?: buildConnector.connector,
): Upstream {
    const { connectTimeoutMs, headersTimeoutMs, bodyIdleTimeoutMs, connections } = { ...DEFAULT_LIMITS, ...limits };
    const parent = new URL(parentUrl);
    const prefix = parent.pathname.replace(/\/$/, '');
    const pool = new Pool(parent.origin, {
        connections,
        pipelining: 1,
        connect: connector ?? { timeout: connectTimeoutMs },
        headersTimeout: headersTimeoutMs,
        bodyTimeout: bodyIdleTimeoutMs,
        maxHeaderSize: 16 * 1024,
    });
    return {
        host: parent.host,
        urlOf: (path) => `${parent.origin}${prefix}${path}`,
        async fetch({ method, path, headers, body: sent, signal, onInterim }) {
            try {
                const {
                    statusCode,
                    headers: received,
                    body,
                } = await pool.request({
                    method,
                    path: `${prefix}${path}`,
                    headers,
                    body: sent ?? null,
                    signal: signal ?? null,
                    ...(onInterim === undefined
                        ? {}
                        : { onInfo: (info) => onInterim(info.statusCode, endToEnd(toHeaderMap(info.headers))) }),
                });
                // Whoever reads learns of an error by reading; one that nobody reads any more must not end the process.
                body.on('error', () => undefined);
                const fields = toHeaderMap(received);
                const servedBy = fields[NODE_HEADER];
                return {
                    status: statusCode,
                    headers: endToEnd(fields),
                    body,
                    ...(servedBy === undefined ? {} : { servedBy }),
                };
            } catch (error) {
                throw toProblem(error);
            }
        },
        close: () => pool.destroy(),
    };
}

function toProblem(error: unknown): Error {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (error instanceof Error && error.name === 'AbortError') return error;
    if (code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT') {
        return new RequestProblem(
            504,
            'MKT_NODE__PARENT_TIMEOUT',
            'The parent of this node did not answer in time; retry.',
        );
    }
    return new RequestProblem(
        502,
        'MKT_NODE__PARENT_DOWN',
        'The parent of this node cannot be reached; retry later or ask the router for another node.',
        code === '' ? undefined : { cause: code },
    );
}
