import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export type RpcAnswer = (params: unknown[]) => unknown;
export type RpcCall = { method: string; params: unknown[] };

/**
 * A JSON-RPC endpoint that answers by script: for what no real cluster does on demand (losing a transaction, expiring a
 * blockhash). A method that is not in the script answers -32601, as a cluster does for what it does not know.
 */
export async function startRpcScript(script: Record<string, RpcAnswer>) {
    const calls: RpcCall[] = [];
    const server: Server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const {
            id,
            method,
            params = [],
        } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as RpcCall & { id: unknown };
        calls.push({ method, params });
        const answer = script[method];
        const body =
            answer === undefined
                ? { jsonrpc: '2.0', id, error: { code: -32601, message: 'Method not found' } }
                : { jsonrpc: '2.0', id, result: answer(params) };
        response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        calls,
        count: (method: string) => calls.filter((call) => call.method === method).length,
        close: () =>
            new Promise<void>((resolve) => {
                server.close(() => resolve());
                server.closeAllConnections();
            }),
    };
}
