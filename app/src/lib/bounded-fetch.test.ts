import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fetchJson } from './bounded-fetch';

const servers: Server[] = [];

async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

afterEach(async () => {
    for (const server of servers.splice(0)) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
    }
});

const schema = z.object({ value: z.number() });

describe('fetchJson', () => {
    it('returns what matches the schema', async () => {
        const url = await serve((_, response) => response.end('{"value":7}'));
        expect(await fetchJson({ url, schema })).toEqual({ value: 7 });
    });

    it('refuses a body above the limit', async () => {
        const url = await serve((_, response) => response.end(`{"value":7,"x":"${'x'.repeat(10_000)}"}`));
        await expect(fetchJson({ url, schema, maxBytes: 1_000 })).rejects.toThrow('more than 1000 bytes');
    });

    it('gives up on a server that never answers', async () => {
        const url = await serve(() => undefined);
        await expect(fetchJson({ url, schema, timeoutMs: 50 })).rejects.toThrow('did not answer within 50 ms');
    });

    it('gives up on a server that sends its body drop by drop', async () => {
        const url = await serve((_, response) => response.write('{"value"'));
        await expect(fetchJson({ url, schema, timeoutMs: 80 })).rejects.toThrow('did not answer within 80 ms');
    });

    it('follows no redirect: a node must not point this server at its neighbours', async () => {
        let asked = false;
        const target = await serve((_, response) => {
            asked = true;
            response.end('{"value":7}');
        });
        const url = await serve((_, response) => response.writeHead(302, { location: target }).end());
        await expect(fetchJson({ url, schema })).rejects.toThrow('did not answer');
        expect(asked).toBe(false);
    });

    it('passes on the message and code of a refusal', async () => {
        const body = JSON.stringify({ code: 'MKT_PROVIDER__NODE_UNKNOWN', message: 'This node is not known.' });
        const url = await serve((_, response) => response.writeHead(404).end(body));
        await expect(fetchJson({ url, schema })).rejects.toThrow(/This node is not known.*MKT_PROVIDER__NODE_UNKNOWN/);
    });

    it('names the field of an unknown form', async () => {
        const url = await serve((_, response) => response.end('{"value":"seven"}'));
        await expect(fetchJson({ url, schema })).rejects.toThrow(/unknown form: value/);
    });
});
