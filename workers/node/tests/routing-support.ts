import type { HealthPort, NodeHealth, TopologyView } from '../src/index.js';
import { parsePrefixBits } from '../src/routing/prefix-bits.js';
import { Router } from '../src/routing/router.js';
import type { RouterOptions } from '../src/routing/router-options.js';
import { createWorld, fixedTopology, named, silent } from './support.js';

export const NOW_MS = 1_800_000_000_000;
export const UP: NodeHealth = { healthy: true, draining: false, loadKilobitsPerSecond: 0, latencyMs: 0 };
export type Claim = TopologyView['claims'][number];

export interface RelayInput {
    name: string;
    kind?: Claim['footprint']['kind'];
    value?: string;
    kilobitsPerSecond?: number;
    price?: number;
    asn?: number;
    verified?: { kilobitsPerSecond: number; expiresAtSecs: number };
}
const names = new Map<string, string>();
export function relayAddress(name: string): string {
    const { address } = named(`relay ${name}`);
    names.set(address, name);
    return address;
}

/** One operator whose CAST sells each RELAY's one claim. */
export function viewOf(relays: readonly RelayInput[]): TopologyView {
    const { view } = createWorld({ nowMs: NOW_MS });
    const [cast] = view.nodes;
    const [contract] = view.contracts;
    if (cast === undefined || contract === undefined) throw new Error('a world has a CAST and a contract');
    const claims = relays.map(({ name, kind = 'any', value = '', kilobitsPerSecond = 1_000_000, price = 0 }) => ({
        address: named(`claim ${name} ${kind} ${value}`).address,
        node: relayAddress(name),
        footprint: { kind, value },
        validFromSecs: NOW_MS / 1000 - 100,
        validUntilSecs: NOW_MS / 1000 + 100_000,
        isEgress: true,
        isActive: true,
        kilobitsPerSecond: String(kilobitsPerSecond),
        priceFloorPerGigabyte: String(price),
    }));
    const nodes = relays.map(({ name, asn = 0, verified }, i) => ({
        ...named(`relay ${name}`),
        participant: cast.participant,
        role: 'relay' as const,
        endpoints: [{ ip: '127.0.0.1', port: 20_000 + i }],
        isActive: true,
        asn,
        ...(verified === undefined
            ? {}
            : { verifiedEgress: { ...verified, kilobitsPerSecond: String(verified.kilobitsPerSecond) } }),
    }));
    const byAddress = new Map(nodes.map((node) => [node.address, node]));
    const claimed = claims.map(({ address }) => address);
    return { ...view, nodes: [cast, ...byAddress.values()], claims, contracts: [{ ...contract, claims: claimed }] };
}

/** What is seen of each RELAY by name; of all others, that they are up and idle. */
export function healthOf(seen: Record<string, Partial<NodeHealth>>): HealthPort {
    const known = new Map(Object.entries(seen).map(([name, one]) => [relayAddress(name), { ...UP, ...one }]));
    const observe = (node: string): NodeHealth => known.get(node) ?? UP;
    return { observe, isHealthy: (node) => observe(node).healthy, snapshotId: () => 7, close: async () => undefined };
}

export function createRouter(view: TopologyView | null, options: Partial<RouterOptions> = {}): Router {
    return new Router({
        node: named('cast').address,
        topology: fixedTopology(view),
        health: healthOf({}),
        now: () => NOW_MS,
        traditionalUrl: 'http://origin.example',
        asnPrefixes: {},
        beacons: [],
        operatorSecret: 'a secret of the operator',
        log: silent,
        ...options,
    });
}
/** Name of the RELAY that an address is sent to, or the kind of the decision. */
export function goesTo(router: Router, address: string): string {
    const { node, decision } = router.route(address, '/');
    return names.get(node ?? '') ?? decision;
}

type Value = string | number | readonly Value[] | { readonly [key: string]: Value };

/** A value as MaxMind's DB format 2.0 has it: text, 32-bit number, list or map. */
function encode(value: Value): Buffer {
    const control = (kind: number, size: number): Buffer => {
        const [head, rest] = size > 28 ? [29, [size - 29]] : [size, []];
        return kind > 7 ? Buffer.of(head, kind - 7, ...rest) : Buffer.of((kind << 5) | head, ...rest);
    };
    if (typeof value === 'string') return Buffer.concat([control(2, Buffer.byteLength(value)), Buffer.from(value)]);
    if (typeof value === 'number') {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32BE(value);
        return Buffer.concat([control(6, 4), bytes]);
    }
    if (Array.isArray(value)) return Buffer.concat([control(11, value.length), ...value.map(encode)]);
    const fields = Object.entries(value as Record<string, Value>);
    return Buffer.concat([control(7, fields.length), ...fields.flatMap(([key, one]) => [encode(key), encode(one)])]);
}

type Side = number | { data: number } | null;

/** An mmdb file of both families with a record for each prefix; longer ones come after those around them. */
export function mmdbOf(records: Record<string, Value>, type = 'Test', builtAtSecs = 1_790_000_000): Buffer {
    const nodes: [Side, Side][] = [[null, null]];
    const data: Buffer[] = [];
    let dataBytes = 0;
    for (const [cidr, record] of Object.entries(records)) {
        const { bits, length } = parsePrefixBits(cidr) ?? { bits: null, length: 0 };
        if (bits === null) throw new Error(`no prefix: ${cidr}`);
        const own = [...bits.words].map((word) => (word >>> 0).toString(2).padStart(32, '0')).join('');
        const path = [...(bits.family === 4 ? '0'.repeat(96) : ''), ...own.slice(0, length)].map(Number) as (0 | 1)[];
        let at = 0;
        for (const bit of path.slice(0, -1)) {
            const next = nodes[at]![bit];
            if (typeof next === 'number') at = next;
            else {
                // What covered both halves covers each of them.
                nodes.push([next, next]);
                nodes[at]![bit] = nodes.length - 1;
                at = nodes.length - 1;
            }
        }
        nodes[at]![path.at(-1) ?? 0] = { data: dataBytes };
        data.push(encode(record));
        dataBytes += data.at(-1)?.length ?? 0;
    }
    return assemble(nodes, data, type, builtAtSecs);
}

function assemble(nodes: readonly [Side, Side][], data: readonly Buffer[], type: string, builtAtSecs: number): Buffer {
    const tree = Buffer.alloc(nodes.length * 8);
    const record = (side: Side): number =>
        side === null ? nodes.length : typeof side === 'number' ? side : nodes.length + 16 + side.data;
    for (const [i, [left, right]] of nodes.entries()) {
        tree.writeUInt32BE(record(left), 8 * i);
        tree.writeUInt32BE(record(right), 8 * i + 4);
    }
    const metadata = encode({
        binary_format_major_version: 2,
        binary_format_minor_version: 0,
        build_epoch: builtAtSecs,
        database_type: type,
        description: { en: 'made by a test' },
        ip_version: 6,
        languages: ['en'],
        node_count: nodes.length,
        record_size: 32,
    });
    const marker = Buffer.concat([Buffer.of(0xab, 0xcd, 0xef), Buffer.from('MaxMind.com')]);
    return Buffer.concat([tree, Buffer.alloc(16), ...data, marker, metadata]);
}
