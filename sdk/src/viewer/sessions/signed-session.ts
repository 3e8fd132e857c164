import { fromBase64 } from '../../core/bytes.js';
import type { OpenSessionResponse, SignedReceipt } from '../../http/node.js';
import { type CompletedObject, RECEIPT_INTERVAL_MS, ReceiptSession } from '../receipt-session.js';
import { createKeySigner } from '../signer.js';
import { NodeLink } from './node-link.js';
import { isRefusal } from './peer-http.js';
import type { SessionPorts, StoredSession } from './ports.js';
import { ReceivedStream, type ReceivedStreamInput } from './received-stream.js';
import { reportError } from './report.js';
import { copyReceipt, sendReceipt } from './session-peers.js';
import { computeTokenMarginMs } from './token-margin.js';

/** One token at one node: its key, its receipts, and what node and provider have of them. */
export class SignedSession {
    readonly #ports: SessionPorts;
    readonly #providerUrl: string;
    readonly #stored: StoredSession;
    readonly #receipts: ReceiptSession;
    readonly #link: NodeLink;
    readonly #streams = new Set<ReceivedStream>();
    /** Refused for good, or taken over by a later life: nothing more is signed here. */
    #isLost = false;
    /** Receipts are made, saved and sent one after the other. */
    #queue: Promise<void> = Promise.resolve();

    /** @throws MKT_SDK__RECEIPT_STATE_INVALID */
    constructor(ports: SessionPorts, providerUrl: string, stored: StoredSession) {
        const signer = createKeySigner(stored.key);
        this.#ports = ports;
        this.#providerUrl = providerUrl;
        this.#stored = stored;
        this.#receipts = ReceiptSession.fromState(stored.receipts, { token: fromBase64(stored.token), signer });
        this.#link = new NodeLink(ports, stored, (answer) => this.#opened(answer));
    }

    get id(): string {
        return this.#stored.id;
    }
    get nodeUrl(): string {
        return this.#stored.nodeUrl;
    }
    get hasUnacknowledged(): boolean {
        return this.#receipts.hasUnacknowledged;
    }
    /** True if node and provider have a receipt over everything recorded, or can get none any more. */
    get isSettled(): boolean {
        const { confirmedSeq, copiedSeq } = this.#stored;
        const lastSeq = this.#receipts.lastReceipt?.seq ?? 0;
        const isDone = !this.hasUnacknowledged && lastSeq <= Math.min(confirmedSeq, copiedSeq);
        // After its token's end a node rightly refuses receipts; the provider's copy of one would accuse it of omission.
        const isExpired = this.#clusterMs >= this.#receipts.token.notAfterSecs * 1000;
        return this.#isLost || isExpired || isDone;
    }
    /** True if nothing more may be asked for under this token. */
    get isOver(): boolean {
        const latestMs = this.#clusterMs + computeTokenMarginMs(this.#receipts.token);
        return this.#isLost || !this.#receipts.canRecord(1, latestMs);
    }
    get isReceiptDue(): boolean {
        if (this.hasUnacknowledged && (this.#isCreditLow(0) || this.isOver)) return true;
        return this.#receipts.isReceiptDue(this.#ports.now());
    }
    /** True while responses are being received under this session. */
    get isReceiving(): boolean {
        return this.#streams.size > 0;
    }
    /** Milliseconds until what is recorded now is to be signed for at the latest. */
    get dueInMs(): number {
        const { token } = this.#receipts;
        const endsInMs = token.notAfterSecs * 1000 - this.#clusterMs - computeTokenMarginMs(token);
        return Math.max(0, Math.min(RECEIPT_INTERVAL_MS, endsInMs));
    }

    /** True if the token allows a response of this length beside what is under way. */
    mayReceive(lengthBytes: number): boolean {
        let expectedBytes = lengthBytes;
        for (const stream of this.#streams) expectedBytes += stream.expectedBytes;
        return this.#receipts.canRecord(expectedBytes, this.#clusterMs);
    }
    /** True as long as nothing came under this session. */
    get isUnused(): boolean {
        return this.#receipts.objects === 0 && !this.isReceiving;
    }
    /** A response of the node. Ask `isReceiptDue` after each chunk of it. */
    receive(input: ReceivedStreamInput): ReceivedStream {
        const stream = new ReceivedStream(input, {
            now: this.#ports.now,
            record: (object) => this.#record(object),
            onEnd: () => this.#streams.delete(stream),
        });
        this.#streams.add(stream);
        return stream;
    }
    /**
     * Many responses at once, each in the middle of a part, may hold more than the node's credit together: it would wait for a
     * receipt, and we for bytes.
     */
    cutPartsIfCreditIsLow(): void {
        let pendingBytes = 0;
        for (const stream of this.#streams) pendingBytes += stream.pendingBytes;
        // Once it is low without them a receipt is on its way.
        if (!this.#isCreditLow(0) && this.#isCreditLow(pendingBytes)) this.cutParts();
    }
    /** Records all that is here. */
    cutParts(): void {
        for (const stream of this.#streams) stream.cut();
    }
    recordStall(durationMs: number): void {
        this.#receipts.recordStall(durationMs);
    }
    recordError(): void {
        this.#receipts.recordError();
    }

    /** Reports that it is open, and how far it is. */
    tell(): void {
        const { acknowledgedBytes, token } = this.#receipts;
        const bytes = acknowledgedBytes.toString();
        this.#ports.report({ type: 'session', session: this.id, node: this.#stored.node, epoch: token.epoch, bytes });
    }

    /** After any doubt about the node's memory: the next `open` asks it again. */
    closeConnection(): void {
        this.#link.close();
    }

    /** Opens the session at the node, or again after a restart of either side. @throws MKT_SDK__PEER_* */
    open(): Promise<void> {
        return this.#link.open().catch((error: unknown) => this.#fail(error));
    }

    /** Signs for what is not acknowledged, and sees to it that node and provider have the last receipt. */
    acknowledge(): Promise<void> {
        const run = this.#queue.then(() => this.#acknowledge());
        this.#queue = run.catch(() => undefined);
        return run;
    }

    /** Keeps what is recorded for the next life. */
    async save(): Promise<void> {
        this.#stored.receipts = this.#receipts.toState();
        if (!(await this.#ports.store.save(this.#stored))) this.#isLost = true;
    }

    /** The cluster's time: by it nodes and programs judge the token and what a receipt says. Durations go by our own. */
    get #clusterMs(): number {
        return this.#ports.now() + (this.#stored.clusterOffsetMs ?? 0);
    }

    /** Half of it is used: the other half lasts until the receipt is there. */
    #isCreditLow(pendingBytes: number): boolean {
        const { creditBytes } = this.#link;
        const unacknowledgedBytes = this.#receipts.bytes - this.#receipts.acknowledgedBytes + BigInt(pendingBytes);
        return creditBytes !== undefined && 2n * unacknowledgedBytes >= creditBytes;
    }

    /** What arrived counts once; bytes beyond the token's limits are nobody's. */
    #record(object: CompletedObject): void {
        const completedAtMs = object.completedAtMs + (this.#stored.clusterOffsetMs ?? 0);
        if (this.#isLost || !this.#receipts.canRecord(object.lengthBytes, completedAtMs)) return;
        this.#receipts.recordObject({ ...object, completedAtMs });
    }

    async #opened({ receipt, receiptSignature }: OpenSessionResponse): Promise<void> {
        if (receipt !== null) this.#receipts.adoptReceipt({ receipt, receiptSignature });
        // What was confirmed before does not count: the node may have lost it with its last group of writes.
        const own = await this.#receipts.repeatReceipt();
        const last = this.#receipts.lastReceipt;
        this.#stored.confirmedSeq = 0;
        await this.save();
        if (own !== null && last !== null) {
            if (own.receipt !== receipt) await sendReceipt(this.#ports, this.nodeUrl, own, last);
            this.#stored.confirmedSeq = last.seq;
            await this.save();
        }
        this.tell();
    }

    async #acknowledge(): Promise<void> {
        if (this.isSettled) return;
        // Before the receipt is made: opening may take over a higher number from the node.
        await this.open();
        if (this.hasUnacknowledged) await this.#receipts.createReceipt(this.#ports.now());
        // Saved before anybody sees it: a later life never uses its number for less.
        await this.save();
        const signed = await this.#receipts.repeatReceipt();
        const last = this.#receipts.lastReceipt;
        if (this.#isLost || last === null || signed === null) return;
        const { seq, bytes } = last;
        if (seq > this.#stored.confirmedSeq) await this.#link.send(signed, last).catch((error) => this.#fail(error));
        this.#stored.confirmedSeq = seq;
        const copied = seq <= this.#stored.copiedSeq || (await this.#copy(signed));
        if (copied) this.#stored.copiedSeq = seq;
        await this.save();
        const { id: session, node } = this.#stored;
        this.#ports.report({ type: 'receipt', session, node, seq, bytes: bytes.toString(), copied });
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

    /** A node that counts less than arrived here: this session cannot go on, and no copy may accuse the node. */
    #fail(error: unknown): never {
        if (isRefusal(error)) this.#isLost = true;
        throw error;
    }
}
