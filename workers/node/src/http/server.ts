import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TlsMaterial } from './tls.js';

/** Limits against slow and greedy peers (slowloris, slow read, header bombs). */
export const HTTP_LIMITS = {
    headersTimeoutMs: 10_000,
    /** Whole request with its body: all bodies that we accept are small. */
    requestTimeoutMs: 20_000,
    idleTimeoutMs: 30_000,
    keepAliveTimeoutMs: 15_000,
    maxHeaderBytes: 16 * 1024,
    maxHeadersCount: 64,
    maxConnections: 4096,
} as const;
export type HttpLimits = { -readonly [K in keyof typeof HTTP_LIMITS]: number };

const PARSER_ANSWERS: Record<string, [number, string, string, string]> = {
    HPE_HEADER_OVERFLOW: [
        431,
        'Request Header Fields Too Large',
        'MKT_NODE__HEADERS_TOO_LARGE',
        'The header section is too large.',
    ],
    ERR_HTTP_REQUEST_TIMEOUT: [
        408,
        'Request Timeout',
        'MKT_NODE__REQUEST_TIMEOUT',
        'The request did not arrive in time.',
    ],
};

/**
 * The strict parser of Node is the only one in the path: it refuses both Content-Length and Transfer-Encoding, two lengths,
 * bare CR and folded headers; after any framing error the connection is closed (RFC 9112 11.2).
 */
export function createNodeServer(
    handle: (request: IncomingMessage, response: ServerResponse) => void,
    limits: Partial<HttpLimits> = {},
    tls?: TlsMaterial,
): Server {
    const { headersTimeoutMs, requestTimeoutMs, idleTimeoutMs, keepAliveTimeoutMs, maxHeaderBytes, ...counts } = {
        ...HTTP_LIMITS,
        ...limits,
    };
    const options = {
        headersTimeout: headersTimeoutMs,
        requestTimeout: requestTimeoutMs,
        keepAliveTimeout: keepAliveTimeoutMs,
        maxHeaderSize: maxHeaderBytes,
        // Node checks the two timeouts at this interval only.
        connectionsCheckingInterval: Math.min(1_000, headersTimeoutMs),
        requireHostHeader: true,
        insecureHTTPParser: false,
        noDelay: true,
    };
    const server =
        tls === undefined
            ? createServer(options, handle)
            : createTlsServer({ ...options, ...tls, minVersion: 'TLSv1.2' as const }, handle);
    server.timeout = idleTimeoutMs;
    server.maxHeadersCount = counts.maxHeadersCount;
    server.maxConnections = counts.maxConnections;
    server.on('clientError', refuseBroken);
    // No tunnels: a CONNECT would make this node an open proxy.
    server.on('connect', (_request, socket: Socket) =>
        refuse(socket, 405, 'Method Not Allowed', 'MKT_NODE__METHOD_NOT_ALLOWED', 'CONNECT is not served.'),
    );
    server.on('upgrade', (_request, socket: Socket) =>
        refuse(socket, 400, 'Bad Request', 'MKT_NODE__UPGRADE_NOT_SERVED', 'No protocol upgrade is served.'),
    );
    return server;
}

function refuseBroken(error: NodeJS.ErrnoException, socket: Socket): void {
    if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
    }
    const [status, reason, code, message] = PARSER_ANSWERS[error.code ?? ''] ?? [
        400,
        'Bad Request',
        'MKT_NODE__REQUEST_MALFORMED',
        'The request is not valid HTTP/1.1.',
    ];
    refuse(socket, status, reason, code, message);
}

function refuse(socket: Socket, status: number, reason: string, code: string, message: string): void {
    const body = JSON.stringify({ code, message });
    socket.end(
        `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
            `cache-control: no-store\r\nconnection: close\r\n\r\n${body}`,
    );
    // A peer that does not read its refusal must not keep the socket.
    setTimeout(() => socket.destroy(), 1_000).unref();
}

/** Stops accepting, lets responses under way end for at most `graceMs`, then cuts the rest. */
export async function drain(server: Server, graceMs: number): Promise<void> {
    if (!server.listening) return;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    const cut = setTimeout(() => server.closeAllConnections(), graceMs);
    await closed;
    clearTimeout(cut);
}
