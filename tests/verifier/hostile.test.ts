import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createCommitterClient, createNodeClient, createRpc } from '@ocm/verifier';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';

const signal = new AbortController().signal;
const open: Server[] = [];
afterEach(async () => {
    for (const server of open.splice(0)) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
    }
});

async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    open.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Writes for as long as somebody reads. */
const endless: RequestListener = (_, response) => {
    const chunk = Buffer.alloc(1 << 20, 0x20);
    const more = () => {
        while (!response.destroyed && response.write(chunk));
    };
    response.on('drain', more);
    more();
};

describe('a source that means ill', () => {
    it('is cut off where its answer does not end', async () => {
        const client = createCommitterClient(await serve(endless), signal);
        await expect(client.records('x', 'y')).rejects.toMatchObject({ code: 'MKT_VERIFIER__ANSWER_TOO_LARGE' });
    });

    it('gets no secret carried to another host by a redirect', async () => {
        let asked = 0;
        const elsewhere = await serve((_, response) => {
            asked += 1;
            response.end('{}');
        });
        const redirecting = await serve((_, response) => response.writeHead(302, { location: elsewhere }).end());
        await expect(createNodeClient(redirecting, 'secret', signal).logs('x', 0)).rejects.toMatchObject({
            code: 'MKT_VERIFIER__PEER_UNREACHABLE',
        });
        expect(asked).toBe(0);
    });

    it('can name no log file outside of the copy', async () => {
        const files = [{ name: '../../etc/passwd', contract: 'c', epoch: 0 }];
        const url = await serve((_, response) => response.end(JSON.stringify({ files })));
        await expect(createNodeClient(url, 'secret', signal).logs('c', 0)).rejects.toMatchObject({
            code: 'MKT_VERIFIER__PEER_ANSWER_INVALID',
        });
    });

    it.each(['', 'null', '[]', '{"manifestHash":1}', '\u0000'])('is refused where it answers %j', async (body) => {
        const client = createCommitterClient(await serve((_, response) => response.end(body)), signal);
        await expect(client.manifest('x')).rejects.toMatchObject({ code: 'MKT_VERIFIER__PEER_ANSWER_INVALID' });
    });

    it('is told apart from one that has nothing', async () => {
        const client = createCommitterClient(await serve((_, response) => response.writeHead(404).end('{}')), signal);
        expect(await client.manifest('x')).toBeNull();
        expect(await client.records('x', 'y')).toBeNull();
    });

    it('shows no key of its URL in an error', async () => {
        const url = await serve((_, response) => response.end('{"error":{"message":"no"}}'));
        const rpc = createRpc({ url: `${url}/?api-key=SECRET`, signal });
        await expect(rpc('getSlot', [], z.number())).rejects.toThrow(/^(?!.*SECRET)/);
    });
});
