import type { Params } from '@ocm/sdk';
import type { Challenge, Commitment, Report } from './commitment.js';
import type { Bid, Bounty, Lot, Pool } from './side-state.js';
import type { OfferTerms } from './terms.js';

export type { Challenge, Commitment, Report } from './commitment.js';
export type {
    Bid,
    Bounty,
    Lot,
    LotTerms,
    Member,
    Pool,
    RewardStatus,
    RewardTree,
    SealedBid,
    Standing,
} from './side-state.js';
export type { OfferTerms, Sla, Summary, Tier } from './terms.js';

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
