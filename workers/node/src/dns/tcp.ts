import type { Socket } from 'node:net';

export interface TcpOptions {
    /** Connections that say nothing are closed (RFC 7766 6.2.3). */
    idleMs: number;
    /** Questions on one connection. */
    mostQuestions: number;
    /** Null closes the connection. */
    answer: (message: Buffer, from: string) => Buffer | null;
}
const LENGTH_BYTES = 2;
/** A question with every option we know of is far smaller. */
const MOST_MESSAGE_BYTES = 4_096;

/** Questions over a stream, each behind its length (RFC 1035 4.2.2), answered in order. */
export function serveTcp(
    socket: Socket,
    { idleMs = 10_000, mostQuestions = 100, answer }: Partial<TcpOptions> & Pick<TcpOptions, 'answer'>,
): void {
    let held = Buffer.alloc(0);
    let questions = 0;
    const from = socket.remoteAddress ?? '';
    socket.setTimeout(idleMs, () => socket.destroy());
    // Who goes away in the middle has no more to be told.
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
        held = Buffer.concat([held, chunk]);
        while (held.length >= LENGTH_BYTES) {
            const length = held.readUInt16BE(0);
            if (length > MOST_MESSAGE_BYTES) return socket.destroy();
            if (held.length < LENGTH_BYTES + length) return;
            const message = held.subarray(LENGTH_BYTES, LENGTH_BYTES + length);
            held = held.subarray(LENGTH_BYTES + length);
            const reply = questions < mostQuestions ? answer(message, from) : null;
            questions += 1;
            if (reply === null) return socket.destroy();
            socket.write(reply);
        }
    });
}
