import type { Contract, WithAddress } from '@ocm/sdk';
import type { CommitmentManifest } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';

/** What of a contract this worker judges by. */
export type ContractTerms = Pick<
    WithAddress<Contract>,
    | 'address'
    | 'contentProvider'
    | 'claims'
    | 'issuer'
    | 'issuerFromEpoch'
    | 'genesisAt'
    | 'epochLengthSecs'
    | 'epochCount'
    | 'capKilobitsPerSecond'
    | 'commitDelaySecs'
    | 'commitWindowSecs'
    | 'tokenGraceSecs'
    | 'maxTokenBytes'
    | 'state'
>;

export type Commitment = {
    address: PublicKey;
    contract: PublicKey;
    epoch: number;
    kind: number;
    root: Uint8Array;
    depth: number;
    leafCount: number;
    totalBytes: bigint;
    manifestHash: Uint8Array;
    /** True while the content provider's signature can still settle it. */
    awaitsCosignature: boolean;
    /** True once it was co-signed, also when settled since. */
    isCosigned: boolean;
};

/** What the program's parameters allow a token to be. */
export type TokenLimits = { maxTokenBytes: bigint; tokenGraceSecs: number };

export type ProviderChain = {
    clusterTag(): Promise<number>;
    clusterTimeSecs(): Promise<number>;
    fetchContract(contract: PublicKey): Promise<ContractTerms | null>;
    /** Nodes of the contract's capacity claims. */
    fetchNodes(contract: ContractTerms): Promise<readonly PublicKey[]>;
    fetchTokenLimits(): Promise<TokenLimits>;
    listCommitments(contract: PublicKey): Promise<Commitment[]>;
    /** Co-signs on chain; a second call for the same commitment fails and changes nothing. */
    cosign(commitment: Commitment, contract: ContractTerms, signal: AbortSignal): Promise<{ signature: string }>;
};

export type CommitterClient = {
    fetchManifest(commitment: PublicKey, signal: AbortSignal): Promise<CommitmentManifest>;
};
