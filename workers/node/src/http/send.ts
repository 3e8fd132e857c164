import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { RequestProblem } from './problem.js';

/** Largest single write: the unit in which an aborted response is accounted. */
const SLICE_BYTES = 64 * 1024;

export interface SentBytes {
    /** Status line, header section and body with its framing. */
    totalBytes: number;
    /** Body bytes that the operating system took. */
    entityBytes: number;
    /** False if the viewer left, or we cut it off, before the end. */
    completed: boolean;
}

export interface SendInput {
    request: IncomingMessage;
    response: ServerResponse;
    status: number;
    headers: Record<string, string | number>;
    body: Buffer | AsyncIterable<Buffer>;
    /** Awaited before each slice, before it can arrive; throws to cut the response off. */
    gate?: (bytes: number) => Promise<void> | undefined;
}

/** Sends one response and tells what really left. Never throws for a viewer who left. */
export async function send(input: SendInput): Promise<SentBytes> {
    const { request, response, status, headers, body, gate } = input;
    const meter = new Meter(request, response);
    const release = Buffer.isBuffer(body) ? null : releaseOnClose(request, body);
    try {
        if (Buffer.isBuffer(body) && body.length <= SLICE_BYTES && gate === undefined)
            return await sendAtOnce(input, meter);
        response.writeHead(status, headers);
        if (request.method !== 'HEAD' && status !== 204 && status !== 304) await sendBody(input, meter);
        response.end();
        // At once: after the end a pipelined response may follow on the same socket.
        meter.ended();
        await meter.settled('finish');
    } catch {
        // Headers are out: the only honest signal left is to break the connection before the announced length.
        response.destroy();
    } finally {
        // A body that was never begun has no loop that would release it.
        await release?.();
    }
    return meter.result();
}

/** Header section and body in one write; what is told of an early end is what a single slice would tell. */
async function sendAtOnce({ request, response, status, headers, body }: SendInput, meter: Meter): Promise<SentBytes> {
    const hasBody = Buffer.isBuffer(body) && request.method !== 'HEAD' && status !== 204 && status !== 304;
    response.writeHead(status, headers);
    response.end(hasBody ? body : undefined);
    meter.wrote(hasBody ? body.length : 0);
    meter.ended();
    await meter.settled('finish');
    return meter.result();
}

/**
 * Ends the wait for more of a body once its viewer is gone: a parent may be silent for long, and a stop waits for the record.
 * @returns what releases the body in any case
 */
function releaseOnClose({ socket }: IncomingMessage, body: AsyncIterable<Buffer>): () => Promise<void> {
    const end = async (): Promise<void> => {
        await body[Symbol.asyncIterator]().return?.();
    };
    const onClose = (): void => void end().catch(() => undefined);
    // Of the socket: a pipelined response that never got its turn is told nothing.
    if (socket.destroyed) onClose();
    else socket.once('close', onClose);
    return async () => {
        socket.off('close', onClose);
        await end();
    };
}

async function sendBody({ request, response, body, gate }: SendInput, meter: Meter): Promise<void> {
    const chunks = Buffer.isBuffer(body) ? [body] : body;
    for await (const chunk of chunks) {
        for (let offset = 0; offset < chunk.length; offset += SLICE_BYTES) {
            const slice = chunk.subarray(offset, offset + SLICE_BYTES);
            // Also before the gate: it counts what it lets through, and a wait for room may end because the viewer left.
            refuseIfLeft(request, response);
            await gate?.(slice.length);
            refuseIfLeft(request, response);
            const hasRoom = response.write(slice, (error) => {
                if (!error) meter.flushed(slice.length);
            });
            meter.wrote(slice.length);
            if (!hasRoom) await meter.settled('drain');
        }
    }
    // A body that was released ends as if it were whole.
    refuseIfLeft(request, response);
}

function refuseIfLeft({ socket }: IncomingMessage, response: ServerResponse): void {
    if (response.destroyed || socket.destroyed)
        throw new RequestProblem(499, 'MKT_NODE__VIEWER_LEFT', 'The viewer left.');
}

/** Watches one response on its socket. */
class Meter {
    readonly #response: ServerResponse;
    readonly #socket: Socket;
    readonly #bytesBefore: number;
    #headerBytes: number | null = null;
    #totalBytes: number | null = null;
    #handedBytes = 0;
    #flushedBytes = 0;
    /** The event, not `writableFinished`: that is also true of a response whose connection broke after its end. */
    #isFinished = false;

    constructor(request: IncomingMessage, response: ServerResponse) {
        this.#response = response;
        this.#socket = request.socket;
        this.#bytesBefore = this.#socket.bytesWritten;
        response.once('finish', () => {
            this.#isFinished = true;
        });
    }

    wrote(bytes: number): void {
        this.#handedBytes += bytes;
        if (this.#headerBytes !== null || !this.#isCurrent()) return;
        this.#headerBytes = Math.max(0, this.#socket.bytesWritten - this.#bytesBefore - bytes);
    }

    /** Called back for each slice; Node reports no error for one that was pending when its socket was destroyed. */
    flushed(bytes: number): void {
        if (!this.#socket.destroyed) this.#flushedBytes += bytes;
    }

    ended(): void {
        if (this.#isCurrent()) this.#totalBytes = this.#socket.bytesWritten - this.#bytesBefore;
    }

    /** Waits for the event or for the end of the connection, whichever comes first. */
    settled(event: 'drain' | 'finish'): Promise<void> {
        const [response, socket] = [this.#response, this.#socket];
        const isOver = event === 'finish' ? this.#isFinished : !response.writableNeedDrain;
        if (isOver || response.destroyed || socket.destroyed) return Promise.resolve();
        return new Promise((resolve) => {
            const done = (): void => {
                response.off(event, done);
                socket.off('close', done);
                resolve();
            };
            response.on(event, done);
            // Of the socket: a pipelined response that never got its turn is told nothing.
            socket.on('close', done);
        });
    }

    result(): SentBytes {
        const completed = this.#isFinished;
        // Write callbacks may come after the event that says that all was written.
        const entityBytes = completed ? this.#handedBytes : this.#flushedBytes;
        const partialBytes = (this.#headerBytes ?? 0) + entityBytes;
        return { totalBytes: completed ? (this.#totalBytes ?? partialBytes) : partialBytes, entityBytes, completed };
    }

    /** A pipelined response waits for the one before it, so bytes on the socket are not yet its own. */
    #isCurrent(): boolean {
        return this.#response.socket === this.#socket;
    }
}
