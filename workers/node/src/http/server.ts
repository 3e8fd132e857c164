import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { refuse, refuseBroken } from './broken.js';
import { createGuard, type RequestHandler } from './guard.js';
import { Http2Sessions, type StreamHandler } from './http2-sessions.js';
import { HTTP_LIMITS, type HttpLimits } from './limits.js';
import { type HttpMeter, noMeter } from './meter.js';
import { PeerLimits } from './peer-limits.js';
import { SlowReaders } from './slow-readers.js';
import type { Certificates } from './tls.js';

export { HTTP_LIMITS, type HttpLimits } from './limits.js';

/** Both versions of HTTP over TLS; which one is agreed in the handshake (RFC 7301). */
const PROTOCOLS = ['h2', 'http/1.1'];
/** Connections that have become idle while the server drains are looked for this often. */
const DRAIN_CHECK_MS = 100;

export interface ServerExtras {
    tls?: Certificates;
    /** Shared by the listeners of a node, so that a peer does not get its share of each. */
    peers?: PeerLimits;
    meter?: HttpMeter;
}
interface Parts {
    sessions: Http2Sessions | null;
    readers: SlowReaders;
}
const partsOf = new WeakMap<Server, Parts>();

/**
 * The strict parser of Node is the only one in the path: it refuses both Content-Length and Transfer-Encoding, two lengths,
 * bare CR and folded headers; after any framing error the connection is closed (RFC 9112 11.2).
 */
export function createNodeServer(
    handle: (request: IncomingMessage, response: ServerResponse) => void,
    given: Partial<HttpLimits> = {},
    { tls, peers, meter = noMeter }: ServerExtras = {},
): Server {
    const limits = { ...HTTP_LIMITS, ...given };
    const counted = peers ?? new PeerLimits(limits);
    const readers = new SlowReaders(limits, () => meter.refused('slow_reader'));
    const guarded = createGuard({ handle, limits, peers: counted, readers, meter });
    const { server, sessions } =
        tls === undefined
            ? { server: createServer(optionsOf(limits), guarded), sessions: null }
            : createSecureServer(guarded, limits, tls, meter);
    server.timeout = limits.idleTimeoutMs;
    // One more than is allowed: the guard sees that there were too many.
    server.maxHeadersCount = limits.maxHeadersCount + 1;
    server.maxConnections = limits.maxConnections;
    server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refuseBroken(error, socket, meter));
    server.prependListener('connection', (socket: Socket) => countConnection(socket, counted, meter));
    server.on('connect', (_request, socket: Socket) => {
        meter.refused('connect');
        // No tunnels: a CONNECT would make this node an open proxy.
        refuse(socket, 405, 'Method Not Allowed', 'MKT_NODE__METHOD_NOT_ALLOWED', 'CONNECT is not served.');
    });
    server.on('upgrade', (_request, socket: Socket) => {
        meter.refused('upgrade');
        refuse(socket, 400, 'Bad Request', 'MKT_NODE__UPGRADE_NOT_SERVED', 'No protocol upgrade is served.');
    });
    server.once('close', () => readers.stop());
    partsOf.set(server, { sessions, readers });
    return server;
}

function optionsOf(limits: HttpLimits): Parameters<typeof createServer>[0] {
    return {
        headersTimeout: limits.headersTimeoutMs,
        requestTimeout: limits.requestTimeoutMs,
        keepAliveTimeout: limits.keepAliveTimeoutMs,
        maxHeaderSize: limits.maxHeaderBytes,
        // Node checks the two timeouts at this interval only.
        connectionsCheckingInterval: Math.min(1_000, limits.headersTimeoutMs),
        requireHostHeader: true,
        insecureHTTPParser: false,
        noDelay: true,
    };
}

/** One listener for both: its HTTP/1.1 is the same server as without TLS, with every limit of it. */
function createSecureServer(
    handle: RequestHandler,
    limits: HttpLimits,
    tls: Certificates,
    meter: HttpMeter,
): { server: Server; sessions: Http2Sessions } {
    const server = createTlsServer(
        {
            ...optionsOf(limits),
            ...tls.options(),
            minVersion: 'TLSv1.2',
            ALPNProtocols: PROTOCOLS,
            handshakeTimeout: limits.headersTimeoutMs,
        },
        handle,
    );
    // The classes of both versions have what handlers use; stream-messages.ts makes up for the rest.
    const sessions = new Http2Sessions({ handle: handle as unknown as StreamHandler, limits, meter });
    const serveHttp1 = server.listeners('secureConnection') as ((socket: TLSSocket) => void)[];
    server.removeAllListeners('secureConnection');
    server.on('secureConnection', (socket: TLSSocket) => {
        const isHttp2 = socket.alpnProtocol === 'h2';
        meter.secured(isHttp2 ? 'h2' : 'http/1.1');
        if (isHttp2) sessions.accept(socket);
        else for (const serve of serveHttp1) serve.call(server, socket);
    });
    tls.follow(server);
    return { server, sessions };
}

function countConnection(socket: Socket, peers: PeerLimits, meter: HttpMeter): void {
    const giveBack = peers.connect(socket.remoteAddress);
    if (giveBack !== null) {
        socket.once('close', giveBack);
        return;
    }
    meter.refused('prefix_connections');
    socket.destroy();
}

/** HTTP/2 connections of a server. */
export const countHttp2 = (server: Server): number => partsOf.get(server)?.sessions?.size ?? 0;

/** Stops accepting, lets responses under way end for at most `graceMs`, then cuts the rest. */
export async function drain(server: Server, graceMs: number): Promise<void> {
    if (!server.listening) return;
    const sessions = partsOf.get(server)?.sessions;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeIdleConnections();
    sessions?.close();
    const idle = setInterval(() => server.closeIdleConnections(), DRAIN_CHECK_MS);
    const cut = setTimeout(() => {
        server.closeAllConnections();
        sessions?.destroy();
    }, graceMs);
    await closed;
    clearInterval(idle);
    clearTimeout(cut);
}
