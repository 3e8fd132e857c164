import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface RpcCall {
    readonly method: string;
    readonly params: readonly unknown[];
}
/** Gives a status to answer with, or a change to the node's answer, or nothing. */
export type Meddle = (call: RpcCall) => number | ((result: unknown) => unknown) | undefined | Promise<undefined>;

export interface RpcProxy {
    readonly url: string;
    readonly calls: RpcCall[];
    meddle: Meddle;
    close(): Promise<void>;
}

async function readAll(request: IncomingMessage): Promise<string> {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    return text;
}

/** A proxy on a socket in front of a real RPC: it passes on, leaves out, delays or refuses. */
export async function startRpcProxy(rpcUrl: string): Promise<RpcProxy> {
    const calls: RpcCall[] = [];
    const answer = async (request: IncomingMessage, response: ServerResponse) => {
        const body = await readAll(request);
        const call = JSON.parse(body) as RpcCall;
        calls.push(call);
        const meddled = await proxy.meddle(call);
        if (typeof meddled === 'number') {
            response.writeHead(meddled, { 'content-type': 'text/plain' }).end('no');
            return;
        }
        const headers = { 'content-type': 'application/json' };
        const upstream = await fetch(rpcUrl, { method: 'POST', headers, body });
        let text = await upstream.text();
        if (meddled !== undefined) {
            const reply = JSON.parse(text) as { result: unknown };
            text = JSON.stringify({ ...reply, result: meddled(reply.result) });
        }
        response.writeHead(upstream.status, headers).end(text);
    };
    const server = createServer((request, response) => {
        answer(request, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy: RpcProxy = {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        calls,
        meddle: () => undefined,
        close: async () => {
            server.closeAllConnections();
            await new Promise((resolve) => server.close(resolve));
        },
    };
    return proxy;
}
