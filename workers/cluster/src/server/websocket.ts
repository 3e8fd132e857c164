import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import {
    MAX_WEBSOCKET_BACKLOG_BYTES,
    MAX_WEBSOCKET_CONNECTIONS,
    MAX_WEBSOCKET_MESSAGE_BYTES,
    WEBSOCKET_PING_INTERVAL_MS,
} from '../limits.js';
import type { SubscriptionHub } from '../pubsub/hub.js';
import type { Sink } from '../pubsub/subscription.js';

/** Pubsub over WebSocket, for as many HTTP servers as it is attached to. */
export class PubsubServer {
    private readonly server = new WebSocketServer({
        noServer: true,
        maxPayload: MAX_WEBSOCKET_MESSAGE_BYTES,
        perMessageDeflate: false,
    });
    private readonly alive = new WeakSet<WebSocket>();
    private readonly heartbeat: NodeJS.Timeout;

    constructor(private readonly hub: SubscriptionHub) {
        this.server.on('connection', (socket) => this.accept(socket));
        this.heartbeat = setInterval(() => this.dropDeadConnections(), WEBSOCKET_PING_INTERVAL_MS);
        this.heartbeat.unref();
    }

    attach(server: Server): void {
        server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
            if (this.server.clients.size >= MAX_WEBSOCKET_CONNECTIONS) {
                socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n');
                return;
            }
            this.server.handleUpgrade(request, socket, head, (client) =>
                this.server.emit('connection', client, request),
            );
        });
    }

    close(): void {
        clearInterval(this.heartbeat);
        for (const client of this.server.clients) client.terminate();
        this.server.close();
    }

    private accept(socket: WebSocket): void {
        const sink: Sink = {
            send: (text) => {
                if (socket.bufferedAmount > MAX_WEBSOCKET_BACKLOG_BYTES) socket.terminate();
                else if (socket.readyState === socket.OPEN) socket.send(text);
            },
        };
        this.alive.add(socket);
        socket.on('pong', () => this.alive.add(socket));
        socket.on('message', (message) => {
            const reply = this.hub.handleText(sink, message.toString());
            if (reply !== undefined) sink.send(reply);
        });
        socket.on('close', () => this.hub.disconnect(sink));
        // Protocol errors of a client (too large, not UTF-8) close its connection; 'close' follows.
        socket.on('error', () => socket.terminate());
    }

    private dropDeadConnections(): void {
        for (const client of this.server.clients) {
            if (this.alive.delete(client)) client.ping();
            else client.terminate();
        }
    }
}
