import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatedCluster } from '@ocm/cluster';

export type SendHooks = {
    /** Before a transaction is executed; false: it never arrives, as the process died on the way. */
    onSend: () => boolean;
    /** Executed, and not answered yet. */
    onSent: () => void;
    onRequest: () => void;
};

/** The cluster's RPC on a socket, which sees every transaction before and after it is executed. */
export async function startRpcFront(cluster: Pick<SimulatedCluster, 'fetch'>, hooks: SendHooks) {
    const server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('error', () => response.destroy());
        request.on('end', async () => {
            const body = Buffer.concat(chunks).toString('utf8');
            const isSend = body.includes('"sendTransaction"');
            hooks.onRequest();
            if (isSend && !hooks.onSend()) return void response.destroy();
            const answer = await cluster.fetch('http://cluster', { method: 'POST', body });
            const text = await answer.text();
            if (isSend) hooks.onSent();
            response.setHeader('content-type', 'application/json').end(text);
        });
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
