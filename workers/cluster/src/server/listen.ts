import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { SubscriptionHub } from '../pubsub/hub.js';
import type { Dispatcher } from '../rpc/dispatcher.js';
import { createRpcServer, createWebsocketOnlyServer, type RpcServerOptions } from './http.js';
import { PubsubServer } from './websocket.js';

export interface ListenOptions {
    readonly host: string;
    /** 0 takes any free port; WebSockets are then on that port alone. */
    readonly port: number;
}

export interface ListeningCluster {
    readonly rpcUrl: string;
    readonly wsUrl: string;
    readonly port: number;
    close(): Promise<void>;
}

/** A port cannot be listened on; the message names it and the remedy. */
export class PortUnavailableError extends Error {
    override readonly name = 'PortUnavailableError';
}

function explain(error: NodeJS.ErrnoException, host: string, port: number, isWebsocket: boolean): Error {
    const what = isWebsocket ? `port ${port} (WebSocket, always the RPC port + 1)` : `port ${port}`;
    if (error.code === 'EADDRINUSE') {
        return new PortUnavailableError(
            `${what} on ${host} is in use by another process; stop that process or choose another with --rpc-port`,
        );
    }
    if (error.code === 'EACCES') {
        return new PortUnavailableError(`${what} on ${host} needs privileges; choose one above 1023 with --rpc-port`);
    }
    if (error.code === 'EADDRNOTAVAIL') {
        return new PortUnavailableError(`${host} is no address of this machine; choose another with --host`);
    }
    return error;
}

function start(server: Server, host: string, port: number, isWebsocket: boolean): Promise<number> {
    return new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => reject(explain(error, host, port, isWebsocket)));
        server.listen({ host, port, exclusive: true }, () => {
            server.removeAllListeners('error');
            resolve((server.address() as AddressInfo).port);
        });
    });
}

function stop(server: Server): Promise<void> {
    return new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
    });
}

/** Serves a cluster on sockets. Throws PortUnavailableError, with nothing left listening. */
export async function listen(
    dispatcher: Dispatcher,
    hub: SubscriptionHub,
    { host, port, trustRemote }: ListenOptions & RpcServerOptions,
): Promise<ListeningCluster> {
    const pubsub = new PubsubServer(hub);
    const servers: Server[] = [];
    try {
        const rpc = createRpcServer(dispatcher, { trustRemote });
        pubsub.attach(rpc);
        const actual = await start(rpc, host, port, false);
        servers.push(rpc);
        if (port !== 0) {
            const websocketOnly = createWebsocketOnlyServer();
            pubsub.attach(websocketOnly);
            await start(websocketOnly, host, port + 1, true);
            servers.push(websocketOnly);
        }
        const authority = `${host.includes(':') ? `[${host}]` : host}:${actual}`;
        return {
            rpcUrl: `http://${authority}`,
            wsUrl: `ws://${authority}`,
            port: actual,
            close: async () => {
                pubsub.close();
                await Promise.all(servers.map(stop));
            },
        };
    } catch (error) {
        pubsub.close();
        await Promise.all(servers.map(stop));
        throw error;
    }
}
