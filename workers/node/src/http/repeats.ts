import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { LRUCache } from 'lru-cache';
import { type PreparedAnswer, PreparedResponse } from './prepared.js';
import { SeenRequests } from './seen-requests.js';

/** Longest request remembered: a longer one carries what hardly ever repeats. */
const MAX_REQUEST_BYTES = 2_048;
const MAX_REMEMBERED_BYTES = 32 * 1024 * 1024;
const HEAD_END = '\r\n\r\n';

export interface RepeatsOptions {
    now: () => number;
    /** True from the beginning of a stop: then every answer must close its connection. */
    isDraining: () => boolean;
    keepAliveSecs: number;
}

/** What is known of a connection's place in the stream of messages. */
interface Place {
    /** At the end of one message and before the next: nothing is left of an earlier one, in the parser or unanswered. */
    isBetween: boolean;
    unanswered: number;
    /** Requests that the parser found in the bytes it has just been given. */
    found: IncomingMessage[];
}

/**
 * Answers a request without parsing it if its bytes are those of an earlier one that Node's parser read on a connection, whole
 * and alone, and that was answered from what is stored and still fresh. Nothing is read into the bytes: the same bytes at
 * the same place mean the same to the same parser. The first request of a connection always goes to the parser, whose
 * clocks against slow peers start with the connection; so does everything after bytes that are not exactly one request.
 */
export class RepeatedRequests {
    readonly #options: RepeatsOptions;
    readonly #answers: LRUCache<string, PreparedResponse>;
    readonly #places = new WeakMap<Socket, Place>();
    readonly #texts = new WeakMap<IncomingMessage, string>();
    readonly #unflushed = new Set<Socket>();
    readonly #seen = new SeenRequests();

    constructor(options: RepeatsOptions) {
        this.#options = options;
        this.#answers = new LRUCache({
            maxSize: MAX_REMEMBERED_BYTES,
            sizeCalculation: (answer, text) => answer.heldBytes + 2 * text.length + 512,
        });
    }

    /** For a listener without TLS, before it listens. */
    attach(server: Server): void {
        server.on('connection', (socket: Socket) => this.#watch(socket));
        server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
            const place = this.#places.get(request.socket);
            if (place === undefined) return;
            place.found.push(request);
            place.unanswered += 1;
            // When all of it has been given to the socket; a response that breaks off takes its connection with it.
            response.once('finish', () => {
                place.unanswered -= 1;
            });
        });
    }

    /** To be called once the answer to the request has been sent whole. */
    learn(request: IncomingMessage, answer: PreparedAnswer, bodyBytes: number): void {
        const text = this.#texts.get(request);
        if (text !== undefined && this.#seen.isSeenAgain(text))
            this.#answers.set(text, new PreparedResponse(answer, bodyBytes, this.#options.keepAliveSecs));
    }

    /** Resolves when what was written has left, or its reader has: a server that closes cuts connections it takes for idle. */
    async settle(): Promise<void> {
        await Promise.all(
            [...this.#unflushed].map(
                (socket) => new Promise((resolve) => socket.once('close', resolve).once('drain', resolve)),
            ),
        );
    }

    #watch(socket: Socket): void {
        this.#places.set(socket, { isBetween: false, unanswered: 0, found: [] });
        const place = this.#places.get(socket) as Place;
        // Node's server reads the socket below JavaScript until somebody listens for data.
        const noListener = (): void => undefined;
        socket.on('data', noListener).removeListener('data', noListener);
        let isFirst = true;
        const { emit } = socket;
        socket.emit = (event: string | symbol, ...values: unknown[]): boolean => {
            if (event !== 'data') return Reflect.apply(emit, socket, [event, ...values]);
            const chunk = values[0] as Buffer;
            if (place.isBetween && this.#answer(socket, place, chunk)) return true;
            const isWatched = isFirst || place.isBetween;
            isFirst = false;
            place.isBetween = false;
            place.found = [];
            const isEmitted = Reflect.apply(emit, socket, [event, chunk]);
            if (isWatched) this.#judge(place, chunk);
            return isEmitted;
        };
    }

    #answer(socket: Socket, place: Place, chunk: Buffer): boolean {
        // A reader who does not read must not be given more, and an answer must not overtake another.
        if (place.unanswered > 0 || socket.writableLength > 0 || chunk.length > MAX_REQUEST_BYTES) return false;
        const prepared = this.#answers.get(chunk.toString('latin1'));
        if (prepared === undefined || this.#options.isDraining()) return false;
        if (!prepared.writeTo(socket, this.#options.now())) return false;
        if (socket.writableLength > 0) this.#holdUntilFlushed(socket);
        return true;
    }

    /** After the parser had its turn: was this one whole request and nothing else? */
    #judge(place: Place, chunk: Buffer): void {
        const [request, ...others] = place.found;
        if (request === undefined || others.length > 0 || !request.complete || place.unanswered > 1) return;
        if (chunk.length > MAX_REQUEST_BYTES) return;
        const text = chunk.toString('latin1');
        if (text.indexOf(HEAD_END) !== text.length - HEAD_END.length) return;
        place.isBetween = true;
        if (isRepeatable(request)) this.#texts.set(request, text);
    }

    #holdUntilFlushed(socket: Socket): void {
        this.#unflushed.add(socket);
        const release = (): void => {
            this.#unflushed.delete(socket);
            socket.off('close', release).off('drain', release);
        };
        socket.on('close', release).on('drain', release);
    }
}

/** Requests whose answer depends on the stored response, its freshness and nothing else. */
function isRepeatable({ method, httpVersion, headers }: IncomingMessage): boolean {
    if (httpVersion !== '1.1' || (method !== 'GET' && method !== 'HEAD')) return false;
    if (headers.connection !== undefined && headers.connection.toLowerCase() !== 'keep-alive') return false;
    return ['authorization', 'cache-control', 'pragma', 'expect', 'upgrade', 'ocm-session'].every(
        (name) => headers[name] === undefined,
    );
}
