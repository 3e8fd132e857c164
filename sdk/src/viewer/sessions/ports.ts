import type { ReceiptSessionState } from '../receipt-state.js';
import type { SessionKey } from '../signer.js';
import type { SessionEvent } from './events.js';

/** What outlives a process that may end at any time, as a service worker does. */
export type StoredSession = {
    /** Hex SHA-256 of the token. */
    id: string;
    node: string;
    /** Origin of the node's URLs. */
    nodeUrl: string;
    /** Fresh for this token (security.md 3.2, P1); of a browser a CryptoKey, so that no script can read it out. */
    key: SessionKey;
    token: string;
    tokenSignature: string;
    receipts: ReceiptSessionState;
    /** The cluster's clock less this machine's; absent where an earlier release stored the session. */
    clusterOffsetMs?: number;
    /** `seq` of the highest receipt that the node confirmed, and of the highest copy at the provider. */
    confirmedSeq: number;
    copiedSeq: number;
};

export interface SessionStore {
    /** Every session of earlier lives. From now on they are this life's alone. */
    takeOver(): Promise<StoredSession[]>;
    create(session: StoredSession): Promise<void>;
    /** @returns false if another life took the session over: this one must not sign for it any more. */
    save(session: StoredSession): Promise<boolean>;
    remove(id: string): Promise<void>;
}

/** What sessions need of the place they live in. */
export interface SessionPorts {
    fetch(input: string, init?: RequestInit): Promise<Response>;
    /** `createLockedKey`, which some browsers cannot do; elsewhere `generateKeyPair` does. */
    createKey(): Promise<SessionKey>;
    store: SessionStore;
    report(event: SessionEvent): void;
    now(): number;
    sleep(durationMs: number): Promise<void>;
}
