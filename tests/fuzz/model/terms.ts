/** What an offer says, and what service a commitment states. */

export interface Tier {
    readonly metric: number;
    readonly threshold: number;
    readonly basisPoints: number;
}

export interface Sla {
    readonly quorum: number;
    readonly maxPenaltyBasisPoints: number;
    readonly severeBasisPoints: number;
    readonly slashBasisPoints: number;
    readonly tiers: readonly Tier[];
}

export interface Summary {
    readonly availabilityPpm: number;
    readonly errorPpm: number;
    readonly ttfbP95Ms: number;
    readonly stallPpm: number;
    readonly sessions: number;
}

/** What an offer says and a contract copies. */
export interface OfferTerms {
    readonly seller: string;
    readonly index: number;
    readonly prices: readonly [bigint, bigint, bigint];
    readonly commitFee: bigint;
    readonly epochSecs: number;
    readonly minEpochs: number;
    readonly minRate: bigint;
    readonly maxRate: bigint;
    readonly totalRate: bigint;
    readonly sla: Sla;
    /** Names of wallets and their shares. */
    readonly splits: readonly { readonly payee: string; readonly basisPoints: number }[];
}
