import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** Up to here one buffer and one write; above it, copying the body costs more than a second entry in the list of a write. */
const ONE_BUFFER_BYTES = 16 * 1024;

const NO_BODY = Buffer.alloc(0);

/** An answer from what is stored, as it is sent to whoever asks in the same words. */
export interface PreparedAnswer {
    status: number;
    /** Without Age, Date and what belongs to the connection. */
    headers: Readonly<Record<string, string | number>>;
    /** Of HEAD and 304 no body is sent, whatever the length. */
    hasBody: boolean;
    /** When the response's age was 0, in Unix milliseconds. */
    bornMs: number;
    freshUntilMs: number;
    /**
     * The stored body, if it is still the one that was answered with; counts the use. Held by the store alone, so that what
     * it evicts is gone.
     */
    reuse(): Buffer | null;
}

/** The bytes of an answer; the part that tells the time is made anew each second. */
export class PreparedResponse {
    readonly heldBytes: number;
    readonly #answer: PreparedAnswer;
    readonly #start: string;
    readonly #end: string;
    #second = Number.NaN;
    /** From the second use within a second on: what is asked for less often would only be held, for nothing. */
    #bytes: Buffer | null = null;

    /** @param bodyBytes of what is sent behind the header section */
    constructor(answer: PreparedAnswer, bodyBytes: number, keepAliveSecs: number) {
        this.#answer = answer;
        const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
        this.#start = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'unknown'}\r\n${lines.join('')}`;
        this.#end = `Connection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSecs}\r\n\r\n`;
        this.heldBytes = this.#start.length + 256 + (bodyBytes > ONE_BUFFER_BYTES ? 0 : bodyBytes);
    }

    /** Returns false if the stored response is gone or no longer fresh; then nothing was written. */
    writeTo(socket: Socket, nowMs: number): boolean {
        if (nowMs >= this.#answer.freshUntilMs) return false;
        const stored = this.#answer.reuse();
        if (stored === null) return false;
        const body = this.#answer.hasBody ? stored : NO_BODY;
        const second = Math.floor(nowMs / 1_000);
        if (second !== this.#second) {
            this.#second = second;
            this.#bytes = null;
            writeBoth(socket, this.#head(nowMs), body);
            return true;
        }
        this.#bytes ??= Buffer.concat([this.#head(nowMs), body.length > ONE_BUFFER_BYTES ? NO_BODY : body]);
        if (body.length <= ONE_BUFFER_BYTES) socket.write(this.#bytes);
        else writeBoth(socket, this.#bytes, body);
        return true;
    }

    #head(nowMs: number): Buffer {
        const ageSecs = Math.max(0, Math.floor((nowMs - this.#answer.bornMs) / 1_000));
        const date = new Date(Math.floor(nowMs / 1_000) * 1_000).toUTCString();
        return Buffer.from(`${this.#start}age: ${ageSecs}\r\nDate: ${date}\r\n${this.#end}`, 'latin1');
    }
}

function writeBoth(socket: Socket, head: Buffer, body: Buffer): void {
    socket.cork();
    socket.write(head);
    if (body.length > 0) socket.write(body);
    socket.uncork();
}
