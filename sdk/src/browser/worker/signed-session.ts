import { fromBase64 } from '../../core/bytes.js';
import type { SignedReceipt } from '../../http/node.js';
import { type CompletedObject, RECEIPT_INTERVAL_MS, ReceiptSession } from '../../viewer/receipt-session.js';
import { createLockedSigner } from '../../viewer/signer.js';
import { isRefusal, statusOf } from './peer-http.js';
import type { StoredSession, WorkerPorts } from './ports.js';
import { reportError } from './report.js';
import { copyReceipt, openAtNode, sendReceipt } from './session-peers.js';

/** A token this close to its end is not worth another request: the receipt has to arrive in time too. */
const LONGEST_TOKEN_MARGIN_MS = 3_000;
/** Of a short token this part of its life, so that epochs of seconds leave time to play. */
const TOKEN_MARGIN_DIVISOR = 4;
/** A refusal of the session: the node forgot it, or the token's time or bytes are over. */
const SESSION_REFUSED: ReadonlySet<unknown> = new Set([401, 403, 409, 410]);

/** One token at one node: its key, its receipts, and what node and provider have of them. */
export class SignedSession {
    readonly id: string;
    readonly node: string;
    readonly nodeUrl: string;
    /** Responses that are being streamed under this session. */
    streams = 0;
    readonly #ports: WorkerPorts;
    readonly #providerUrl: string;
    readonly #stored: StoredSession;
    readonly #receipts: ReceiptSession;
    #creditBytes: bigint | undefined;
    #opening: Promise<void> | null = null;
    #lastProofMs = 0;
    /** Refused for good, or taken over by a later life of the worker: nothing more is signed here. */
    #isLost = false;
    /** Receipts are made, saved and sent one after the other. */
    #queue: Promise<void> = Promise.resolve();

    constructor(ports: WorkerPorts, providerUrl: string, stored: StoredSession) {
        const signer = createLockedSigner(stored.key);
        this.#ports = ports;
        this.#providerUrl = providerUrl;
        this.#stored = stored;
        this.#receipts = ReceiptSession.fromState(stored.receipts, { token: fromBase64(stored.token), signer });
        this.id = stored.id;
        this.node = stored.node;
        this.nodeUrl = stored.nodeUrl;
    }

    get isUnused(): boolean {
        return this.#receipts.objects === 0;
    }
    get hasUnacknowledged(): boolean {
        return this.#receipts.hasUnacknowledged;
    }
    /** True if node and provider have a receipt over everything recorded, or can get none any more. */
    get isSettled(): boolean {
        const { confirmedSeq, copiedSeq } = this.#stored;
        const lastSeq = this.#receipts.lastReceipt?.seq ?? 0;
        const isDone = !this.hasUnacknowledged && lastSeq <= Math.min(confirmedSeq, copiedSeq);
        return this.#isLost || this.isExpired || isDone;
    }
    /** After its token's end a node rightly refuses receipts; the provider's copy of one would accuse it of omission. */
    get isExpired(): boolean {
        return this.#ports.now() >= this.#receipts.token.notAfterSecs * 1000;
    }
    /** True if nothing more may be asked for under this token. */
    get isOver(): boolean {
        return this.#isLost || !this.#receipts.canRecord(0, this.#ports.now() + this.#marginMs);
    }
    get isReceiptDue(): boolean {
        const unacknowledgedBytes = this.#receipts.bytes - this.#receipts.acknowledgedBytes;
        const isCreditLow = this.#creditBytes !== undefined && 2n * unacknowledgedBytes >= this.#creditBytes;
        if (this.hasUnacknowledged && (isCreditLow || this.isOver)) return true;
        return this.#receipts.isReceiptDue(this.#ports.now());
    }
    /** Milliseconds until what is recorded now is to be signed for at the latest. */
    get dueInMs(): number {
        const endsInMs = this.#receipts.token.notAfterSecs * 1000 - this.#ports.now() - this.#marginMs;
        return Math.max(0, Math.min(RECEIPT_INTERVAL_MS, endsInMs));
    }

    /** What arrived counts once; bytes beyond the token's limits are nobody's. */
    record(object: CompletedObject): void {
        if (this.#isLost || !this.#receipts.canRecord(object.lengthBytes, object.completedAtMs)) return;
        this.#receipts.recordObject(object);
    }
    recordStall(durationMs: number): void {
        this.#receipts.recordStall(durationMs);
    }
    recordError(): void {
        this.#receipts.recordError();
    }

    /** After any doubt about the node's memory: the next `open` asks it again. */
    closeConnection(): void {
        this.#opening = null;
    }

    /** Opens the session at the node, or again after a restart of either side. @throws MKT_BROWSER__PEER_* */
    open(): Promise<void> {
        this.#opening ??= this.#open().catch((error: unknown) => {
            this.#opening = null;
            if (isRefusal(error)) this.#isLost = true;
            throw error;
        });
        return this.#opening;
    }

    /** Signs for what is not acknowledged, and sees to it that node and provider have the last receipt. */
    acknowledge(): Promise<void> {
        const run = this.#queue.then(() => this.#acknowledge());
        this.#queue = run.catch(() => undefined);
        return run;
    }

    /** Keeps what is recorded for the next life of the worker. */
    async save(): Promise<void> {
        this.#stored.receipts = this.#receipts.toState();
        if (!(await this.#ports.store.save(this.#stored))) this.#isLost = true;
    }

    get #marginMs(): number {
        const { notBeforeSecs, notAfterSecs } = this.#receipts.token;
        return Math.min(LONGEST_TOKEN_MARGIN_MS, ((notAfterSecs - notBeforeSecs) * 1000) / TOKEN_MARGIN_DIVISOR);
    }

    async #open(): Promise<void> {
        // A node takes no proof twice: two openings in one millisecond need two times.
        this.#lastProofMs = Math.max(this.#ports.now(), this.#lastProofMs + 1);
        const { receipt, receiptSignature, creditBytes } = await openAtNode(
            this.#ports,
            this.#stored,
            this.#lastProofMs,
        );
        this.#creditBytes = BigInt(creditBytes);
        if (receipt !== null) this.#receipts.adoptReceipt({ receipt, receiptSignature });
        // What was confirmed before does not count: the node may have lost it with its last group of writes.
        const own = await this.#receipts.repeatReceipt();
        const isHeld = own !== null && own.receipt === receipt;
        this.#stored.confirmedSeq = isHeld ? (this.#receipts.lastReceipt?.seq ?? 0) : 0;
        await this.save();
        this.#ports.report({ type: 'session', session: this.id, node: this.node });
    }

    async #acknowledge(): Promise<void> {
        if (this.isExpired || this.isSettled) return;
        // Before the receipt is made: opening may take over a higher number from the node.
        await this.open();
        if (this.hasUnacknowledged) await this.#receipts.createReceipt(this.#ports.now());
        // Saved before anybody sees it: a later life never uses its number for less.
        await this.save();
        const signed = await this.#receipts.repeatReceipt();
        const last = this.#receipts.lastReceipt;
        if (this.#isLost || last === null || signed === null) return;
        const { seq, bytes } = last;
        if (seq > this.#stored.confirmedSeq) await this.#send(signed, { seq, bytes });
        this.#stored.confirmedSeq = seq;
        const copied = seq <= this.#stored.copiedSeq || (await this.#copy(signed));
        if (copied) this.#stored.copiedSeq = seq;
        await this.save();
        const { id: session, node } = this;
        this.#ports.report({ type: 'receipt', session, node, seq, bytes: bytes.toString(), copied });
    }

    async #send(signed: SignedReceipt, last: { seq: number; bytes: bigint }): Promise<void> {
        const send = () => sendReceipt(this.#ports, this.nodeUrl, signed, last);
        try {
            await send().catch(async (error: unknown) => {
                this.closeConnection();
                if (!SESSION_REFUSED.has(statusOf(error))) throw error;
                // It forgot the session, or knows of a later receipt: once it has told what it holds, once more.
                await this.open();
                await send();
            });
        } catch (error) {
            // It counts less than arrived here: this session cannot go on, and no copy may accuse the node.
            if (isRefusal(error)) this.#isLost = true;
            throw error;
        }
    }

    /** A provider that is away gets the next one: receipts are cumulative. */
    async #copy(signed: SignedReceipt): Promise<boolean> {
        return copyReceipt(this.#ports, this.#providerUrl, signed).then(
            () => true,
            (error: unknown) => {
                reportError(this.#ports, error);
                return false;
            },
        );
    }
}
