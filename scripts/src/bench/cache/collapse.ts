import { Agent, get } from 'node:http';
import type { Origin } from './origin.js';
import type { Server } from './servers.js';

const REQUESTS = 10_000;
const CONNECTIONS = 400;
const OBJECT_BYTES = 256;

/** Many ask for one object that nobody has yet. @returns how often the origin was asked */
export async function measureCollapse(origin: Origin, server: Server): Promise<number> {
    const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
    const path = `/slow/${OBJECT_BYTES}/collapse-${Date.now()}`;
    const before = origin.fetches;
    const ask = (): Promise<void> =>
        new Promise((resolve, reject) => {
            get(`${server.url}${path}`, { agent }, (response) => {
                let bytes = 0;
                response.on('data', (chunk: Buffer) => {
                    bytes += chunk.length;
                });
                response.on('end', () =>
                    response.statusCode === 200 && bytes === OBJECT_BYTES
                        ? resolve()
                        : reject(new Error(`${server.name}: status ${response.statusCode}, ${bytes} bytes`)),
                );
            }).on('error', reject);
        });
    try {
        await Promise.all(Array.from({ length: REQUESTS }, ask));
    } finally {
        agent.destroy();
    }
    return origin.fetches - before;
}
