import dgram from 'node:dgram';
import net from 'node:net';
import dnsPacket, { type DecodedPacket, type Packet } from 'dns-packet';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { dnsConfig } from '../src/dns/dns-config.js';
import { type DnsServer, type DnsServerOptions, startDnsServer } from '../src/dns/dns-server.js';
import { Cleanup, silent, until } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const routeByAddress: DnsServerOptions['route'] = (address) => ({
    kind: 'node',
    addresses: [address === '127.0.0.1' ? '192.0.2.1' : '192.0.2.2'],
});
async function start(
    change: Record<string, unknown> = {},
    tcp: DnsServerOptions['tcp'] = {},
    route = routeByAddress,
): Promise<DnsServer> {
    const server = await startDnsServer({
        config: dnsConfig.parse({
            listen: { port: 0 },
            zone: 'cdn.example',
            names: ['live.cdn.example'],
            nameServers: ['ns1.cdn.example'],
            hostmaster: 'hostmaster.cdn.example',
            ...change,
        }),
        route,
        log: silent,
        tcp,
    });
    cleanup.add(() => server.close());
    return server;
}
const question = (name = 'live.cdn.example'): Packet => ({
    type: 'query',
    id: 11,
    questions: [{ type: 'A', name, class: 'IN' }],
});

/** What comes back: as many replies as are expected, and what else there is within a while. */
async function udp({ port }: DnsServer, messages: Buffer[], expected = messages.length): Promise<DecodedPacket[]> {
    const socket = dgram.createSocket('udp4');
    const replies: DecodedPacket[] = [];
    socket.on('message', (message) => replies.push(dnsPacket.decode(message)));
    for (const message of messages) socket.send(message, port, '127.0.0.1');
    await until(() => replies.length >= expected, 'replies');
    if (expected < messages.length) await new Promise((resolve) => setTimeout(resolve, 300));
    await new Promise<void>((resolve) => socket.close(() => resolve()));
    return replies;
}
function tcp({ port }: DnsServer, bytes: Buffer, expected: number): Promise<DecodedPacket[]> {
    return new Promise((resolve, reject) => {
        const socket = net.connect(port, '127.0.0.1', () => socket.write(bytes));
        let held = Buffer.alloc(0);
        const replies: DecodedPacket[] = [];
        socket.on('data', (chunk) => {
            held = Buffer.concat([held, chunk]);
            while (held.length >= 2 && held.length >= 2 + held.readUInt16BE(0)) {
                const end = 2 + held.readUInt16BE(0);
                replies.push(dnsPacket.decode(held.subarray(2, end)));
                held = held.subarray(end);
            }
            if (replies.length === expected) socket.end();
        });
        socket.on('error', reject);
        socket.on('close', () => resolve(replies));
    });
}

describe('the DNS server', () => {
    it('answers over UDP and over TCP on one port, several questions on one connection', async () => {
        const server = await start();
        const [reply] = await udp(server, [dnsPacket.encode(question())]);
        expect(reply).toMatchObject({ id: 11, answers: [{ type: 'A', data: '192.0.2.1' }] });
        const stream = Buffer.concat(
            [question(), question('nowhere.cdn.example')].map((one) => dnsPacket.streamEncode(one)),
        );
        const replies = await tcp(server, stream, 2);
        expect(replies.map((one) => (one as DecodedPacket & { rcode: string }).rcode)).toEqual(['NOERROR', 'NXDOMAIN']);
    });
    it('answers nothing to rubbish and to answers, and stays', async () => {
        const server = await start();
        const answer = dnsPacket.encode({ ...question(), type: 'response' });
        const loop = Buffer.from('000b01000001000000000000c00c00010001', 'hex');
        const rubbish = [
            Buffer.alloc(0),
            Buffer.from('x'),
            Buffer.alloc(12, 255),
            Buffer.alloc(4_000, 7),
            answer,
            loop,
        ];
        expect(await udp(server, rubbish, 0)).toEqual([]);
        await until(() => server.counters.malformed >= rubbish.length, 'all of it seen');
        expect(server.counters.malformed).toBe(rubbish.length);
        expect(await udp(server, [dnsPacket.encode(question())])).toHaveLength(1);
    });
    it.each<[string, Partial<dgram.RemoteInfo>, 'malformed' | 'failed']>([
        ['port 0, to which nothing can be sent', { address: '127.0.0.1', port: 0 }, 'malformed'],
        // As a VLAN is named; the library for addresses takes letters and digits only.
        ['an interface with an odd name', { address: 'fe80::1%eth0.100', port: 4_242 }, 'failed'],
    ])('takes a question from %s, and stays', async (_, from, count) => {
        const create = vi.spyOn(dgram, 'createSocket');
        const server = await start();
        const socket = create.mock.results[0]?.value as dgram.Socket;
        create.mockRestore();
        // No such datagram can be sent without root; an error thrown here would have ended the process.
        expect(() => socket.emit('message', dnsPacket.encode(question()), from)).not.toThrow();
        expect(server.counters[count]).toBe(1);
        expect(await udp(server, [dnsPacket.encode(question())])).toHaveLength(1);
    });
    it('stays if a question cannot be decided, over UDP and over TCP', async () => {
        let failures = 2;
        const server = await start({}, {}, (...asker) => {
            failures -= 1;
            if (failures >= 0) throw new Error('no decision');
            return routeByAddress(...asker);
        });
        expect(await udp(server, [dnsPacket.encode(question())], 0)).toEqual([]);
        expect(await tcp(server, dnsPacket.streamEncode(question()), 1)).toEqual([]);
        expect(server.counters.failed).toBe(2);
        expect(await udp(server, [dnsPacket.encode(question())])).toHaveLength(1);
        expect(await tcp(server, dnsPacket.streamEncode(question()), 1)).toHaveLength(1);
    });
    it('closes connections that say too much, too little or nothing', async () => {
        const server = await start({}, { idleMs: 100, mostQuestions: 3 });
        expect(await tcp(server, Buffer.from('ffff', 'hex'), 1)).toEqual([]);
        expect(await tcp(server, Buffer.from('0003aaaaaa', 'hex'), 1)).toEqual([]);
        expect(await tcp(server, Buffer.from('00', 'hex'), 1)).toEqual([]);
        const many = Buffer.concat(Array.from({ length: 5 }, () => dnsPacket.streamEncode(question())));
        expect(await tcp(server, many, 5)).toHaveLength(3);
    });
    it('never sends a forged address more than its share, and never more than was asked by much', async () => {
        const server = await start({ answersPerSecond: 5 });
        const replies = await udp(
            server,
            Array.from({ length: 40 }, () => dnsPacket.encode(question())),
            5,
        );
        const whole = replies.filter(({ flag_tc }) => !flag_tc);
        expect(whole.length).toBeLessThanOrEqual(8);
        expect(replies.filter(({ flag_tc }) => flag_tc).every(({ answers }) => answers?.length === 0)).toBe(true);
        expect(replies.length).toBeLessThan(30);
        expect(server.counters.limited).toBeGreaterThan(25);
    });
});
