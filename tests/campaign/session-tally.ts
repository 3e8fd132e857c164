import type { HttpClient } from '@ocm/viewer';

/** A receipt as its viewer signed it. */
export type SignedTally = { seq: number; bytes: bigint; receipt: string };

/** One session as its viewer knows it, who believes nobody: what it signed, and what the node said that it has. */
export type SessionTally = {
    /** Hexadecimal. */
    tokenHash: string;
    contract: string;
    epoch: number;
    node: string;
    viewer: string;
    signed: SignedTally[];
    /** Highest sequence number that the node has acknowledged; 0: none. */
    heldSeq: number;
    beganAtMs: number;
    endedAtMs: number;
};

/** What a viewer has found that must not be. */
export type Complaint = (what: string) => void;

export type SessionDeps = {
    http: HttpClient;
    viewer: string;
    node: string;
    nodeUrl: string;
    providerUrl: string;
    /** The chain's clock, Unix milliseconds. */
    nowMs: () => number;
    complain: Complaint;
};
