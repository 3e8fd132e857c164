import { MarketplaceError } from './error.js';
import { assertU64 } from './fields.js';

/** Capacity classes in the order of their numbers on chain; `unicast` (0) is what nodes were before there were classes. */
export const CAPACITY_CLASSES = ['unicast', 'multicast', 'atsc3', 'satellite', 'mobile', 'inHome'] as const;
export type CapacityClass = (typeof CAPACITY_CLASSES)[number];

export interface ClassLimits {
    readonly maxEgressKilobitsPerSecond: bigint;
    /** 0: nothing comes back, so the class is one-way. */
    readonly maxIngressKilobitsPerSecond: bigint;
    readonly roles: readonly ('cast' | 'relay' | 'cdn')[];
    /** Receivers cannot ask again: what is sent must come round. */
    readonly needsCarousel: boolean;
    readonly needsFootprint: boolean;
    /** Somebody pays for these bytes by volume and has to agree. */
    readonly needsMeteredConsent: boolean;
    /** Whether contracts of addressed deliveries may bind it. */
    readonly sellsUnicast: boolean;
}

const UNICAST: ClassLimits = {
    maxEgressKilobitsPerSecond: 100_000_000_000n,
    maxIngressKilobitsPerSecond: 100_000_000_000n,
    roles: ['cast', 'relay', 'cdn'],
    needsCarousel: false,
    needsFootprint: false,
    needsMeteredConsent: false,
    sellsUnicast: true,
};

const BROADCAST: ClassLimits = {
    ...UNICAST,
    maxIngressKilobitsPerSecond: 0n,
    roles: ['cast'],
    needsCarousel: true,
    needsFootprint: true,
    sellsUnicast: false,
};

/** The limits of each class; docs/decisions/0030 gives the reasons of the numbers. */
export const CLASS_LIMITS: Readonly<Record<CapacityClass, ClassLimits>> = {
    unicast: UNICAST,
    multicast: {
        ...UNICAST,
        maxEgressKilobitsPerSecond: 100_000_000n,
        maxIngressKilobitsPerSecond: 100_000_000n,
        roles: ['cast', 'relay'],
        needsFootprint: true,
    },
    atsc3: { ...BROADCAST, maxEgressKilobitsPerSecond: 57_000n },
    satellite: { ...BROADCAST, maxEgressKilobitsPerSecond: 400_000n },
    mobile: {
        ...UNICAST,
        maxEgressKilobitsPerSecond: 200_000n,
        maxIngressKilobitsPerSecond: 1_000_000n,
        roles: ['relay'],
        needsMeteredConsent: true,
    },
    inHome: {
        ...UNICAST,
        maxEgressKilobitsPerSecond: 1_000_000n,
        maxIngressKilobitsPerSecond: 1_000_000n,
        roles: ['relay'],
    },
};

export interface ClassClaim {
    readonly capacityClass: CapacityClass;
    readonly role: 'cast' | 'relay' | 'cdn';
    readonly egressKilobitsPerSecond: bigint;
    readonly ingressKilobitsPerSecond: bigint;
    /** What the node declares about itself. */
    readonly carousel: boolean;
    readonly footprint: boolean;
    readonly meteredConsent: boolean;
}

/** The rule of the class that a claim breaks, by the name of the registry's error; null when it breaks none. */
export function findClassViolation(claim: ClassClaim): string | null {
    const limits = CLASS_LIMITS[claim.capacityClass];
    if (limits === undefined) return 'CapacityClassUnknown';
    assertU64('egressKilobitsPerSecond', claim.egressKilobitsPerSecond);
    assertU64('ingressKilobitsPerSecond', claim.ingressKilobitsPerSecond);
    if (!limits.roles.includes(claim.role)) return 'ClassRoleForbidden';
    if (claim.egressKilobitsPerSecond > limits.maxEgressKilobitsPerSecond) return 'ClassRateTooHigh';
    if (claim.ingressKilobitsPerSecond > limits.maxIngressKilobitsPerSecond) return 'ClassRateTooHigh';
    if (limits.needsCarousel && !claim.carousel) return 'CarouselMissing';
    if (limits.needsFootprint && !claim.footprint) return 'FootprintMissing';
    if (limits.needsMeteredConsent && !claim.meteredConsent) return 'MeteredConsentMissing';
    return null;
}

/** Throws MKT_CORE__CAPACITY_CLASS_BROKEN, with the rule that the claim breaks. */
export function assertClass(claim: ClassClaim): void {
    const rule = findClassViolation(claim);
    if (rule !== null) {
        throw new MarketplaceError('MKT_CORE__CAPACITY_CLASS_BROKEN', { capacityClass: claim.capacityClass, rule });
    }
}

export interface SellableRateInput {
    readonly claimKilobitsPerSecond: bigint;
    readonly verifiedKilobitsPerSecond: bigint;
    /** Unix seconds. */
    readonly expiresAt: bigint;
    readonly now: bigint;
    readonly requireVerified: boolean;
}

/**
 * What may be sold as guaranteed: `min(claim, verified)` while the measurement lasts. Without one the claim stands,
 * unless the buyer requires a measurement: then nothing does.
 */
export function computeSellableRate(input: SellableRateInput): bigint {
    const { claimKilobitsPerSecond: claim, verifiedKilobitsPerSecond: verified } = input;
    if (input.now < input.expiresAt) return claim < verified ? claim : verified;
    return input.requireVerified ? 0n : claim;
}
