import type { Params } from '@ocm/sdk';
import type { TreeSpec } from './sessions.js';

/** What the model holds: money as bigint in base units, times as unix seconds. Names of parties as in addresses. */

export type ContractState = 'Proposed' | 'Active' | 'Underfunded' | 'Closing' | 'Settled' | 'Cancelled';
export type CommitmentState = 'Committed' | 'Seeded' | 'Proven' | 'CosignedFinal' | 'Settled' | 'Failed' | 'Expired';
export type ChallengeState = 'Open' | 'Included' | 'Answered' | 'Won';

export interface Unbonding {
    amount: bigint;
    readyAt: number;
}

export interface Participant {
    readonly kind: 'seller' | 'contentProvider' | 'auditor';
    free: bigint;
    locked: bigint;
    unbonding: Unbonding[];
    slashedTotal: bigint;
    jailed: boolean;
    windowBeganAt: number;
    windowStake: bigint;
    slashedInWindow: bigint;
    contracts: number;
    nextNonce: bigint;
    /** 0 while the board has not admitted this auditor. */
    admittedAt: number;
    /** Name of its wallet. */
    hotKey: string;
    /** Scopes of the hot key, and until when. */
    hotScope: number;
    hotExpiresAt: number;
}

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

export interface Contract {
    /** `buyer:seller:nonce`. */
    readonly id: string;
    readonly buyer: string;
    readonly seller: string;
    readonly offer: OfferTerms;
    /** Name of the account that it was made of: the offer, or the bid that won a lot. */
    readonly source: string;
    readonly genesisAt: number;
    /** Fewer after a termination. */
    epochs: number;
    readonly rate: bigint;
    readonly cap: bigint;
    /** As they stood when it was signed (decision 0007). */
    readonly params: Params;
    state: ContractState;
    vault: bigint;
    deposited: bigint;
    owed: bigint[];
    openGross: bigint;
    open: number;
    settled: number;
    bytes: bigint[];
    gross: bigint[];
    penalty: bigint;
    topUp: bigint;
    paid: bigint;
    bondTotal: bigint;
    bondFree: bigint;
    slashPending: bigint;
    /** Challengers' bonds and bounties in the vault. */
    held: bigint;
    epoch: number;
    kinds: number;
    epochBytes: bigint;
    frontier: Uint8Array[];
}

export interface Commitment {
    readonly contract: string;
    readonly epoch: number;
    readonly kind: number;
    readonly bytes: bigint;
    readonly root: Uint8Array;
    /** Of its contract. */
    readonly params: Params;
    /** What the root is made of; null for a root that no tree has. */
    readonly tree: TreeSpec | null;
    readonly gross: bigint;
    readonly lock: bigint;
    readonly committedAt: number;
    readonly deadline: number;
    readonly closableAt: number;
    summary: Summary;
    /** Whose word the summary is: the seller's, the content provider's or the auditors'. */
    slaSource: 0 | 1 | 2;
    state: CommitmentState;
    samples: number;
    seedTarget: number;
    rearms: number;
    seed: Uint8Array;
    seededAt: number;
    /** Hashes of the leaves proved so far, by sample. */
    included: (Uint8Array | null)[];
    evidenced: number;
    openChallenges: number;
    freeChallenges: number;
    challengeCount: number;
    reportCount: number;
    failReason: number;
}

export interface Challenge {
    readonly commitment: string;
    readonly index: number;
    /** Names of wallets. */
    readonly challenger: string;
    beneficiary: string;
    readonly target: bigint;
    readonly bond: bigint;
    payout: bigint;
    readonly deadline: number;
    state: ChallengeState;
    leafHash: Uint8Array;
}

export interface Report {
    readonly commitment: string;
    readonly auditor: string;
    readonly summary: Summary;
}

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

/** What the board and the guardian decide (protocol 6.11, 6.15). */
export interface Config {
    params: Params;
    /** Announced, and from when it may be applied. */
    queued: { readonly params: Params; readonly readyAt: number } | null;
    pauseBits: number;
    pausedAt: number;
    pauseUntil: number;
}

export interface Model {
    config: Config;
    now: number;
    slot: number;
    /** Tokens of wallets by name, outside of the programs. */
    wallets: Map<string, bigint>;
    stakeVault: bigint;
    /** What was sent to the stake vault past the programs: nobody's. */
    strayStake: bigint;
    participants: Map<string, Participant>;
    /** Rate left in each offer, by `seller:index`. */
    offered: Map<string, bigint>;
    /** Rate bound on each seller's node and claim. */
    bound: Map<string, bigint>;
    contracts: Map<string, Contract>;
    /** By `contract:epoch:kind`. */
    commitments: Map<string, Commitment>;
    /** By `commitment:index`. */
    challenges: Map<string, Challenge>;
    /** By `commitment:auditor`. */
    reports: Map<string, Report>;
    /** By `creator:id`. */
    pools: Map<string, Pool>;
    /** By `buyer:nonce`. */
    lots: Map<string, Lot>;
    /** By `lot:bidder`. */
    bids: Map<string, Bid>;
    bounties: Map<string, Bounty>;
    /** Settled once and for ever (INV-2). */
    settledEver: Set<string>;
}
