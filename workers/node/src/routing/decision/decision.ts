import type { NodeHealth } from '../../ports.js';
import type { BeaconDirectory, BeaconRef } from '../beacons/beacon-directory.js';
import type { DeviceTokens, DeviceVerdict } from '../beacons/device-token.js';
import type { GeoBook } from '../geo/geo-book.js';
import type { GeoFacts } from '../geo/geo-facts.js';
import type { RuleIndex } from '../rules/rule-index.js';
import type { Scoring } from './judge.js';
import type { KeyedHash } from './keyed-hash.js';
import type { Considered, Picked } from './picker.js';

/** Everything that a decision is made of, besides the request. */
export interface DecisionContext {
    index: RuleIndex;
    beacons: BeaconDirectory;
    devices: DeviceTokens;
    geo: GeoBook;
    hash: KeyedHash;
    scoring: Scoring;
    healthOf: (node: string) => NodeHealth;
    /** Whether a BEACON has lately registered its household. */
    isRegistered: (beacon: string, nowMs: number) => boolean;
    /** Why the chain says that a BEACON is none; null while it does not. */
    refusalOf: (beacon: string) => string | null;
}
export interface RequestFacts {
    /** Of the viewer's connection, or what stands for it in a question of DNS or of another CDN. */
    address: string;
    /** Token of a household; empty if none is presented. */
    device: string;
    nowMs: number;
    /** False: the address stands for a network or a resolver, so that nobody's own BEACON is meant. */
    isExact: boolean;
    /** The viewer asks by https: it is led to no address that is not. */
    isSecure: boolean;
}
export interface ConsideredBeacon {
    ref: BeaconRef;
    url: string;
    via: 'address' | 'device';
    healthy: boolean;
    /** As the chain gives it; whoever is refused does not count as healthy. */
    refusal: string | null;
    /** The viewer asks by https, and the BEACON cannot be reached so. */
    lacksHttps: boolean;
}
export interface Decision {
    kind: 'beacon' | 'relay' | 'traditional';
    /** Base URL of who serves; empty for traditional delivery. */
    url: string;
    node: string | null;
    picked: Picked | null;
    /** Place in `steps` where the RELAY was picked. */
    step: number;
    bucket: number;
    nowMs: number;
    isSecure: boolean;
    isShared: boolean;
    device: DeviceVerdict;
    beacons: readonly ConsideredBeacon[];
    steps: Considered[];
    /** null where nobody needed it. */
    geo: GeoFacts | null;
}
