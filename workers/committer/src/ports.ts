import type { SignedTransaction } from '@ocm/runtime';
import type { Contract, DeliveryCommitment, DeliveryKind, LeafChallenge, SignedEvidence, WithAddress } from '@ocm/sdk';
import type { InclusionProof, SlaSummary } from '@ocm/sdk/core';
import type { EvidencePage, RecordPage } from '@ocm/sdk/http';
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
    | 'proveWindowSecs'
    | 'challengeWindowSecs'
    | 'tokenGraceSecs'
    | 'maxTokenBytes'
    | 'pricePerGigabyte'
    | 'sla'
    | 'mint'
    | 'tokenProgram'
    | 'splits'
    | 'treasury'
    | 'owed'
>;

/** A commitment as the chain holds it: what is proved, what is due and when. */
export type Commitment = Pick<
    WithAddress<DeliveryCommitment>,
    | 'address'
    | 'contract'
    | 'epoch'
    | 'kind'
    | 'root'
    | 'totalBytes'
    | 'committedAt'
    | 'seedTargetSlot'
    | 'rearms'
    | 'seed'
    | 'seededAt'
    | 'samples'
    | 'inclusionBits'
    | 'evidenceBits'
    | 'openChallenges'
    | 'reportCount'
    | 'slaSource'
    | 'state'
    | 'deadline'
    | 'closableAt'
    | 'rentPayer'
>;
export type Challenge = WithAddress<LeafChallenge>;

/** A committed leaf with all that proves it. */
export type LeafProof = { inclusion: InclusionProof; node: PublicKey; evidence: SignedEvidence };

/** How a transaction is sent: `onSigned` gets it on disk before it leaves. */
export type SendOptions = { signal: AbortSignal; onSigned?: (signed: SignedTransaction) => Promise<void> };
export type Sent = { signature: string };

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
    commit(input: CommitInput, options: SendOptions): Promise<Sent>;
    settle(contract: ContractTerms, commitment: Commitment, options: SendOptions): Promise<Sent>;
    /** Takes the median of the auditors' reports as the service quality. */
    resolve(contract: ContractTerms, commitment: Commitment, options: SendOptions): Promise<Sent>;
    expire(contract: ContractTerms, commitment: Commitment, options: SendOptions): Promise<Sent>;
    close(contract: ContractTerms, commitment: Commitment, options: SendOptions): Promise<Sent>;
};

/** Draws samples and proves them, in nobody's name: a key without rights pays. */
export type ProverChain = {
    slot(): Promise<bigint>;
    /** Whether the hash that seeds a commitment due at this slot is known, not yet, or no more. */
    seedStatus(seedTargetSlot: bigint): Promise<'known' | 'notReached' | 'missed'>;
    seed(commitment: Commitment, options: SendOptions): Promise<Sent>;
    rearm(commitment: Commitment, options: SendOptions): Promise<Sent>;
    proveInclusion(commitment: Commitment, index: number, proof: LeafProof, options: SendOptions): Promise<Sent>;
    proveEvidence(commitment: Commitment, index: number, proof: LeafProof, options: SendOptions): Promise<Sent>;
};

/** Answers challenges in the seller's name: bonds of challenges that were wrong go to it. */
export type AnswerChain = {
    /** Gets the bonds. */
    readonly answerer: PublicKey;
    listChallenges(contract: PublicKey): Promise<Challenge[]>;
    answerInclusion(challenge: Challenge, proof: LeafProof, options: SendOptions): Promise<Sent>;
    answerEvidence(challenge: Challenge, proof: LeafProof, options: SendOptions): Promise<Sent>;
    closeChallenge(contract: ContractTerms, challenge: Challenge, options: SendOptions): Promise<Sent>;
};

export type PayoutChain = {
    /** Wallets that are the participant's own: its owner and the one that it has named for payouts. */
    fetchPayees(): Promise<readonly PublicKey[]>;
    withdraw(contract: ContractTerms, index: number, options: SendOptions): Promise<Sent>;
};

/** Brings a transaction of an earlier life to its end: true when it landed, false when it can land no more. */
export type TransactionFinisher = {
    finish(signed: SignedTransaction, label: string, signal: AbortSignal): Promise<boolean>;
};

export type EpochOfNode = {
    /** Base58, as the contract. */
    node: string;
    contract: string;
    epoch: number;
};
export type SessionsRequest = EpochOfNode & {
    /** Token hash of the last session that is known already. */
    after: string | null;
    limit: number;
};
export type RecordsRequest = EpochOfNode & { session: string; from: number; limit: number };

export type NodeClient = {
    fetchSessions(request: SessionsRequest, signal: AbortSignal): Promise<EvidencePage>;
    fetchRecords(request: RecordsRequest, signal: AbortSignal): Promise<RecordPage>;
    /** Nodes (base58) that this worker knows the URL of. */
    readonly nodes: ReadonlySet<string>;
};
