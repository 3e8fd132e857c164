import type { Contract, DeliveryKind, WithAddress } from '@ocm/sdk';
import type { SlaSummary } from '@ocm/sdk/core';
import type { EpochEvidence } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';

/** What of a contract this worker acts by. */
export type ContractTerms = Pick<
    WithAddress<Contract>,
    | 'address'
    | 'contentProvider'
    | 'seller'
    | 'claims'
    | 'issuer'
    | 'issuerFromEpoch'
    | 'genesisAt'
    | 'epochLengthSecs'
    | 'epochCount'
    | 'capKilobitsPerSecond'
    | 'commitFeePerEpoch'
    | 'commitDelaySecs'
    | 'commitWindowSecs'
    | 'vault'
    | 'state'
>;

export type Commitment = {
    address: PublicKey;
    contract: PublicKey;
    epoch: number;
    kind: DeliveryKind;
    /** `open`: neither co-signed nor over; `payable`: co-signed or proven; `over`: settled, failed or expired. */
    phase: 'open' | 'payable' | 'over';
    /** Last moment of the co-signature, unix seconds of the cluster. */
    deadline: bigint;
    /** After this moment it may be closed once it is over, unix seconds of the cluster. */
    closableAt: bigint;
    rentPayer: PublicKey;
};

export type CommitInput = {
    contract: ContractTerms;
    epoch: number;
    kind: DeliveryKind;
    root: Uint8Array;
    depth: number;
    leafCount: number;
    totalBytes: bigint;
    manifestHash: Uint8Array;
    slaSummary: SlaSummary;
};

export type CommitterChain = {
    clusterTag(): Promise<number>;
    clusterTimeSecs(): Promise<number>;
    /** All contracts of the seller that this worker serves. */
    listContracts(): Promise<ContractTerms[]>;
    /** Nodes of the contract's capacity claims. */
    fetchNodes(contract: ContractTerms): Promise<readonly PublicKey[]>;
    listCommitments(contract: PublicKey): Promise<Commitment[]>;
    commitmentExists(address: PublicKey): Promise<boolean>;
    commit(input: CommitInput, signal: AbortSignal): Promise<{ signature: string }>;
    settle(contract: ContractTerms, commitment: Commitment, signal: AbortSignal): Promise<{ signature: string }>;
    expire(contract: ContractTerms, commitment: Commitment, signal: AbortSignal): Promise<{ signature: string }>;
    close(contract: ContractTerms, commitment: Commitment, signal: AbortSignal): Promise<{ signature: string }>;
};

export type NodeClient = {
    fetchEvidence(
        input: { node: string; contract: PublicKey; epoch: number },
        signal: AbortSignal,
    ): Promise<EpochEvidence>;
    /** Nodes (base58) that this worker knows the URL of. */
    readonly nodes: ReadonlySet<string>;
};
