import type { OpenSessionResponse, SignedReceipt } from '../../http/node.js';
import { statusOf } from './peer-http.js';
import type { SessionPorts, StoredSession } from './ports.js';
import { ProofClock } from './proof-clock.js';
import { openAtNode, sendReceipt } from './session-peers.js';

/** A refusal of the session: the node forgot it, or the token's time or bytes are over. */
export const SESSION_REFUSED: ReadonlySet<unknown> = new Set([401, 403, 409, 410]);

/** Payment required: the node has sent more than its credit allows without a receipt, or the token's bytes are used up. */
export const CREDIT_EXHAUSTED = 402;

/** A session's connection to its node: opened when it is needed, and again after any doubt about the node's memory. */
export class NodeLink {
    /** What the node sends ahead of receipts; unknown before the session is open. */
    creditBytes: bigint | undefined;
    readonly #ports: SessionPorts;
    readonly #stored: StoredSession;
    readonly #onOpened: (answer: OpenSessionResponse) => Promise<void>;
    #opening: Promise<void> | null = null;
    readonly #proofClock: ProofClock;

    constructor(ports: SessionPorts, stored: StoredSession, onOpened: (answer: OpenSessionResponse) => Promise<void>) {
        this.#ports = ports;
        this.#stored = stored;
        this.#onOpened = onOpened;
        this.#proofClock = new ProofClock(ports.now);
    }

    close(): void {
        this.#opening = null;
    }

    /** @throws MKT_SDK__PEER_*, MKT_SDK__ANSWER_INVALID, MKT_SDK__RECEIPT_FOREIGN */
    open(): Promise<void> {
        this.#opening ??= this.#open().catch((error: unknown) => {
            this.#opening = null;
            throw error;
        });
        return this.#opening;
    }

    /** @throws as `open` */
    async send(signed: SignedReceipt, last: { seq: number; bytes: bigint }): Promise<void> {
        const send = () => sendReceipt(this.#ports, this.#stored.nodeUrl, signed, last);
        try {
            await send();
        } catch (error) {
            this.close();
            if (!SESSION_REFUSED.has(statusOf(error))) throw error;
            // It forgot the session, or knows of a later receipt: once it has told what it holds, once more.
            await this.open();
            await send();
        }
    }

    async #open(): Promise<void> {
        const answer = await this.#prove().catch((error: unknown) => {
            if (this.#proofClock.adopt(error)) return this.#prove();
            throw error;
        });
        this.creditBytes = BigInt(answer.creditBytes);
        await this.#onOpened(answer);
    }

    #prove(): Promise<OpenSessionResponse> {
        return openAtNode(this.#ports, this.#stored, this.#proofClock.next());
    }
}
