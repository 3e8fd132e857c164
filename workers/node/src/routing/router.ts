import { createHash } from 'node:crypto';
import type { RouteExplanation } from '@ocm/sdk/http';
import type { HealthPort, ProtocolClock, TopologyPort } from '../ports.js';
import { type ClaimView, isServing, type NodeView, type TopologyView } from '../topology/view.js';
import { type Address, longestMatch, type Prefix, parseAddress, prefixesOf } from './prefixes.js';

export interface BeaconView {
    node: string;
    host: string;
    port: number;
}
export interface RouterOptions {
    /** Base58 address of the CAST that routes. */
    node: string;
    topology: TopologyPort;
    health: HealthPort;
    clock: ProtocolClock;
    /** Base URL of traditional delivery, without a trailing slash. */
    traditionalUrl: string;
    asnPrefixes: Readonly<Record<string, readonly string[]>>;
    beacons: readonly BeaconView[];
}
type Candidate = RouteExplanation['candidates'][number] & { url: string };

/** Rules of one claim, expanded once per view. */
interface Rule {
    claim: ClaimView;
    node: NodeView;
    prefixes: Prefix[] | null;
}

/**
 * The three-step decision of a CAST: the viewer's own BEACON, else a RELAY that covers its address under a paid contract,
 * else traditional delivery. The same code answers viewers and explains itself.
 */
export class Router {
    readonly #options: RouterOptions;
    #expanded: { view: TopologyView; rules: Rule[] } | null = null;

    constructor(options: RouterOptions) {
        this.#options = options;
    }

    /**
     * @param addressText the peer address of the viewer's connection; forwarding headers can be forged and are not used
     * @param pathAndQuery normalised path with the query as received
     */
    route(addressText: string, pathAndQuery: string): RouteExplanation {
        const address = parseAddress(addressText);
        const beacons = this.#beaconCandidates(address);
        const relays = address === null ? [] : this.#relayCandidates(address);
        const beacon = beacons.find(({ healthy }) => healthy);
        const chosen = beacon ?? pickRelay(relays, addressText);
        for (const candidate of [...beacons, ...relays]) {
            if (candidate === chosen) {
                candidate.chosen = true;
                candidate.reason =
                    beacon === undefined ? 'covers the address by the longest prefix' : 'is the address itself';
            } else if (candidate.reason === '') {
                candidate.reason =
                    beacon === undefined ? 'another RELAY covers the address better' : 'a BEACON goes first';
            }
        }
        const base = chosen?.url ?? this.#options.traditionalUrl;
        return {
            address: addressText,
            path: pathAndQuery,
            decision: chosen === undefined ? 'traditional' : beacon === undefined ? 'relay' : 'beacon',
            node: chosen?.node ?? null,
            location: `${base}${pathAndQuery}`,
            candidates: [...beacons, ...relays].map(({ url: _, ...candidate }) => candidate),
        };
    }

    #beaconCandidates(address: Address | null): Candidate[] {
        return this.#options.beacons.flatMap(({ node, host, port }) => {
            const own = parseAddress(host);
            if (own === null || address === null || own.toString() !== address.toString()) return [];
            const healthy = this.#options.health.isHealthy(node);
            const prefixLength = own.kind() === 'ipv4' ? 32 : 128;
            return [
                {
                    node,
                    role: 'beacon' as const,
                    footprint: `${host}/${prefixLength}`,
                    prefixLength,
                    healthy,
                    chosen: false,
                    reason: healthy ? '' : 'does not answer health checks',
                    url: urlOf(host, port),
                },
            ];
        });
    }

    #relayCandidates(address: Address): Candidate[] {
        const view = this.#options.topology.current();
        if (view === null) return [];
        const nowMs = this.#options.clock.nowMs();
        const soldClaims = new Set(
            view.contracts.filter((contract) => isServing(contract, nowMs)).flatMap(({ claims }) => claims),
        );
        return this.#rules(view).map(({ claim, node, prefixes }) => {
            const length = prefixes === null ? null : longestMatch(prefixes, address);
            const healthy = this.#options.health.isHealthy(node.address);
            const endpoint = node.endpoints[0];
            return {
                node: node.address,
                role: 'relay' as const,
                footprint: claim.footprint.kind === 'any' ? 'any' : `${claim.footprint.kind}:${claim.footprint.value}`,
                prefixLength: length ?? 0,
                healthy,
                chosen: false,
                reason: refusalOf({
                    claim,
                    node,
                    prefixes,
                    length,
                    healthy,
                    isSold: soldClaims.has(claim.address),
                    nowMs,
                }),
                url: endpoint === undefined ? '' : urlOf(endpoint.ip, endpoint.port),
            };
        });
    }

    #rules(view: TopologyView): Rule[] {
        if (this.#expanded?.view === view) return this.#expanded.rules;
        const self = view.nodes.find(({ address }) => address === this.#options.node);
        const nodes = new Map(view.nodes.map((node) => [node.address, node]));
        const rules = view.claims.flatMap((claim) => {
            const node = nodes.get(claim.node);
            // A CAST speaks for its own operator's RELAYs only: others were not sold by it.
            const isOurs = node?.role === 'relay' && node.participant === self?.participant;
            return isOurs && claim.isEgress
                ? [{ claim, node, prefixes: prefixesOf(claim, this.#options.asnPrefixes) }]
                : [];
        });
        this.#expanded = { view, rules };
        return rules;
    }
}

interface Judged extends Rule {
    length: number | null;
    healthy: boolean;
    isSold: boolean;
    nowMs: number;
}

/** Why a RELAY is out, or an empty text. */
function refusalOf({ claim, node, prefixes, length, healthy, isSold, nowMs }: Judged): string {
    if (prefixes === null) return 'its footprint cannot be mapped to addresses here';
    if (length === null) return 'its footprint does not cover the address';
    if (!claim.isActive || nowMs < claim.validFromSecs * 1000 || nowMs >= claim.validUntilSecs * 1000) {
        return 'its capacity claim is not in force';
    }
    if (!node.isActive || node.endpoints.length === 0) return 'it is not in service';
    if (!isSold) return 'no funded contract buys its claim';
    return healthy ? '' : 'does not answer health checks';
}

/** Longest prefix; among equals the same viewer always meets the same node, viewers spread evenly (rendezvous hashing). */
function pickRelay(candidates: readonly Candidate[], addressText: string): Candidate | undefined {
    const able = candidates.filter(({ reason }) => reason === '');
    const longest = Math.max(...able.map(({ prefixLength }) => prefixLength));
    const weigh = ({ node }: Candidate): string => createHash('sha256').update(`${node}|${addressText}`).digest('hex');
    return able
        .filter(({ prefixLength }) => prefixLength === longest)
        .map((candidate) => ({ candidate, weight: weigh(candidate) }))
        .sort((a, b) => (a.weight < b.weight ? 1 : -1))[0]?.candidate;
}

const urlOf = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
