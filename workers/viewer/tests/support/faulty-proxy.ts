import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What happens to a request instead of, or to, the origin's answer. */
export type Fault =
    | { kind: 'drop' }
    | { kind: 'cut'; afterBytes: number }
    | { kind: 'status'; status: number }
    | { kind: 'redirect'; location: string; headers?: Record<string, string> }
    | { kind: 'replace'; change: (body: Uint8Array) => Uint8Array };

export type FaultyProxy = {
    url: string;
    /** Paths in the order of arrival. */
    paths: string[];
    /** Addresses that requests came from. */
    addresses: Set<string>;
    close(): Promise<void>;
};

/** A proxy in front of a real origin that does to chosen requests what networks and hosts do on bad days. */
export async function startFaultyProxy(
    originUrl: string,
    faultOf: (path: string, nth: number) => Fault | undefined,
): Promise<FaultyProxy> {
    const paths: string[] = [];
    const addresses = new Set<string>();
    const handle = async (request: IncomingMessage, response: ServerResponse) => {
        const path = request.url ?? '/';
        paths.push(path);
        addresses.add(request.socket.remoteAddress ?? '');
        const fault = faultOf(path, paths.filter((seen) => seen === path).length);
        if (fault?.kind === 'drop') return void request.socket.destroy();
        if (fault?.kind === 'status') return void response.writeHead(fault.status).end();
        if (fault?.kind === 'redirect')
            return void response.writeHead(302, { location: fault.location, ...fault.headers }).end();
        const session = request.headers['ocm-session'];
        const sentBody = Buffer.concat(await request.toArray());
        const answer = await fetch(originUrl + path, {
            method: request.method ?? 'GET',
            headers: {
                ...(typeof session === 'string' ? { 'ocm-session': session } : {}),
                ...(sentBody.length > 0 ? { 'content-type': 'application/json' } : {}),
            },
            ...(sentBody.length > 0 ? { body: sentBody } : {}),
        });
        const body = new Uint8Array(await answer.arrayBuffer());
        const sent = fault?.kind === 'replace' ? fault.change(body) : body;
        response.writeHead(answer.status, { 'content-length': sent.byteLength });
        if (fault?.kind !== 'cut') return void response.end(sent);
        response.write(sent.subarray(0, fault.afterBytes), () => request.socket.destroy());
    };
    const server = createServer((request, response) => {
        handle(request, response).catch(() => request.socket.destroy());
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (typeof address !== 'object' || address === null) throw new Error('no address');
    return {
        url: `http://127.0.0.1:${address.port}`,
        paths,
        addresses,
        close: async () => {
            server.closeAllConnections();
            server.close();
            await once(server, 'close');
        },
    };
}
