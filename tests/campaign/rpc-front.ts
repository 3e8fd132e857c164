import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatedCluster } from '@ocm/cluster';

export type SendHooks = {
    /**
     * Before a transaction is executed. `drop`: it never arrives, as its sender died on the way; a number: it arrives so many
     * milliseconds later, when another life of its sender may be busy with the same.
     */
    onSend: () => 'pass' | 'drop' | number;
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
            const fate = isSend ? hooks.onSend() : 'pass';
            const pass = () => cluster.fetch('http://cluster', { method: 'POST', body });
            if (fate !== 'pass') {
                if (fate !== 'drop') setTimeout(() => void pass(), fate);
                return void response.destroy();
            }
            const answer = await pass();
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
