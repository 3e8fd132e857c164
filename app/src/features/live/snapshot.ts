import type { NodeRoleName } from '@ocm/sdk/http';

/**
 * What the page shows at one moment (`GET /api/snapshot`). Plain JSON: u64 values are decimal strings, addresses base58,
 * times Unix milliseconds (`…Ms`) or seconds (`…Secs`, as on chain).
 */
export interface Snapshot {
    readonly takenAtMs: number;
    readonly cluster: ClusterView;
    /** What could not be read, in words; the rest of the snapshot stands without it. */
    readonly problems: readonly Problem[];
    readonly nodes: readonly NodeView[];
    readonly contracts: readonly ContractView[];
    /** Newest first. */
    readonly transactions: readonly TransactionView[];
}

export interface Problem {
    readonly source: string;
    readonly message: string;
    readonly remedy: string;
}

export interface ClusterView {
    /** `null` while the chain has not answered yet. */
    readonly name: string | null;
    readonly simulated: boolean;
    readonly version: string | null;
    readonly genesisHash: string | null;
    readonly slot: number | null;
    /** The chain's own clock, which windows and epochs follow. */
    readonly timeSecs: number | null;
    readonly reachable: boolean;
}

export type Health = 'up' | 'down' | 'unknown';

export interface CapacityClaimView {
    readonly address: string;
    readonly footprint: string;
    readonly direction: 'egress' | 'ingress';
    readonly kilobitsPerSecond: string;
    readonly committedKilobitsPerSecond: string;
    readonly priceFloorPerGigabyte: string;
    readonly status: string;
}

/** The token that shows who registered a node; it cannot be transferred and gives no authority. */
export interface LicenceView {
    readonly mint: string;
    readonly name: string;
    /** `null` once its holder has burned it. */
    readonly holder: string | null;
    /** What it is worth, as its metadata says. */
    readonly meaning: string;
}

export interface NodeView {
    readonly address: string;
    readonly participant: string;
    readonly label: string | null;
    readonly role: NodeRoleName | 'cdn';
    readonly index: number;
    readonly endpoint: string | null;
    readonly asn: number;
    readonly claims: readonly CapacityClaimView[];
    readonly claimEgressKilobitsPerSecond: string;
    readonly verifiedEgressKilobitsPerSecond: string;
    readonly committedKilobitsPerSecond: string;
    readonly health: Health;
    readonly healthReason: string;
    readonly status: NodeFigures | null;
    readonly licence: LicenceView | null;
}

/** The node's own word (its status endpoint), not proved. */
export interface NodeFigures {
    readonly location: { readonly label: string; readonly latitude: number; readonly longitude: number } | null;
    readonly startedAtMs: number;
    readonly requests: number;
    readonly servedBytes: string;
    readonly receiptedBytes: string;
    readonly cacheHits: number;
    readonly cacheMisses: number;
    readonly cacheCollapsed: number;
    readonly cacheObjects: number;
    readonly cacheBytes: number;
    readonly parentFetches: number;
    readonly openSessions: number;
}

export interface PartyView {
    readonly participant: string;
    readonly owner: string | null;
    readonly label: string | null;
}

export interface MintView {
    readonly address: string;
    readonly label: string | null;
    readonly decimals: number;
    readonly tokenProgram: string;
}

export interface PayeeView {
    /** 0 to 7 = split, 8 = treasury. */
    readonly slot: number;
    readonly address: string;
    readonly label: string | null;
    readonly basisPoints: number | null;
    readonly owed: string;
    /** Sum of this contract's payouts found in its transactions. */
    readonly paid: string;
    /** Balance of the payee's associated token account; `null` = no such account yet. */
    readonly balance: string | null;
}

export interface SlaTierView {
    readonly words: string;
}

export interface EpochStepView {
    readonly name: string;
    readonly signature: string;
    readonly atSecs: number | null;
}

export type EpochPhase =
    | 'running'
    | 'awaiting-commitment'
    | 'committed'
    | 'cosigned'
    | 'settled'
    | 'failed'
    | 'expired'
    | 'not-committed';

export interface CommitmentView {
    readonly address: string;
    readonly kind: number;
    readonly state: string;
    readonly root: string;
    readonly totalBytes: string;
    readonly leafCount: number;
    readonly gross: string;
    readonly penalty: string | null;
    readonly net: string | null;
    readonly fee: string | null;
    readonly sla: {
        readonly availabilityPpm: number;
        readonly errorPpm: number;
        readonly ttfbP95Ms: number;
        readonly stallPpm: number;
        readonly sessions: number;
    };
    /** What the operator's committer holds behind it; `null` = not asked or not answered. */
    readonly evidence: { readonly sessions: number; readonly bytes: string } | null;
    readonly verdict: { readonly verdict: string; readonly reason: string } | null;
    readonly steps: readonly EpochStepView[];
    /** False once the account is closed; figures then come from its events. */
    readonly open: boolean;
}

export interface EpochView {
    readonly epoch: number;
    readonly startsAtSecs: number;
    readonly endsAtSecs: number;
    readonly phase: EpochPhase;
    readonly commitments: readonly CommitmentView[];
}

export interface ContractView {
    readonly address: string;
    readonly state: string;
    readonly contentProvider: PartyView;
    readonly seller: PartyView;
    readonly mint: MintView;
    readonly vault: string;
    readonly genesisAtSecs: number;
    readonly epochLengthSecs: number;
    readonly epochCount: number;
    readonly committedKilobitsPerSecond: string;
    readonly capKilobitsPerSecond: string;
    readonly pricePerGigabyte: readonly string[];
    readonly commitFeePerEpoch: string;
    readonly feeBasisPoints: number;
    readonly slaWords: readonly string[];
    readonly claims: readonly {
        readonly address: string;
        readonly node: string | null;
        readonly footprint: string | null;
        readonly kilobitsPerSecond: string;
    }[];
    readonly escrow: {
        readonly deposited: string;
        readonly balance: string | null;
        readonly reserve: string;
        readonly owed: string;
        readonly openGross: string;
        readonly paidTotal: string;
        readonly penaltyTotal: string;
        readonly grossTotal: string;
    };
    readonly payees: readonly PayeeView[];
    readonly epochs: readonly EpochView[];
    readonly bytes: {
        /** Entity bytes the seller's nodes say they served, receipted and not; `null` when none answered. */
        readonly served: string | null;
        readonly receipted: string | null;
        /** Sum of committed totals on chain. */
        readonly committed: string;
        readonly settled: string;
    };
}

export interface EventView {
    readonly name: string;
    readonly words: string;
    /** Says again, for another program's books, what an event before it says. */
    readonly echo: boolean;
}

export interface TransactionView {
    readonly signature: string;
    readonly slot: number;
    readonly atSecs: number | null;
    readonly failed: boolean;
    readonly events: readonly EventView[];
    readonly contracts: readonly string[];
}
