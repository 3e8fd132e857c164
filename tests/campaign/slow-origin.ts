import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Trouble } from './trouble.js';

const TRICKLE_BYTES = 2_048;
const TRICKLE_MS = 60;

/** In front of the real origin: on bad days it answers drop by drop, or takes requests and says nothing. */
export async function startSlowOrigin(originUrl: string, trouble: Trouble) {
    const server = createServer(async (request, response) => {
        try {
            while (trouble.origin === 'hang' && !response.destroyed) await sleep(TRICKLE_MS);
            if (response.destroyed) return;
            const answer = await fetch(`${originUrl}${request.url}`, { method: request.method ?? 'GET' });
            const headers = ['content-type', 'cache-control', 'etag', 'content-length', 'last-modified'].flatMap(
                (name) => {
                    const value = answer.headers.get(name);
                    return value === null ? [] : [[name, value] as const];
                },
            );
            response.writeHead(answer.status, Object.fromEntries(headers));
            await send(response, Buffer.from(await answer.arrayBuffer()), trouble);
        } catch {
            response.destroy();
        }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        close: () =>
            new Promise<void>((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}

async function send(response: ServerResponse, body: Buffer, trouble: Trouble): Promise<void> {
    let offset = 0;
    while (trouble.origin === 'trickle' && offset < body.length && !response.destroyed) {
        response.write(body.subarray(offset, offset + TRICKLE_BYTES));
        offset += TRICKLE_BYTES;
        await sleep(TRICKLE_MS);
    }
    response.end(body.subarray(Math.min(offset, body.length)));
}
