import { type AddressBits, parseAddressInto } from '../address.js';
import { urlOf } from '../rules/rule.js';
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
    context: DecisionContext,
    { address, device, nowMs, isExact }: RequestFacts,
    bits: AddressBits,
    isExhaustive = false,
): Decision {
    const decision = undecided(nowMs);
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

/** The same for a viewer of whom only the network and the bucket are known: it has no BEACON then. */
export function decideForNetwork(context: DecisionContext, bits: AddressBits, bucket: number, nowMs: number): Decision {
    const decision = undecided(nowMs);
    decision.bucket = bucket;
    considerRelays(context, bits, decision, false);
    return decision;
}

const undecided = (nowMs: number): Decision => ({
    kind: 'traditional',
    url: '',
    node: null,
    picked: null,
    step: -1,
    bucket: 0,
    nowMs,
    isShared: false,
    device: 'none',
    beacons: NO_BEACONS,
    steps: [],
    geo: null,
});

/** A household's token tells more than an address; an address that many lines share tells nothing. */
function considerBeacons(context: DecisionContext, device: string, bits: AddressBits, decision: Decision): void {
    const { beacons, devices, healthOf, isRegistered } = context;
    const { nowMs } = decision;
    const seen: ConsideredBeacon[] = [];
    if (device !== '') {
        const { verdict, grant } = devices.judge(device, bits, nowMs);
        const ref = grant === null ? undefined : beacons.ofToken(grant.beaconId);
        decision.device = grant !== null && ref === undefined ? 'of an unknown BEACON' : verdict;
        if (grant !== null && ref !== undefined) {
            // Behind NAT nobody can ask the BEACON from here: that it registers tells that it lives.
            const healthy = isRegistered(ref.node, nowMs) || healthOf(ref.node).healthy;
            seen.push({ ref, url: urlOf(grant.host, grant.port), via: 'device', healthy });
        }
    }
    decision.isShared = beacons.isShared(bits);
    for (const ref of beacons.at(bits)) {
        seen.push({ ref, url: ref.url, via: 'address', healthy: healthOf(ref.node).healthy });
    }
    if (seen.length === 0) return;
    decision.beacons = seen;
    const own = seen.find(({ via, healthy }) => healthy && (via === 'device' || !decision.isShared));
    if (own === undefined) return;
    decision.kind = 'beacon';
    decision.url = own.url;
    decision.node = own.ref.node;
}
