/** Reward pools, lots and bounties as the model holds them. Money as bigint in base units, times as unix seconds. */

/** One member of a reward tree: the name of its wallet, and what it has earned since the pool's beginning. */
export interface Member {
    readonly owner: string;
    readonly lifetime: bigint;
}

export interface RewardTree {
    readonly members: readonly Member[];
    /** As the aggregator states it. */
    readonly total: bigint;
}

export interface RewardStatus {
    readonly owner: string;
    proven: bigint;
    claimed: bigint;
}

export interface Pool {
    readonly id: string;
    readonly creator: string;
    /** Name of a wallet. */
    readonly aggregator: string;
    readonly bond: bigint;
    readonly delaySecs: number;
    vault: bigint;
    active: RewardTree;
    pending: RewardTree | null;
    eta: number;
    paid: bigint;
    retired: boolean;
    /** By index. */
    statuses: Map<number, RewardStatus>;
}

export interface Standing {
    readonly bidder: string;
    readonly price: bigint;
    readonly rate: bigint;
    awarded: bigint;
    readonly salt: number;
}

/** Terms that the content provider chose. */
export interface LotTerms {
    readonly rate: bigint;
    readonly unit: bigint;
    readonly capBasisPoints: number;
    readonly epochs: number;
    readonly epochSecs: number;
    readonly genesisAt: number;
    readonly reservePrice: bigint;
    readonly deposit: bigint;
    readonly commitEndsAt: number;
    readonly revealEndsAt: number;
}

export interface Lot extends LotTerms {
    readonly id: string;
    readonly buyer: string;
    vault: bigint;
    bidCount: number;
    openBids: number;
    isCleared: boolean;
    price: bigint;
    awarded: bigint;
    standings: Standing[];
}

export interface SealedBid {
    readonly price: bigint;
    readonly rate: bigint;
    readonly salt: number;
}

export interface Bid {
    readonly lot: string;
    readonly bidder: string;
    readonly sealed: SealedBid;
    state: 'Committed' | 'Revealed' | 'Awarded';
    /** Index of the claim that would serve. */
    claim: number;
}

export interface Bounty {
    readonly id: string;
    readonly buyer: string;
    readonly rate: bigint;
    readonly holdSecs: number;
    readonly reward: bigint;
    readonly maxPayments: number;
    readonly expiresAt: number;
    readonly needsContract: boolean;
    vault: bigint;
    paid: string[];
}
