import type { CapacityClaim, Contract, WithAddress } from '@ocm/sdk';
import type { SlaSummary } from '@ocm/sdk/core';
import type { CommitmentManifest } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';

/** What the chain says of one commitment, whether its account still stands or was closed. Money in base units. */
export type CommitmentFacts = {
    address: PublicKey;
    epoch: number;
    kind: number;
    root: Uint8Array;
    /** Of its tree: the seller chooses one at which every leaf can be proved. */
    depth: number;
    totalBytes: bigint;
    manifestHash: Uint8Array;
    slaSummary: SlaSummary;
    gross: bigint;
    /** Of the account; `settled`, `failed` or `expired` by its events once that is closed. */
    state: string;
};
export type SettlementFacts = {
    commitment: PublicKey;
    topUp: bigint;
    penaltyBasisPoints: number;
    penalty: bigint;
    net: bigint;
    fee: bigint;
    /** In the order of the contract's splits. */
    payouts: readonly bigint[];
    treasury: bigint;
    /** Settlements of the contract up to and with this one. */
    historySize: bigint;
};
export type ContractHistory = { commitments: CommitmentFacts[]; settlements: SettlementFacts[] };

export type ReportChain = {
    clusterTimeSecs(): Promise<number>;
    fetchContract(contract: PublicKey): Promise<WithAddress<Contract> | null>;
    fetchClaims(contract: WithAddress<Contract>): Promise<WithAddress<CapacityClaim>[]>;
    readHistory(contract: PublicKey, signal: AbortSignal): Promise<ContractHistory>;
};

/** Manifests by the hash that the chain names; the committer is asked for what is not kept. */
export type ManifestSource = {
    find(commitment: PublicKey, manifestHash: string, signal: AbortSignal): Promise<CommitmentManifest | null>;
};

export type CacheTally = { cachedBytes: bigint; loggedBytes: bigint; files: number; unreadable: number };
/** RFC 7937 files that the content provider has of a contract's epochs; null when it keeps none. */
export type LogSource = {
    tally(contract: string, epochs: { from: number; to: number }, signal: AbortSignal): Promise<CacheTally | null>;
};
