import dgram from 'node:dgram';
import net from 'node:net';
import dnsPacket, { type DecodedPacket, type Packet } from 'dns-packet';
import type { NodeLog } from '../ports.js';
import { type AnswerInput, answerQuery, UDP_PAYLOAD_BYTES } from './answer.js';
import type { DnsConfig } from './dns-config.js';
import { ResponseRateLimit } from './rate-limit.js';
import { serveTcp, type TcpOptions } from './tcp.js';
import { Zone } from './zone.js';

/** Without EDNS (RFC 1035 4.2.1). */
const PLAIN_UDP_BYTES = 512;
const HEADER_BYTES = 12;
const MOST_CONNECTIONS = 200;
const IS_RESPONSE = 0x80;

export interface DnsServerOptions {
    config: DnsConfig;
    route: AnswerInput['route'];
    log: NodeLog;
    tcp?: Partial<TcpOptions>;
}
export interface DnsCounters {
    /** Questions that were answered, also that there is no such name. */
    answered: number;
    /** Datagrams of addresses that ask too much: cut short or dropped. */
    limited: number;
    malformed: number;
    /** Questions whose answer could not be made or sent. */
    failed: number;
}
export interface DnsServer {
    port: number;
    counters: DnsCounters;
    close(): Promise<void>;
}

/** Serves one zone over UDP and TCP on the same port. */
export async function startDnsServer({ config, route, log, tcp = {} }: DnsServerOptions): Promise<DnsServer> {
    const zone = new Zone(config);
    const limit = new ResponseRateLimit(config.answersPerSecond);
    const counters: DnsCounters = { answered: 0, limited: 0, malformed: 0, failed: 0 };
    // The process routes viewers too: what throws out of a listener would end it, and with it all of that.
    const orNothing = <T>(attempt: () => T): T | null => {
        try {
            return attempt();
        } catch (error) {
            counters.failed += 1;
            log.debug({ err: error }, 'DNS question not answered');
            return null;
        }
    };
    const answer = (message: Buffer, from: string): { query: DecodedPacket; packet: Packet } | null => {
        const query = decode(message);
        if (query === null) {
            counters.malformed += 1;
            return null;
        }
        const packet = answerQuery({ query, from, zone, route });
        counters.answered += 1;
        return { query, packet };
    };
    const { host } = config.listen;
    const open = new Set<net.Socket>();
    const server = net.createServer((socket) => {
        open.add(socket.once('close', () => open.delete(socket)));
        serveTcp(socket, { ...tcp, answer: (message, from) => orNothing(() => toTcp(answer(message, from)?.packet)) });
    });
    server.maxConnections = MOST_CONNECTIONS;
    const port = await listenTcp(server, host, config.listen.port);
    const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4');
    socket.on('error', (error) => log.error({ err: error }, 'DNS socket failed'));
    const answerUdp = (message: Buffer, { address, port: to }: dgram.RemoteInfo): void => {
        // Nothing can be sent there (RFC 768: whoever sends from it wants no reply).
        if (to === 0) {
            counters.malformed += 1;
            return;
        }
        const verdict = limit.judge(address);
        if (verdict !== 'answer') counters.limited += 1;
        const reply = verdict === 'drop' ? null : answer(message, address);
        if (reply === null) return;
        socket.send(toUdp(reply.query, verdict === 'truncate' ? cut(reply.packet) : reply.packet), to, address);
    };
    socket.on('message', (message, from) => orNothing(() => answerUdp(message, from)));
    await new Promise<void>((resolve, reject) => {
        socket.once('error', reject);
        socket.bind(port, host, resolve);
    });
    return {
        port,
        counters,
        close: async () => {
            await new Promise<void>((resolve) => socket.close(() => resolve()));
            const closed = new Promise<void>((resolve) => {
                server.close(() => resolve());
            });
            for (const connection of open) connection.destroy();
            await closed;
        },
    };
}

/** Null for what is no question: answering answers would let two servers talk for ever. */
function decode(message: Buffer): DecodedPacket | null {
    if (message.length < HEADER_BYTES || ((message[2] ?? 0) & IS_RESPONSE) !== 0) return null;
    try {
        return dnsPacket.decode(message);
    } catch {
        return null;
    }
}

const cut = (packet: Packet): Packet => ({
    ...packet,
    flags: (packet.flags ?? 0) | dnsPacket.TRUNCATED_RESPONSE,
    answers: [],
    authorities: [],
});

function toUdp(query: DecodedPacket, packet: Packet): Buffer {
    const opt = query.additionals?.find(({ type }) => type === 'OPT');
    const offered = opt !== undefined && 'udpPayloadSize' in opt ? opt.udpPayloadSize : PLAIN_UDP_BYTES;
    const most = Math.min(UDP_PAYLOAD_BYTES, Math.max(PLAIN_UDP_BYTES, offered));
    const encoded = dnsPacket.encode(packet);
    return encoded.length <= most ? encoded : dnsPacket.encode(cut(packet));
}

const toTcp = (packet: Packet | undefined): Buffer | null =>
    packet === undefined ? null : dnsPacket.streamEncode(packet);

function listenTcp(server: net.Server, host: string, port: number): Promise<number> {
    return new Promise((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
            const bound = server.address();
            resolve(bound === null || typeof bound === 'string' ? port : bound.port);
        });
    });
}
