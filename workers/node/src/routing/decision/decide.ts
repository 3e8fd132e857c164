import { urlOf } from '../../http/addresses.js';
import { type AddressBits, parseAddressInto } from '../address.js';
import { considerRelays } from './consider-relays.js';
import type { ConsideredBeacon, Decision, DecisionContext, RequestFacts } from './decision.js';

const NO_BEACONS: readonly ConsideredBeacon[] = [];

/**
 * The decision of a CAST, in this order: the viewer's own BEACON, else a RELAY that covers its address, else traditional
 * delivery. What covers more narrowly goes first: prefixes by length, then autonomous system, subdivision, country, anybody.
 * A function of its arguments alone.
 * @param bits filled with the address
 * @param isExhaustive looks at wider footprints too after the choice is made, for an explanation
 */
export function decide(
    everybody: DecisionContext,
    { address, device, nowMs, isExact, isSecure }: RequestFacts,
    bits: AddressBits,
    isExhaustive = false,
): Decision {
    const context = isSecure ? seenByHttps(everybody) : everybody;
    const decision = undecided(nowMs, isSecure);
    if (!parseAddressInto(address, bits)) {
        // What stood there was another client's.
        bits.family = 4;
        bits.words.fill(0);
        return decision;
    }
    decision.bucket = context.hash.hashAddress(bits) >>> 16;
    if (isExact) considerBeacons(context, device, bits, decision);
    if (decision.node === null || isExhaustive) considerRelays(context, bits, decision, isExhaustive);
    return decision;
}

/** The same for a viewer of whom only the network, the bucket and the scheme are known: it has no BEACON then. */
export function decideForNetwork(
    everybody: DecisionContext,
    bits: AddressBits,
    { bucket, isSecure }: Pick<Decision, 'bucket' | 'isSecure'>,
    nowMs: number,
): Decision {
    const decision = undecided(nowMs, isSecure);
    decision.bucket = bucket;
    considerRelays(isSecure ? seenByHttps(everybody) : everybody, bits, decision, false);
    return decision;
}

const undecided = (nowMs: number, isSecure: boolean): Decision => ({
    kind: 'traditional',
    url: '',
    node: null,
    picked: null,
    step: -1,
    bucket: 0,
    nowMs,
    isSecure,
    isShared: false,
    device: 'none',
    beacons: NO_BEACONS,
    steps: [],
    geo: null,
});

/** Browsers load nothing from a plain address into a secure page, so to a viewer with https such nodes are none. */
const seenByHttps = (context: DecisionContext): DecisionContext => ({
    ...context,
    healthOf: (node) => {
        const health = context.healthOf(node);
        return health.publicUrl ? health : { ...health, lacksHttps: true };
    },
});

/** A household's token tells more than an address; an address that many lines share tells nothing. */
function considerBeacons(context: DecisionContext, device: string, bits: AddressBits, decision: Decision): void {
    const { beacons, devices, healthOf, isRegistered, refusalOf } = context;
    const { nowMs } = decision;
    const seen: ConsideredBeacon[] = [];
    if (device !== '') {
        const { verdict, grant } = devices.judge(device, bits, nowMs);
        const ref = grant === null ? undefined : beacons.ofToken(grant.beaconId);
        decision.device = grant !== null && ref === undefined ? 'of an unknown BEACON' : verdict;
        if (grant !== null && ref !== undefined) {
            // Behind NAT nobody can ask the BEACON from here: that it registers tells that it lives.
            const health = healthOf(ref.node);
            const refusal = refusalOf(ref.node);
            const healthy = refusal === null && (isRegistered(ref.node, nowMs) || health.healthy);
            const { lacksHttps = false } = health;
            seen.push({ ref, url: urlOf(grant.host, grant.port), via: 'device', healthy, refusal, lacksHttps });
        }
    }
    decision.isShared = beacons.isShared(bits);
    for (const ref of beacons.at(bits)) {
        const { healthy: answers, lacksHttps = false } = healthOf(ref.node);
        const refusal = refusalOf(ref.node);
        seen.push({ ref, url: ref.url, via: 'address', healthy: answers && refusal === null, refusal, lacksHttps });
    }
    if (seen.length === 0) return;
    decision.beacons = seen;
    const own = seen.find(
        ({ via, healthy, lacksHttps }) => healthy && !lacksHttps && (via === 'device' || !decision.isShared),
    );
    if (own === undefined) return;
    decision.kind = 'beacon';
    decision.url = decision.isSecure ? (healthOf(own.ref.node).publicUrl ?? '') : own.url;
    decision.node = own.ref.node;
}
