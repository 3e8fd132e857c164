import dnsPacket, { type DecodedPacket, type Packet } from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { answerQuery } from '../src/dns/answer.js';
import { parseClientSubnet } from '../src/dns/client-subnet.js';
import { dnsConfig } from '../src/dns/dns-config.js';
import { ResponseRateLimit } from '../src/dns/rate-limit.js';
import { type DnsTarget, Zone } from '../src/dns/zone.js';

const config = dnsConfig.parse({
    listen: { port: 0 },
    zone: 'cdn.example',
    names: ['live.cdn.example', 'a.b.cdn.example'],
    nameServers: ['ns1.cdn.example', 'ns2.cdn.example'],
    hostmaster: 'hostmaster.cdn.example',
});
const zone = new Zone(config);
const NODE: DnsTarget = { kind: 'node', addresses: ['192.0.2.7', '2001:db8::7'] };

interface Ask {
    name?: string;
    type?: 'A' | 'AAAA' | 'TXT' | 'SOA' | 'NS' | 'HTTPS';
    subnet?: Buffer;
    target?: DnsTarget;
    change?: Partial<DecodedPacket> & { opcode?: string };
}
/** Through the wire form and back, as a resolver would see it. */
function ask({ name = 'live.cdn.example', type = 'A', subnet, target = NODE, change = {} }: Ask) {
    const seen: [string, boolean][] = [];
    const options = subnet === undefined ? [] : [{ code: 8, data: subnet }];
    const additionals = [{ type: 'OPT', name: '.', udpPayloadSize: 4096, flags: 0, options }];
    const packet = { type: 'query', id: 7, flags: 1 << 8, questions: [{ type, name, class: 'IN' }], additionals };
    const query = { ...dnsPacket.decode(dnsPacket.encode(packet as Packet)), ...change };
    const route = (address: string, isExact: boolean): DnsTarget => {
        seen.push([address, isExact]);
        return target;
    };
    const reply = dnsPacket.decode(
        dnsPacket.encode(answerQuery({ query: query as DecodedPacket, from: '198.51.100.53', zone, route })),
    ) as DecodedPacket & { rcode: string };
    const opt = reply.additionals?.find(({ type: kind }) => kind === 'OPT');
    const told =
        opt !== undefined && 'options' in opt ? (opt.options as { scopePrefixLength?: number }[])[0] : undefined;
    const data = (reply.answers ?? []).map((answer) => ('data' in answer ? answer.data : undefined));
    return { ...reply, seen, data, scope: told?.scopePrefixLength };
}
const subnetOf = (family: number, source: number, bytes: number[], scope = 0): Buffer =>
    Buffer.from([0, family, source, scope, ...bytes]);

describe('the answer to a question', () => {
    it('is the node of the resolver where no client subnet is told', () => {
        const reply = ask({});
        expect([reply.rcode, reply.data, reply.flag_aa, reply.id]).toEqual(['NOERROR', ['192.0.2.7'], true, 7]);
        expect(reply.seen).toEqual([['198.51.100.53', false]]);
        expect(reply.answers?.[0]).toMatchObject({ name: 'live.cdn.example', ttl: 20 });
    });
    it('is the node of the client subnet, and holds for just that subnet', () => {
        const reply = ask({ type: 'AAAA', subnet: subnetOf(1, 24, [203, 0, 113]) });
        expect([reply.data, reply.seen, reply.scope]).toEqual([['2001:db8::7'], [['203.0.113.0', false]], 24]);
        const whole = ask({ subnet: subnetOf(2, 128, [0x20, 1, 0xd, 0xb8, ...Array(11).fill(0), 9]) });
        expect([whole.seen, whole.scope]).toEqual([[['2001:db8::9', true]], 128]);
    });
    it('is by the resolver where the client asks not to be told of', () => {
        const reply = ask({ subnet: subnetOf(1, 0, []) });
        expect([reply.rcode, reply.seen, reply.scope]).toEqual(['NOERROR', [['198.51.100.53', false]], 0]);
    });
    it.each([
        ['a prefix longer than the family', subnetOf(1, 33, [1, 2, 3, 4, 0])],
        ['bits beyond the prefix', subnetOf(1, 20, [203, 0, 113])],
        ['more bytes than the prefix needs', subnetOf(1, 8, [203, 0])],
        ['fewer bytes than the prefix needs', subnetOf(2, 56, [0x20, 1])],
        ['a scope in a question', subnetOf(1, 8, [203], 8)],
        ['an unknown family', subnetOf(3, 8, [203])],
        ['a cut option', Buffer.from([0, 1])],
    ])('is FORMERR to %s', (_, subnet) => {
        if (subnet.length < 4) expect(parseClientSubnet(subnet)).toBeNull();
        else expect(ask({ subnet })).toMatchObject({ rcode: 'FORMERR', seen: [] });
    });
    it('leads to traditional delivery by its name', () => {
        const reply = ask({ target: { kind: 'alias', name: 'www.provider.example' } });
        expect(reply.answers).toMatchObject([{ type: 'CNAME', data: 'www.provider.example' }]);
    });
    it('keeps the letters of the name as they came', () => {
        const reply = ask({ name: 'LiVe.cDn.eXaMpLe' });
        expect([reply.rcode, reply.answers?.[0]?.name]).toEqual(['NOERROR', 'LiVe.cDn.eXaMpLe']);
    });
    it('says that there is no such record, or no such name, and for how long', () => {
        const cases: [Ask, string][] = [
            [{ type: 'TXT' }, 'NOERROR'],
            [{ type: 'HTTPS' }, 'NOERROR'],
            [{ name: 'b.cdn.example' }, 'NOERROR'],
            [{ name: 'cdn.example' }, 'NOERROR'],
            [{ name: 'other.cdn.example' }, 'NXDOMAIN'],
            [{ type: 'AAAA', target: { kind: 'node', addresses: ['192.0.2.7'] } }, 'NOERROR'],
        ];
        for (const [question, rcode] of cases) {
            const reply = ask(question);
            expect([reply.rcode, reply.answers]).toEqual([rcode, []]);
            expect(reply.authorities).toMatchObject([{ type: 'SOA', name: 'cdn.example', data: { minimum: 20 } }]);
        }
    });
    it('has the zone its own records', () => {
        expect(ask({ name: 'cdn.example', type: 'NS' }).data).toEqual(['ns1.cdn.example', 'ns2.cdn.example']);
        expect(ask({ name: 'cdn.example', type: 'SOA' }).answers).toMatchObject([{ type: 'SOA' }]);
    });
    it('refuses what is not asked of this server', () => {
        expect(ask({ name: 'live.cdn.example.org' })).toMatchObject({ rcode: 'REFUSED', flag_aa: false });
        expect(ask({ change: { opcode: 'UPDATE' } }).rcode).toBe('NOTIMP');
        expect(ask({ change: { questions: [] } }).rcode).toBe('FORMERR');
        const two = [0, 1].map(() => ({ type: 'A' as const, name: 'live.cdn.example', class: 'IN' as const }));
        expect(ask({ change: { questions: two } }).rcode).toBe('FORMERR');
    });
});

describe('a client subnet', () => {
    it('of any bytes is read or refused, and what is read has its bits within its prefix', () => {
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: 24 }), (bytes) => {
                const subnet = parseClientSubnet(Buffer.from(bytes));
                if (subnet === null || subnet === undefined) return;
                expect(subnet.sourcePrefixLength).toBeLessThanOrEqual(subnet.family === 1 ? 32 : 128);
                expect(subnet.address.includes(':')).toBe(subnet.family === 2);
            }),
        );
    });
});

describe('the limit of answers', () => {
    it('bounds what one network gets, cuts every second one beyond it short, and forgets with time', () => {
        const clock = { ms: 0 };
        const limit = new ResponseRateLimit(10, () => clock.ms);
        const verdicts = Array.from({ length: 14 }, (_, index) => limit.judge(`203.0.113.${index}`));
        expect(verdicts).toEqual([...Array(10).fill('answer'), 'drop', 'truncate', 'drop', 'truncate']);
        expect(limit.judge('203.0.114.1')).toBe('answer');
        expect(limit.judge('2001:db8:0:1ff::1')).toBe('answer');
        clock.ms = 500;
        expect(
            Array.from({ length: 6 }, () => limit.judge('203.0.113.1')).filter((is) => is === 'answer'),
        ).toHaveLength(5);
    });
});

describe('the config', () => {
    it('names what is wrong', () => {
        const wrong = dnsConfig.safeParse({ ...config, names: ['live.cdn.example.org'] });
        expect(wrong.error?.issues[0]?.message).toContain('zone cdn.example');
        expect(dnsConfig.safeParse({ ...config, zone: 'no zone' }).success).toBe(false);
    });
});
