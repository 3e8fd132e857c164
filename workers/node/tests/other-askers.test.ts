import { createHash } from 'node:crypto';
import dgram from 'node:dgram';
import { REDIRECTION_PATH, REDIRECTION_REQUEST_TYPE } from '@ocm/sdk/http';
import dnsPacket, { type DecodedPacket, type Packet } from 'dns-packet';
import { afterEach, describe, expect, it } from 'vitest';
import { ask, Cleanup, createWorld, named, startTestNode } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const SECRET = 'a secret of the upstream';
const BEACON = { node: named('beacon').address, host: '127.2.0.9', port: 8080 };

async function startCast() {
    const world = createWorld();
    const node = await startTestNode({
        world,
        role: 'cast',
        parentUrl: 'http://www.provider.example',
        config: {
            beacons: [BEACON],
            dns: {
                listen: { port: 0 },
                zone: 'cdn.example',
                names: ['live.cdn.example'],
                nameServers: ['ns1.cdn.example'],
                hostmaster: 'hostmaster.cdn.example',
            },
            redirection: {
                providerId: 'AS64500:ocm',
                upstreams: [
                    {
                        name: 'uCDN',
                        tokenSha256: createHash('sha256').update(SECRET).digest('hex'),
                        hosts: ['www.example.com', 'live.cdn.example'],
                    },
                ],
            },
        },
        deps: { health: { isHealthy: () => true, close: async () => undefined } },
    });
    cleanup.add(() => node.stop());
    return { node, relay: world.relays[0]?.address };
}
/** Of the subnet that a resolver tells. */
async function resolve(port: number, subnet: string, sourcePrefixLength: number): Promise<DecodedPacket['answers']> {
    const data = Buffer.from([
        0,
        1,
        sourcePrefixLength,
        0,
        ...subnet
            .split('.')
            .slice(0, sourcePrefixLength / 8)
            .map(Number),
    ]);
    const query = dnsPacket.encode({
        type: 'query',
        id: 1,
        questions: [{ type: 'A', name: 'live.cdn.example', class: 'IN' }],
        additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 1232, flags: 0, options: [{ code: 8, data }] }],
    } as Packet);
    const socket = dgram.createSocket('udp4');
    const reply = new Promise<Buffer>((done) => socket.once('message', done));
    socket.send(query, port, '127.0.0.1');
    const { answers } = dnsPacket.decode(await reply);
    socket.close();
    return answers;
}

describe('a CAST', () => {
    it('answers resolvers by the subnet of the viewer: a RELAY that covers it, else traditional delivery', async () => {
        const { node } = await startCast();
        const port = node.dnsPort ?? expect.fail('no DNS');
        expect(await resolve(port, '127.2.0.0', 24)).toMatchObject([{ type: 'A', data: '127.0.0.1', ttl: 20 }]);
        expect(await resolve(port, '198.51.100.0', 24)).toMatchObject([
            { type: 'CNAME', data: 'www.provider.example' },
        ]);
        const metrics = (await ask(node.url, '/metrics')).body.toString();
        expect(metrics).toMatch(/^ocm_node_dns_answered_total\{[^}]*\} 2$/m);
        for (const none of ['limited', 'malformed', 'failed'])
            expect(metrics).toMatch(new RegExp(`^ocm_node_dns_${none}_total\\{[^}]*\\} 0$`, 'm'));
    });
    it('names a BEACON only to who asks for its whole address', async () => {
        const { node } = await startCast();
        const port = node.dnsPort ?? expect.fail('no DNS');
        expect(await resolve(port, '127.2.0.9', 32)).toMatchObject([{ data: BEACON.host }]);
        expect(await resolve(port, '127.2.0.9', 24)).toMatchObject([{ data: '127.0.0.1' }]);
    });
    it('answers upstream CDNs by the same decision', async () => {
        const { node, relay } = await startCast();
        const redirect = async (address: string) => {
            const http = {
                'c-ip': address,
                'cs-uri': 'http://www.example.com/a',
                'cs-method': 'GET',
                'cs-version': 'HTTP/1.1',
            };
            const { body } = await ask(node.url, REDIRECTION_PATH, {
                method: 'POST',
                headers: { 'content-type': REDIRECTION_REQUEST_TYPE, authorization: `Bearer ${SECRET}` },
                body: JSON.stringify({ http, 'cdn-path': ['AS64496:0'] }),
            });
            return JSON.parse(body.toString());
        };
        const viewer = await ask(node.url, '/a', { localAddress: '127.2.0.1' });
        expect(viewer.headers['ocm-node']).toBe(relay);
        expect((await redirect('127.2.0.1')).http['sc-(location)']).toBe(viewer.headers.location);
        expect((await redirect(BEACON.host)).http['sc-(location)']).toBe('http://127.2.0.9:8080/a');
        expect((await redirect('198.51.100.1')).error['error-code']).toBe(504);
    });
});
