import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const FIRST_PORT = 10_000;
/** From here on Linux hands out ports to connections, and to whoever asks for any. */
const END_PORT = 32_768;
const MAX_ATTEMPTS = 200;

/**
 * Ports of 127.0.0.1 for who must know them before they are listened on, or again after a restart: below those that systems hand out,
 * so that no connection takes one meanwhile.
 *
 * @param count of neighbouring ports, all of them free
 * @returns the first one
 * @throws Error when 200 places were tried in vain
 */
export async function findFreePort(count = 1): Promise<number> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const first = randomInt(FIRST_PORT, END_PORT - count + 1);
        const ports = Array.from({ length: count }, (_, index) => first + index);
        if ((await Promise.all(ports.map(isFree))).every(Boolean)) return first;
    }
    throw new Error(`no free port of 127.0.0.1 found between ${FIRST_PORT} and ${END_PORT}: close what listens there`);
}

function isFree(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer().once('error', () => resolve(false));
        server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
    });
}
