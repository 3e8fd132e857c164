import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Below the ports that systems give to connections and to who asks for any: nobody else gets it before it is listened on. */
const FIRST_PORT = 10_000;
/** From here on tests of the cluster take theirs. */
const END_PORT = 20_000;
const MAX_ATTEMPTS = 200;

/** A port of 127.0.0.1 for who must know it before it is listened on, or again after a restart. */
export async function freePort(): Promise<number> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
        const port = randomInt(FIRST_PORT, END_PORT);
        if (await isFree(port)) return port;
    }
    throw new Error(`no free port found in ${MAX_ATTEMPTS} attempts`);
}

function isFree(port: number): Promise<boolean> {
    return new Promise((resolve) => {
        const server = createServer().once('error', () => resolve(false));
        server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
    });
}
