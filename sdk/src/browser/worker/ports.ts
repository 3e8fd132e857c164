import type { ReceiptSessionState } from '../../viewer/receipt-state.js';
import type { LockedKey } from '../../viewer/signer.js';
import type { ReceiptEvent } from '../messages.js';

/** What outlives a service worker, which the browser ends whenever it likes. */
export type StoredSession = {
    /** Hex SHA-256 of the token. */
    id: string;
    node: string;
    /** Origin of the node's URLs. */
    nodeUrl: string;
    /** Fresh for this token (security.md 3.2, P1); kept as a CryptoKey, so that no script can read it out. */
    key: LockedKey;
    token: string;
    tokenSignature: string;
    receipts: ReceiptSessionState;
    /** `seq` of the highest receipt that the node confirmed, and of the highest copy at the provider. */
    confirmedSeq: number;
    copiedSeq: number;
};

export interface SessionStore {
    /** Every session of this worker's earlier lives. From now on they are this life's alone. */
    takeOver(): Promise<StoredSession[]>;
    create(session: StoredSession): Promise<void>;
    /** @returns false if another life of the worker took the session over: this one must not sign for it any more. */
    save(session: StoredSession): Promise<boolean>;
    remove(id: string): Promise<void>;
}

export interface WorkerPorts {
    fetch(input: string | Request, init?: RequestInit): Promise<Response>;
    /** `createLockedKey`, which some browsers cannot do. */
    createKey(): Promise<LockedKey>;
    store: SessionStore;
    report(event: ReceiptEvent): void;
    now(): number;
    sleep(durationMs: number): Promise<void>;
}
