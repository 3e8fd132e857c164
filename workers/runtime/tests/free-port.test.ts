import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { findFreePort } from '../src/index.js';

const FIRST_PORT = 10_000;
/** Where Linux begins to hand out ports. */
const END_PORT = 32_768;
const servers: Server[] = [];

async function listen(port: number): Promise<void> {
    const server = createServer().listen(port, '127.0.0.1');
    servers.push(server);
    await once(server, 'listening');
}
afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => once(server.close(), 'close')));
});

it('finds neighbouring ports that can be listened on, below those that systems hand out', async () => {
    const first = await findFreePort(3);
    expect(first).toBeGreaterThanOrEqual(FIRST_PORT);
    expect(first + 2).toBeLessThan(END_PORT);
    await Promise.all([first, first + 1, first + 2].map(listen));
});

it('passes over ports that are taken', async () => {
    // Four of five places for so many neighbours have one of these among them.
    const taken = Array.from({ length: 45 }, (_, index) => FIRST_PORT + 500 * index);
    await Promise.all(taken.map((port) => listen(port).catch(() => undefined)));
    for (let time = 0; time < 20; time += 1) {
        const first = await findFreePort(400);
        expect(taken.filter((port) => port >= first && port < first + 400)).toEqual([]);
    }
});
