import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, createServer, type Http2Server, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { HttpLimits } from './limits.js';
import type { HttpMeter, Refusal } from './meter.js';
import { StreamRequest, StreamResponse } from './stream-messages.js';

/** Of the counts of frames that cost the sender nothing. */
const WINDOW_MS = 10_000;
/** `:method`, `:scheme`, `:authority`, `:path`. */
const PSEUDO_HEADERS = 4;

export type StreamHandler = (request: StreamRequest, response: StreamResponse) => void;
export interface Http2Options {
    handle: StreamHandler;
    limits: HttpLimits;
    meter: HttpMeter;
}

type StreamServer = Http2Server<
    typeof IncomingMessage,
    typeof ServerResponse,
    typeof StreamRequest,
    typeof StreamResponse
>;

/** The HTTP/2 connections of one listener. */
export class Http2Sessions {
    readonly #options: Http2Options;
    readonly #server: StreamServer;
    readonly #sessions = new Set<ServerHttp2Session>();

    constructor(options: Http2Options) {
        const { handle, limits } = options;
        this.#options = options;
        this.#server = createServer({
            Http2ServerRequest: StreamRequest,
            Http2ServerResponse: StreamResponse,
            settings: { maxConcurrentStreams: limits.maxStreams, maxHeaderListSize: limits.maxHeaderBytes },
            maxHeaderListPairs: limits.maxHeadersCount + PSEUDO_HEADERS,
            maxOutstandingPings: 10,
            maxSettings: 32,
            maxSessionInvalidFrames: 100,
            maxSessionRejectedStreams: 100,
            // Of one connection, in MiB: streams, header tables and what waits to be sent.
            maxSessionMemory: 10,
        });
        this.#server.setTimeout(limits.idleTimeoutMs);
        this.#server.on('timeout', (session: ServerHttp2Session) => session.destroy());
        this.#server.on('session', (session: ServerHttp2Session) => this.#watch(session));
        this.#server.on('request', (request, response) => this.#begin(handle, request, response));
        // No tunnels: a CONNECT would make this node an open proxy.
        this.#server.on('connect', (_request: StreamRequest, response: StreamResponse) => {
            options.meter.refused('connect');
            response.writeHead(405, { 'cache-control': 'no-store' }).end();
        });
    }

    get size(): number {
        return this.#sessions.size;
    }

    /** Takes a connection whose handshake chose `h2`. */
    accept(socket: TLSSocket): void {
        this.#server.emit('connection', socket);
    }

    /** GOAWAY: streams that are open go on, no new one begins. */
    close(): void {
        for (const session of this.#sessions) session.close();
    }

    destroy(): void {
        for (const session of this.#sessions) session.destroy();
    }

    #begin(handle: StreamHandler, request: StreamRequest, response: StreamResponse): void {
        const { limits, meter } = this.#options;
        if (!request.complete) {
            const late = setTimeout(() => {
                meter.refused('timeout');
                response.destroy();
            }, limits.requestTimeoutMs);
            request.once('end', () => clearTimeout(late));
            response.once('close', () => clearTimeout(late));
        }
        handle(request, response);
    }

    #watch(session: ServerHttp2Session): void {
        const { limits, meter } = this.#options;
        this.#sessions.add(session);
        session.once('close', () => this.#sessions.delete(session));
        const within = (limit: number, reason: Refusal): (() => void) => {
            const isWithin = createBudget(limit);
            return () => {
                if (isWithin() || session.destroyed) return;
                meter.refused(reason);
                session.destroy(new Error(reason), constants.NGHTTP2_ENHANCE_YOUR_CALM);
            };
        };
        const reset = within(limits.maxStreamResets, 'stream_resets');
        session.on('ping', within(limits.maxPings, 'pings'));
        session.on('remoteSettings', within(limits.maxSettings, 'settings'));
        session.on('stream', (stream: ServerHttp2Stream) => {
            stream.setTimeout(limits.idleTimeoutMs, () => {
                meter.refused('stream_idle');
                stream.close(constants.NGHTTP2_CANCEL);
            });
            stream.once('close', () => {
                if (stream.rstCode !== constants.NGHTTP2_NO_ERROR) reset();
            });
        });
    }
}

/** True while no more than `limit` events came within the window. */
function createBudget(limit: number): () => boolean {
    let windowStartedAtMs = 0;
    let events = 0;
    return () => {
        const nowMs = performance.now();
        if (nowMs - windowStartedAtMs > WINDOW_MS) {
            windowStartedAtMs = nowMs;
            events = 0;
        }
        events += 1;
        return events <= limit;
    };
}
