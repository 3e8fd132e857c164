import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** Up to here one buffer and one write; above it, copying the body costs more than a second entry in the list of a write. */
const ONE_BUFFER_BYTES = 16 * 1024;

/** An answer from what is stored, as it is sent to whoever asks in the same words. */
export interface PreparedAnswer {
    status: number;
    /** Without Age, Date and what belongs to the connection. */
    headers: Readonly<Record<string, string | number>>;
    body: Buffer;
    /** Of HEAD and 304 no body is sent, whatever the length. */
    hasBody: boolean;
    /** When the response's age was 0, in Unix milliseconds. */
    bornMs: number;
    freshUntilMs: number;
    /** Whether this is still what is stored; counts the use. */
    reuse(): boolean;
}

/** The bytes of an answer; the part that tells the time is made anew each second. */
export class PreparedResponse {
    readonly heldBytes: number;
    readonly #answer: PreparedAnswer;
    readonly #start: string;
    readonly #end: string;
    readonly #body: Buffer;
    #second = Number.NaN;
    #bytes: Buffer = Buffer.alloc(0);

    constructor(answer: PreparedAnswer, keepAliveSecs: number) {
        this.#answer = answer;
        this.#body = answer.hasBody ? answer.body : Buffer.alloc(0);
        const lines = Object.entries(answer.headers).map(([name, value]) => `${name}: ${value}\r\n`);
        this.#start = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'unknown'}\r\n${lines.join('')}`;
        this.#end = `Connection: keep-alive\r\nKeep-Alive: timeout=${keepAliveSecs}\r\n\r\n`;
        this.heldBytes = this.#start.length + 256 + Math.min(this.#body.length, ONE_BUFFER_BYTES);
    }

    /** Returns false if the stored response is gone or no longer fresh; then nothing was written. */
    writeTo(socket: Socket, nowMs: number): boolean {
        if (nowMs >= this.#answer.freshUntilMs || !this.#answer.reuse()) return false;
        const second = Math.floor(nowMs / 1_000);
        if (second !== this.#second) this.#render(second, nowMs);
        if (this.#body.length <= ONE_BUFFER_BYTES) {
            socket.write(this.#bytes);
            return true;
        }
        socket.cork();
        socket.write(this.#bytes);
        socket.write(this.#body);
        socket.uncork();
        return true;
    }

    #render(second: number, nowMs: number): void {
        const ageSecs = Math.max(0, Math.floor((nowMs - this.#answer.bornMs) / 1_000));
        const date = new Date(second * 1_000).toUTCString();
        const head = Buffer.from(`${this.#start}age: ${ageSecs}\r\nDate: ${date}\r\n${this.#end}`, 'latin1');
        this.#bytes = this.#body.length > ONE_BUFFER_BYTES ? head : Buffer.concat([head, this.#body]);
        this.#second = second;
    }
}
