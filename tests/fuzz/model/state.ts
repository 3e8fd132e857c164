/** What the model holds: money as bigint in base units, times as unix seconds. Names of parties as in addresses. */

export type ContractState = 'Proposed' | 'Active' | 'Underfunded' | 'Closing' | 'Settled' | 'Cancelled';
export type CommitmentState = 'Committed' | 'Proven' | 'CosignedFinal' | 'Settled' | 'Expired';

export interface Unbonding {
    amount: bigint;
    readyAt: number;
}

export interface Participant {
    readonly isSeller: boolean;
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
    readonly genesisAt: number;
    readonly epochs: number;
    readonly rate: bigint;
    readonly cap: bigint;
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
    readonly summary: Summary;
    readonly gross: bigint;
    readonly lock: bigint;
    readonly committedAt: number;
    readonly deadline: number;
    readonly closableAt: number;
    cosigned: boolean;
    state: CommitmentState;
}

export interface Model {
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
    /** Settled once and for ever (INV-2). */
    settledEver: Set<string>;
}
