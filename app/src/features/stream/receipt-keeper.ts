import type { SignedReceipt } from '@ocm/sdk/http';
import type { LoadedObject } from './observing-loader';
import type { StreamState } from './stream-state';
import { copyReceipt, openViewerSession, sendReceipt, type ViewerSession } from './viewer-session';

/** A session is left this long before its token ends, so that no request meets the end. */
const RENEW_BEFORE_END_MS = 2_000;
/** What is not acknowledged by then is signed for, due or not: a receipt must arrive within the token's time. */
const SIGN_BEFORE_END_MS = 4_000;
/** After a refusal to issue, the provider is asked again at most this often. */
const REFUSAL_PAUSE_MS = 5_000;

export interface KeeperInput {
    readonly node: string;
    readonly nodeOrigin: string;
    readonly providerUrl: string;
    readonly signal: AbortSignal;
    readonly update: (change: (state: StreamState) => StreamState) => void;
    readonly note: (words: string) => void;
}

/** Holds the session of a playback: records what arrives, signs when due, renews the token when its time is over. */
export class ReceiptKeeper {
    readonly #input: KeeperInput;
    #session: ViewerSession | null = null;
    #opening: Promise<boolean> | null = null;
    /** Received under sessions that are over, and what the node holds signatures for in the current one. */
    #closedBytes = 0n;
    #confirmedBytes = 0n;
    #unconfirmed: SignedReceipt | null = null;
    #refusedAtMs = 0;
    /** Objects are recorded in the order in which they completed, receipts signed one after the other. */
    #queue: Promise<void> = Promise.resolve();

    constructor(input: KeeperInput) {
        this.#input = input;
    }

    /** Value of the session header for requests to the node; `null` without a session. */
    get sessionId(): string | null {
        return this.#session?.id ?? null;
    }

    get nodeOrigin(): string {
        return this.#input.nodeOrigin;
    }

    /** Opens a session, or a fresh one when the current one is about to end. */
    async ensure(): Promise<void> {
        const session = this.#session;
        if (session?.receipts.canRecord(0, Date.now() + RENEW_BEFORE_END_MS)) return;
        if (session || Date.now() - this.#refusedAtMs > REFUSAL_PAUSE_MS) await this.renew();
    }

    /** @returns whether there is a session now; without one the stream goes on without receipts. */
    renew(): Promise<boolean> {
        this.#opening ??= this.#renew().finally(() => {
            this.#opening = null;
        });
        return this.#opening;
    }

    record(object: LoadedObject): void {
        // Bound to the session under which it was asked for: the next one must not sign for it.
        const session = this.#session;
        if (!session) return;
        this.#enqueue(async () => {
            const { lengthBytes, ttfbMs, completedAtMs } = object;
            if (!session.receipts.canRecord(lengthBytes, completedAtMs)) return;
            session.receipts.recordObject({ sha256: await object.sha256, lengthBytes, ttfbMs, completedAtMs });
            this.#publish();
            if (session.receipts.isReceiptDue(Date.now())) await this.#sign(session);
        });
    }

    recordStall(durationMs: number): void {
        this.#session?.receipts.recordStall(durationMs);
    }
    recordError(): void {
        this.#session?.receipts.recordError();
    }

    /** Signs when time or bytes ask for it, and while the token's time still allows it. */
    tick(): void {
        const session = this.#session;
        if (!session) return;
        this.#enqueue(async () => {
            const ending = !session.receipts.canRecord(0, Date.now() + SIGN_BEFORE_END_MS);
            if (ending) await this.#signRest(session);
            else if (session.receipts.isReceiptDue(Date.now())) await this.#sign(session);
        });
    }

    /** Signs for what is not acknowledged yet. */
    async finish(): Promise<void> {
        const session = this.#session;
        if (!session) return;
        this.#enqueue(() => this.#signRest(session));
        await this.#queue;
    }

    async #renew(): Promise<boolean> {
        const { update, note } = this.#input;
        const old = this.#session;
        if (old) {
            this.#enqueue(() => this.#signRest(old));
            await this.#queue;
        }
        try {
            const session = await openViewerSession(this.#input);
            this.#replace(session);
            const { contract, epoch, keyIsLocked } = session;
            update((state) => ({ ...state, contract, epoch, keyIsLocked, sessions: state.sessions + 1 }));
            return true;
        } catch (error) {
            this.#replace(null);
            this.#refusedAtMs = Date.now();
            if (!this.#input.signal.aborted) {
                note(
                    `Playing without receipts: ${error instanceof Error ? error.message : 'no session could be opened.'}`,
                );
            }
            return false;
        }
    }

    #replace(session: ViewerSession | null): void {
        this.#closedBytes += this.#session?.receipts.bytes ?? 0n;
        this.#confirmedBytes = 0n;
        this.#unconfirmed = null;
        this.#session = session;
    }

    #enqueue(task: () => Promise<void>): void {
        this.#queue = this.#queue.then(task).catch((error: unknown) => {
            if (this.#input.signal.aborted) return;
            this.#input.note(`A receipt did not arrive: ${error instanceof Error ? error.message : 'unknown cause'}`);
        });
    }

    #publish(): void {
        const session = this.#session;
        if (!session) return;
        const receivedBytes = this.#closedBytes + session.receipts.bytes;
        this.#input.update((state) => ({ ...state, receivedBytes, objects: state.objects + 1 }));
    }

    async #signRest(session: ViewerSession): Promise<void> {
        if (session.receipts.hasUnacknowledged) return this.#sign(session);
        if (this.#unconfirmed) await this.#send(session, this.#unconfirmed);
    }

    async #sign(session: ViewerSession): Promise<void> {
        const receipt = await session.receipts.createReceipt(Date.now());
        this.#input.update((state) => ({ ...state, receiptsSigned: state.receiptsSigned + 1 }));
        this.#unconfirmed = receipt;
        await this.#send(session, receipt);
    }

    async #send(session: ViewerSession, receipt: SignedReceipt): Promise<void> {
        const { update, providerUrl, note } = this.#input;
        const held = await sendReceipt(session, receipt);
        const gained = held > this.#confirmedBytes ? held - this.#confirmedBytes : 0n;
        this.#confirmedBytes += gained;
        this.#unconfirmed = null;
        update((state) => ({ ...state, acknowledgedBytes: state.acknowledgedBytes + gained }));
        try {
            await copyReceipt(providerUrl, receipt);
            update((state) => ({ ...state, receiptCopies: state.receiptCopies + 1 }));
        } catch (error) {
            note(
                `The provider's copy of a receipt did not arrive: ${error instanceof Error ? error.message : 'unknown'}`,
            );
        }
    }
}
