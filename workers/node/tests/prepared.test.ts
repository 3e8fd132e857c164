import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { PreparedResponse } from '../src/http/prepared.js';

const BORN_MS = Date.UTC(2026, 0, 1);

/** What the uses of one remembered answer send, each at its time. */
function sent(body: Buffer, hasBody: boolean, timesMs: number[]): string[] {
    const answer = {
        status: 200,
        headers: { etag: '"a"', 'content-length': body.length },
        hasBody,
        bornMs: BORN_MS,
        freshUntilMs: BORN_MS + 60_000,
        reuse: () => body,
    };
    const prepared = new PreparedResponse(answer, body.length, 15);
    return timesMs.map((ms) => {
        const socket = new PassThrough({ highWaterMark: 4 * 1024 * 1024 });
        expect(prepared.writeTo(socket as unknown as Socket, BORN_MS + ms)).toBe(true);
        return (socket.read() as Buffer).toString('latin1');
    });
}

describe('a remembered answer', () => {
    for (const [what, bytes, hasBody] of [
        ['with a small body', 100, true],
        ['with a large body', 100_000, true],
        ['of HEAD', 100, false],
        ['without a body', 0, true],
    ] as const) {
        it(`${what} is the same at the first, second and third use within a second`, () => {
            const body = Buffer.alloc(bytes, 'b');
            const [first, second, third, later] = sent(body, hasBody, [100, 200, 900, 1_500]);
            expect([second, third]).toEqual([first, first]);
            expect(first?.split('\r\n\r\n')[1]).toBe(hasBody ? body.toString() : '');
            expect([first, later].map((text) => /age: (\d+)\r\nDate: (.*)\r\n/.exec(text ?? '')?.slice(1))).toEqual([
                ['0', 'Thu, 01 Jan 2026 00:00:00 GMT'],
                ['1', 'Thu, 01 Jan 2026 00:00:01 GMT'],
            ]);
        });
    }
});
