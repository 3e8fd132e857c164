import { decodeReceipt, decodeToken, fromBase64, hashToken, type Receipt, type Token, toHex } from '@ocm/sdk/core';
import type { ReceiptEntry, SessionEntry } from '../log/entries.js';

/** How long a response may wait for the receipt that frees its credit before it is cut off. */
const CREDIT_WAIT_MS = 15_000;

/** One token being served: what left for it, and what its client has acknowledged. */
export class Session {
    readonly hash: string;
    readonly tokenHash: Uint8Array;
    readonly token: Token;
    readonly entry: SessionEntry;
    /** Base58 address of the contract. */
    readonly contract: string;
    /** Highest `timestampMs` of an accepted proof. */
    lastProofMs = 0;
    /** Entity bytes of media handed to the network. */
    #handedBytes = 0n;
    /** Bytes that may have left before a crash without a record of them. */
    #unrecordedBytes = 0n;
    #receipt: { entry: ReceiptEntry; receipt: Receipt } | null = null;
    #waiting: (() => void)[] = [];
    /** Receipts of one session are judged one after the other. */
    #queue: Promise<unknown> = Promise.resolve();

    constructor(entry: SessionEntry, contract: string) {
        const bytes = fromBase64(entry.token);
        this.entry = entry;
        this.contract = contract;
        this.token = decodeToken(bytes);
        this.tokenHash = hashToken(bytes);
        this.hash = toHex(this.tokenHash);
    }

    get handedBytes(): bigint {
        return this.#handedBytes;
    }

    /** The most that a client can have received. */
    get receivableBytes(): bigint {
        return this.#handedBytes + this.#unrecordedBytes;
    }

    get receiptedBytes(): bigint {
        return this.#receipt?.receipt.bytes ?? 0n;
    }

    get highest(): { entry: ReceiptEntry; receipt: Receipt } | null {
        return this.#receipt;
    }

    /** Attack A8: a client that takes and does not sign costs the node at most the credit. */
    isOutOfCredit(creditBytes: bigint): boolean {
        return this.#handedBytes - this.receiptedBytes > creditBytes;
    }

    get isExhausted(): boolean {
        return this.#handedBytes >= this.token.maxBytes;
    }

    hand(bytes: number): void {
        this.#handedBytes += BigInt(bytes);
    }

    /**
     * Ends a replay. Responses that a crash cut off left bytes that no record tells of, so the client may acknowledge up to
     * `unrecordedBytes` more than the records hold; what it has acknowledged had certainly left.
     */
    finishReplay(unrecordedBytes: bigint): void {
        if (this.receiptedBytes > this.#handedBytes) this.#handedBytes = this.receiptedBytes;
        this.#unrecordedBytes = unrecordedBytes;
    }

    applyReceipt(entry: ReceiptEntry): void {
        const receipt = decodeReceipt(fromBase64(entry.receipt));
        this.#receipt = { entry, receipt };
        if (this.#unrecordedBytes > 0n && receipt.bytes > this.#handedBytes) {
            this.#unrecordedBytes -= receipt.bytes - this.#handedBytes;
            this.#handedBytes = receipt.bytes;
        }
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const resume of waiting) resume();
    }

    /** Waits for credit; false if no receipt came in time or the signal fired. */
    async waitForCredit(creditBytes: bigint, signal: AbortSignal): Promise<boolean> {
        const deadline = AbortSignal.any([signal, AbortSignal.timeout(CREDIT_WAIT_MS)]);
        while (this.isOutOfCredit(creditBytes)) {
            if (deadline.aborted) return false;
            await new Promise<void>((resolve) => {
                this.#waiting.push(resolve);
                deadline.addEventListener('abort', () => resolve(), { once: true });
            });
        }
        return true;
    }

    /** Runs `task` after those of this session that came before. */
    serially<T>(task: () => Promise<T>): Promise<T> {
        const result = this.#queue.then(task, task);
        this.#queue = result.catch(() => undefined);
        return result;
    }
}
