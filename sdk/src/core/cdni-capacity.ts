import { MarketplaceError } from './error.js';
import { encodeFootprint, FOOTPRINT_KINDS, type Footprint, type FootprintKind } from './footprint.js';

/** Bits per second of one kilobit per second. */
const BITS_PER_KILOBIT = 1_000n;
const CAPABILITY_TYPE = 'FCI.CapacityLimits';

/** RFC 8006 4.2.2.2. */
export interface CdniFootprint {
    readonly 'footprint-type': Exclude<FootprintKind, 'any'>;
    readonly 'footprint-value': readonly string[];
}

/** RFC 9808 2.2.1; `ingress` is SVTA2065's addition for what multicast receives. */
export interface CdniCapacityLimit {
    readonly id: string;
    readonly 'limit-type': 'egress' | 'ingress';
    /** Bits per second, not to be exceeded. */
    readonly 'maximum-hard': number;
}

/** One capability of an FCI advertisement (RFC 8008): the limits hold for its footprints; without any, everywhere. */
export interface CdniCapacityLimits {
    readonly 'capability-type': typeof CAPABILITY_TYPE;
    readonly 'capability-value': { readonly limits: readonly CdniCapacityLimit[] };
    readonly footprints?: readonly CdniFootprint[];
}

/** What of a capacity claim RFC 9808 can say. */
export interface CapacityStatement {
    /** Stable across advertisements, such as the claim's address. */
    readonly id: string;
    readonly footprint: Footprint;
    readonly direction: 'egress' | 'ingress';
    readonly kilobitsPerSecond: bigint;
}

/**
 * A capacity claim as CDNi advertises it: one claim, one capability, one hard limit, one footprint.
 *
 * @throws MarketplaceError MKT_CORE__FOOTPRINT_INVALID; MKT_CORE__CDNI_CAPACITY_INVALID for a rate that JSON cannot hold.
 * @example const capability = toCdniCapacityLimits({ ...claim, id: claim.address.toBase58() });
 */
export function toCdniCapacityLimits(claim: CapacityStatement): CdniCapacityLimits {
    encodeFootprint(claim.footprint);
    const bitsPerSecond = Number(claim.kilobitsPerSecond * BITS_PER_KILOBIT);
    if (!Number.isSafeInteger(bitsPerSecond) || bitsPerSecond <= 0) throw invalid('maximum-hard', 'from 1 to 2^53 - 1');
    const limit = { id: claim.id, 'limit-type': claim.direction, 'maximum-hard': bitsPerSecond };
    const { kind, value } = claim.footprint;
    return {
        'capability-type': CAPABILITY_TYPE,
        'capability-value': { limits: [limit] },
        ...(kind === 'any' ? {} : { footprints: [{ 'footprint-type': kind, 'footprint-value': [value] }] }),
    };
}

/**
 * The claim that a capability of one limit and at most one footprint stands for; it rounds the rate down to kilobits.
 * Several footprint objects narrow each other (RFC 8008 appendix B) and several limits add up to no single claim: both
 * are refused.
 *
 * @throws MarketplaceError MKT_CORE__CDNI_CAPACITY_INVALID, naming the field; MKT_CORE__FOOTPRINT_INVALID.
 * @example const { footprint, direction, kilobitsPerSecond } = fromCdniCapacityLimits(capability);
 */
export function fromCdniCapacityLimits(capability: CdniCapacityLimits): CapacityStatement {
    if (capability['capability-type'] !== CAPABILITY_TYPE) throw invalid('capability-type', CAPABILITY_TYPE);
    const [limit, second] = capability['capability-value'].limits;
    if (limit === undefined || second !== undefined) throw invalid('limits', 'exactly one limit');
    const { id, 'limit-type': direction, 'maximum-hard': hard } = limit;
    if (direction !== 'egress' && direction !== 'ingress') throw invalid('limit-type', 'egress or ingress');
    const kilobitsPerSecond = Number.isSafeInteger(hard) && hard > 0 ? BigInt(hard) / BITS_PER_KILOBIT : 0n;
    if (kilobitsPerSecond === 0n) throw invalid('maximum-hard', 'at least 1000 bits per second, as an integer');
    return { id, footprint: readFootprint(capability.footprints ?? []), direction, kilobitsPerSecond };
}

function readFootprint([footprint, second]: readonly CdniFootprint[]): Footprint {
    if (footprint === undefined) return { kind: 'any', value: '' };
    const [value, another] = footprint['footprint-value'];
    if (second !== undefined || value === undefined || another !== undefined) {
        throw invalid('footprints', 'at most one footprint of one value');
    }
    const kind = footprint['footprint-type'];
    if (!FOOTPRINT_KINDS.includes(kind)) throw invalid('footprint-type', 'a type of RFC 8006 or RFC 9388');
    const read = { kind, value };
    encodeFootprint(read);
    return read;
}

function invalid(field: string, expected: string): MarketplaceError {
    return new MarketplaceError('MKT_CORE__CDNI_CAPACITY_INVALID', { field, expected });
}
