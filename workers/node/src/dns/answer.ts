import dnsPacket, { type Answer, type DecodedPacket, type Packet, type Question } from 'dns-packet';
import { type ClientSubnet, encodeClientSubnet, isClientSubnet, parseClientSubnet } from './client-subnet.js';
import type { DnsTarget, Zone } from './zone.js';

/** What fits through every path without fragments (DNS flag day 2020). */
export const UDP_PAYLOAD_BYTES = 1_232;
const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
type Rcode = keyof typeof RCODES;
/** Of the extended code, whose upper bits stand in the OPT record (RFC 6891 6.1.3). */
const BADVERS_UPPER_BITS = 1;

/** The library decodes the operation, its types do not say so. */
export type Query = DecodedPacket & { opcode?: string };

export interface AnswerInput {
    query: Query;
    /** Address of the resolver. */
    from: string;
    zone: Zone;
    /** @param isExact the address is the viewer's own, not the first of a prefix, and not its resolver's */
    route: (address: string, isExact: boolean) => DnsTarget;
}
interface Opt {
    version: number;
    subnetData: Buffer | null;
    subnet: ClientSubnet | null | undefined;
}
interface Body {
    rcode: Rcode;
    answers?: Answer[];
    authorities?: Answer[];
    /** For how much of the client's prefix it holds. */
    scopePrefixLength?: number;
}

/** The answer of an authoritative server that knows one zone, whose addresses depend on who asks. */
export function answerQuery(input: AnswerInput): Packet {
    const { query } = input;
    const opt = readOpt(query);
    const { rcode, answers = [], authorities = [], scopePrefixLength = 0 } = bodyOf(input, opt);
    return {
        type: 'response',
        id: query.id ?? 0,
        // Recursion is not offered; whether it was desired is told back (RFC 1035 4.1.1).
        flags:
            (rcode === 'REFUSED' ? 0 : dnsPacket.AUTHORITATIVE_ANSWER) |
            (query.flag_rd ? dnsPacket.RECURSION_DESIRED : 0) |
            RCODES[rcode],
        questions: query.questions?.length === 1 ? query.questions : [],
        answers,
        authorities,
        additionals: opt === null ? [] : [optOf(opt, scopePrefixLength)],
    };
}

function bodyOf({ query, from, zone, route }: AnswerInput, opt: Opt | null): Body {
    if (opt !== null && opt.version !== 0) return { rcode: 'NOERROR' };
    const [question, ...more] = query.questions ?? [];
    if (question === undefined || more.length > 0 || opt?.subnet === null) return { rcode: 'FORMERR' };
    if (query.opcode !== 'QUERY') return { rcode: 'NOTIMP' };
    const name = question.name.toLowerCase();
    if (question.class !== 'IN' || !zone.contains(name)) return { rcode: 'REFUSED' };
    if (!zone.isRouted(name)) return fixedOf(zone, name, question);
    if (question.type !== 'A' && question.type !== 'AAAA') return noData(zone);
    const subnet = opt?.subnet;
    const target = subnet === undefined ? route(from, false) : route(subnet.address, isWhole(subnet));
    const answers = recordsOf(target, question, zone.ttlSecs);
    // Longer prefixes than the asked one may be decided otherwise; for the asked one it holds as a whole.
    const scopePrefixLength = subnet?.sourcePrefixLength ?? 0;
    return answers.length === 0
        ? { ...noData(zone), scopePrefixLength }
        : { rcode: 'NOERROR', answers, scopePrefixLength };
}

function fixedOf(zone: Zone, name: string, { type }: Question): Body {
    if (!zone.isKnown(name)) return { rcode: 'NXDOMAIN', authorities: [zone.soa()] };
    if (name !== zone.name) return noData(zone);
    if (type === 'SOA') return { rcode: 'NOERROR', answers: [zone.soa()] };
    return type === 'NS' ? { rcode: 'NOERROR', answers: zone.nameServers() } : noData(zone);
}

const noData = (zone: Zone): Body => ({ rcode: 'NOERROR', authorities: [zone.soa()] });

const isWhole = ({ family, sourcePrefixLength }: ClientSubnet): boolean =>
    sourcePrefixLength === (family === 1 ? 32 : 128);

function recordsOf(target: DnsTarget, { name, type }: Question, ttl: number): Answer[] {
    if (target.kind === 'alias') return [{ type: 'CNAME', name, ttl, data: target.name }];
    return target.addresses
        .filter((address) => address.includes(':') === (type === 'AAAA'))
        .map((data) => ({ type: type === 'AAAA' ? 'AAAA' : 'A', name, ttl, data }));
}

function readOpt({ additionals = [] }: Query): Opt | null {
    const opts = additionals.flatMap((record) => (record.type === 'OPT' ? [record] : []));
    const [opt] = opts;
    if (opt === undefined) return null;
    const found = opt.options.find(isClientSubnet);
    const subnetData = found !== undefined && 'data' in found ? (found.data ?? null) : null;
    // More than one OPT record is an error (RFC 6891 6.1.1).
    const subnet = opts.length > 1 ? null : subnetData === null ? undefined : parseClientSubnet(subnetData);
    return { version: opt.ednsVersion ?? 0, subnetData, subnet };
}

function optOf({ version, subnetData, subnet }: Opt, scopePrefixLength: number): Answer {
    return {
        type: 'OPT',
        name: '.',
        udpPayloadSize: UDP_PAYLOAD_BYTES,
        extendedRcode: version === 0 ? 0 : BADVERS_UPPER_BITS,
        ednsVersion: 0,
        flags: 0,
        flag_do: false,
        options: subnetData === null || subnet === null ? [] : [encodeClientSubnet(subnetData, scopePrefixLength)],
    } as Answer;
}
