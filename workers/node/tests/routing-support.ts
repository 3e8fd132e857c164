import type { HealthPort, NodeHealth, TopologyView } from '../src/index.js';
import { Router } from '../src/routing/router.js';
import type { Asker, RouterOptions } from '../src/routing/router-options.js';
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
        spkiHex: null,
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
export function goesTo(router: Router, address: string, asker?: Asker): string {
    const { node, decision } = router.route(address, '/', asker);
    return names.get(node ?? '') ?? decision;
}
