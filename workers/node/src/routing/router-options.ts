import type { Clock, HealthPort, NodeLog, TopologyPort } from '../ports.js';
import type { BeaconView } from './beacons/beacon-directory.js';
import type { Decision } from './decision/decision.js';
import type { Scoring } from './decision/judge.js';
import type { GeoKind } from './geo/geo-facts.js';

export interface RouterOptions {
    /** Base58 address of the CAST that routes. */
    node: string;
    topology: TopologyPort;
    health: HealthPort;
    now: Clock;
    /** Base URL of traditional delivery, without a trailing slash. */
    traditionalUrl: string;
    asnPrefixes: Readonly<Record<string, readonly string[]>>;
    beacons: readonly BeaconView[];
    /** How many BEACONs may register by their keys on chain without being among them; none if absent. */
    maxBeacons?: number;
    operatorSecret: string;
    log: NodeLog;
    geo?: readonly { path: string; kind: GeoKind }[];
    /** Prefixes whose addresses stand for many lines each. */
    sharedPrefixes?: readonly string[];
    scoring?: Scoring;
}
/** Who asks, beyond its address. */
export interface Asker {
    /** Token of the viewer's household, if it presents one. */
    device?: string;
    /** False: the address stands for a network or a resolver, and nobody's own BEACON is meant. */
    isExact?: boolean;
    /** It asks by https, and is led to https only. */
    isSecure?: boolean;
}
export interface RouteAnswer {
    decision: Decision['kind'];
    node: string | null;
    location: string;
}
