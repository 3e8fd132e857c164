import type { Socket } from 'node:net';
import type { HttpMeter, Refusal } from './meter.js';

type Answer = [status: number, reason: string, code: string, message: string, refusal: Refusal];
const PARSER_ANSWERS: Record<string, Answer> = {
    HPE_HEADER_OVERFLOW: [
        431,
        'Request Header Fields Too Large',
        'MKT_NODE__HEADERS_TOO_LARGE',
        'The header section is too large.',
        'headers_too_large',
    ],
    ERR_HTTP_REQUEST_TIMEOUT: [
        408,
        'Request Timeout',
        'MKT_NODE__REQUEST_TIMEOUT',
        'The request did not arrive in time.',
        'timeout',
    ],
};
const MALFORMED: Answer = [
    400,
    'Bad Request',
    'MKT_NODE__REQUEST_MALFORMED',
    'The request is not valid HTTP/1.1.',
    'malformed',
];

/** Answers what the parser could not read, and closes the connection: what follows on it could be read in two ways. */
export function refuseBroken(error: NodeJS.ErrnoException, socket: Socket, meter: HttpMeter): void {
    if (error.code?.startsWith('ERR_SSL_') || error.code?.startsWith('ERR_TLS_')) {
        meter.refused('tls');
        socket.destroy();
        return;
    }
    if (error.code === 'ECONNRESET' || !socket.writable) {
        socket.destroy();
        return;
    }
    const [status, reason, code, message, refusal] = PARSER_ANSWERS[error.code ?? ''] ?? MALFORMED;
    meter.refused(refusal);
    refuse(socket, status, reason, code, message);
}

export function refuse(socket: Socket, status: number, reason: string, code: string, message: string): void {
    const body = JSON.stringify({ code, message });
    socket.end(
        `HTTP/1.1 ${status} ${reason}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\n` +
            `cache-control: no-store\r\nconnection: close\r\n\r\n${body}`,
    );
    // A peer that does not read its refusal must not keep the socket.
    setTimeout(() => socket.destroy(), 1_000).unref();
}
