import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SimulatedCluster } from '@ocm/cluster';

export type SendHooks = {
    /**
     * Before a transaction is executed. `drop`: it never arrives, as its sender died on the way; `hold`: it arrives right after
     * the next one, when another life of its sender has begun to act by what it sees.
     */
    onSend: () => 'pass' | 'drop' | 'hold';
    /** Executed, and not answered yet. */
    onSent: () => void;
    /** `outage`: nobody answers; `limited`: too many requests. */
    onRequest: () => 'outage' | 'limited' | undefined;
};

/** The cluster's RPC on a socket, which sees every transaction before and after it is executed. */
export async function startRpcFront(cluster: Pick<SimulatedCluster, 'fetch'>, hooks: SendHooks) {
    const held: string[] = [];
    const execute = (body: string) => cluster.fetch('http://cluster', { method: 'POST', body });
    const server = createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on('data', (chunk: Buffer) => chunks.push(chunk));
        request.on('error', () => response.destroy());
        request.on('end', async () => {
            const body = Buffer.concat(chunks).toString('utf8');
            const isSend = body.includes('"sendTransaction"');
            const trouble = hooks.onRequest();
            if (trouble === 'outage') return void response.destroy();
            if (trouble === 'limited') return void response.writeHead(429, { 'retry-after': '1' }).end();
            const fate = isSend ? hooks.onSend() : 'pass';
            if (fate === 'hold') held.push(body);
            if (fate !== 'pass') return void response.destroy();
            const text = await (await execute(body)).text();
            if (isSend) {
                hooks.onSent();
                for (const late of held.splice(0)) await execute(late);
            }
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
