import type { IncomingHttpHeaders } from 'node:http';
import { constants, Http2ServerRequest, Http2ServerResponse, type ServerHttp2Stream } from 'node:http2';
import type { ReadableOptions } from 'node:stream';

/** RFC 9113 4.1 and 4.2: what a DATA frame of the usual largest size adds. */
const FRAME_HEADER_BYTES = 9;
const FRAME_BYTES = 16_384;
/** Fields of one HTTP/1.1 connection; on HTTP/2 they are errors (RFC 9113 8.2.2). */
const OF_CONNECTIONS = new Set(['connection', 'keep-alive', 'proxy-connection', 'transfer-encoding', 'upgrade']);

/**
 * Stands for the socket of an HTTP/1.1 request: of one stream only. Node's own stand-in counts the bytes of all streams of
 * the connection, and so would every log record.
 */
export class StreamSocket {
    readonly remoteAddress: string | undefined;
    readonly remotePort: number | undefined;
    readonly localAddress: string | undefined;
    readonly localPort: number | undefined;
    readonly encrypted = true;
    /** Header section spelled as text (its size in HPACK depends on other streams), payload, frame headers. */
    bytesWritten = 0;
    readonly #stream: ServerHttp2Stream;

    constructor(stream: ServerHttp2Stream) {
        const socket = stream.session?.destroyed === false ? stream.session.socket : undefined;
        this.remoteAddress = socket?.remoteAddress;
        this.remotePort = socket?.remotePort;
        this.localAddress = socket?.localAddress;
        this.localPort = socket?.localPort;
        this.#stream = stream;
    }

    get destroyed(): boolean {
        return this.#stream.destroyed;
    }

    on(event: string, listener: () => void): this {
        this.#stream.on(event, listener);
        return this;
    }

    once(event: string, listener: () => void): this {
        this.#stream.once(event, listener);
        return this;
    }

    off(event: string, listener: () => void): this {
        this.#stream.off(event, listener);
        return this;
    }

    destroy(): void {
        this.#stream.close(constants.NGHTTP2_CANCEL);
    }
}

const sockets = new WeakMap<ServerHttp2Stream, StreamSocket>();
function socketOf(stream: ServerHttp2Stream): StreamSocket {
    const socket = sockets.get(stream) ?? new StreamSocket(stream);
    sockets.set(stream, socket);
    return socket;
}

/** A request of HTTP/2 as the handlers know requests. */
export class StreamRequest extends Http2ServerRequest {
    constructor(
        stream: ServerHttp2Stream,
        headers: IncomingHttpHeaders,
        options: ReadableOptions,
        rawHeaders: readonly string[],
    ) {
        super(stream, headers, options, rawHeaders);
        Object.defineProperty(this, 'socket', { value: socketOf(stream) });
    }
}

/** A response of HTTP/2 that keeps to what handlers rely on in HTTP/1.1: `finish` only if all was sent, `destroy` breaks. */
export class StreamResponse extends Http2ServerResponse {
    readonly #stream: ServerHttp2Stream;

    constructor(stream: ServerHttp2Stream) {
        super(stream);
        this.#stream = stream;
        Object.defineProperties(this, {
            socket: { value: socketOf(stream) },
            destroyed: { get: () => stream.destroyed },
            writableNeedDrain: { get: () => stream.writableNeedDrain },
            writableLength: { get: () => stream.writableLength },
        });
    }

    override setHeader(name: string, value: number | string | readonly string[]): this {
        if (!OF_CONNECTIONS.has(name.toLowerCase())) super.setHeader(name, value);
        return this;
    }

    override writeHead(statusCode: number, ...rest: unknown[]): this {
        const given = rest.at(-1) ?? {};
        const headers = Object.entries(given).filter(([name]) => !OF_CONNECTIONS.has(name.toLowerCase()));
        super.writeHead(statusCode, Object.fromEntries(headers));
        for (const [name, value] of Object.entries(this.getHeaders())) {
            socketOf(this.#stream).bytesWritten += name.length + String(value).length + 4;
        }
        return this;
    }

    override write(chunk: string | Uint8Array, ...rest: never[]): boolean {
        this.#count(chunk);
        return super.write(chunk, ...rest);
    }

    override end(...parameters: never[]): this {
        const [chunk] = parameters as unknown[];
        if (typeof chunk === 'string' || chunk instanceof Uint8Array) this.#count(chunk);
        return super.end(...parameters);
    }

    /** Node tells `finish` of broken streams too; records would then charge for bytes that never left. */
    override emit(event: string | symbol, ...values: unknown[]): boolean {
        const { writableFinished, rstCode } = this.#stream;
        if (event === 'finish' && !(writableFinished && rstCode === constants.NGHTTP2_NO_ERROR)) return false;
        return super.emit(event as 'finish', ...(values as []));
    }

    /** With an error code: a stream that ends by NO_ERROR looks whole where no length was announced. */
    override destroy(): this {
        if (!this.#stream.destroyed) this.#stream.close(constants.NGHTTP2_INTERNAL_ERROR);
        return this;
    }

    #count(chunk: string | Uint8Array): void {
        const bytes = Buffer.byteLength(chunk);
        socketOf(this.#stream).bytesWritten += bytes + FRAME_HEADER_BYTES * Math.ceil(bytes / FRAME_BYTES);
    }
}
