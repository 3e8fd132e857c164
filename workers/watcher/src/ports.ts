import type { Contract, DeliveryCommitment, LeafChallenge, PartyKey, WithAddress } from '@ocm/sdk';
import type { CommitmentManifest } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';

/** What of a contract this worker judges and acts by. */
export type WatchedContract = WithAddress<Contract>;
export type WatchedCommitment = WithAddress<DeliveryCommitment>;
export type Challenge = WithAddress<LeafChallenge>;

export type WatcherChain = {
    readonly challenger: PublicKey;
    clusterTimeSecs(): Promise<number>;
    listContracts(): Promise<WatchedContract[]>;
    fetchNodes(contract: WatchedContract): Promise<readonly PublicKey[]>;
    /** Whether a node is registered by the contract's seller. */
    isSellerNode(contract: WatchedContract, node: string): Promise<boolean>;
    /** Keys of the two sides, by what they are: a client key among them is no viewer's. */
    fetchParties(contract: WatchedContract): Promise<readonly PartyKey[]>;
    listCommitments(contract: PublicKey): Promise<WatchedCommitment[]>;
    fetchCommitment(address: PublicKey): Promise<WatchedCommitment | null>;
    fetchContract(address: PublicKey): Promise<WatchedContract | null>;
    fetchChallenge(address: PublicKey): Promise<Challenge | null>;
    lamports(): Promise<bigint>;
    challenge(
        input: { contract: WatchedContract; commitment: WatchedCommitment; target: bigint; isFree: boolean },
        signal: AbortSignal,
    ): Promise<{ signature: string }>;
    /** Ends the commitment whose seller did not answer. */
    fail(contract: WatchedContract, challenge: Challenge, signal: AbortSignal): Promise<{ signature: string }>;
    /** Pays a challenge out as it stands. */
    collect(contract: WatchedContract, challenge: Challenge, signal: AbortSignal): Promise<{ signature: string }>;
};

export type CommitterClient = {
    /** Whether a committer of the contract is known: nobody withholds what was asked of nobody. */
    knows(contract: PublicKey): boolean;
    fetchManifest(commitment: WatchedCommitment, signal: AbortSignal): Promise<CommitmentManifest>;
};

/** A receipt that a viewer or content provider has kept. */
export type ReceiptCopy = { tokenHash: string; bytes: bigint };
export type ReceiptCopies = {
    /** Copies of the tokens of one epoch of one contract, the highest of each token. */
    listCopies(contract: PublicKey, epoch: number): readonly ReceiptCopy[];
};
