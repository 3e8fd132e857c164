import { failure, type Logger } from '@ocm/runtime';
import { encodeSessionProof, fromBase64, generateKeyPair, sign, toBase64, toHex } from '@ocm/sdk/core';
import {
    type OpenSessionResponse,
    openSessionResponse,
    RECEIPT_COPIES_PATH,
    RECEIPTS_PATH,
    receiptResponse,
    SESSIONS_PATH,
    TOKENS_PATH,
    tokenResponse,
} from '@ocm/sdk/http';
import {
    createReceiptSession,
    createSeedSigner,
    estimateClusterOffsetMs,
    ProofClock,
    ReceiptSession,
} from '@ocm/sdk/viewer';
import type { HttpClient } from './http.js';
import { isTransient, retryTransient } from './retry.js';
import type { FetchedObject } from './source.js';
import type { StoredSession } from './state.js';

/** A token this close to its end is not worth another request: the receipt has to arrive in time too. */
const LONGEST_TOKEN_MARGIN_MS = 3_000;
/** Of a short token this part of its life, so that epochs of seconds leave time to play. */
const TOKEN_MARGIN_DIVISOR = 4;
/** The copy at the provider is a safety net: playback does not wait longer for it than this. */
const LAST_COPY_RETRY_MS = 10_000;

export type SessionPeers = {
    http: HttpClient;
    /** Address of the node's account and the origin of its URLs. */
    node: string;
    nodeUrl: string;
    providerUrl: string;
    signal: AbortSignal;
    log: Logger;
};

/** One token at one node: its key, its receipts, and what node and provider have of them. */
export class ClientSession {
    /** What a restart needs, kept up to date by every method; the caller saves it. */
    readonly stored: StoredSession;
    /** Hex SHA-256 of the token: value of the header `ocm-session`. */
    readonly id: string;
    readonly #peers: SessionPeers;
    readonly #receipts: ReceiptSession;
    readonly #save: () => Promise<void>;
    #isOpen = false;
    readonly #proofClock = new ProofClock(Date.now);
    /** What the node sends ahead of receipts; unknown before the session is open. */
    #creditBytes: bigint | undefined;

    private constructor(
        peers: SessionPeers,
        stored: StoredSession,
        receipts: ReceiptSession,
        save: () => Promise<void>,
    ) {
        this.#peers = peers;
        this.stored = stored;
        this.#receipts = receipts;
        this.#save = save;
        this.id = toHex(receipts.tokenHash);
    }

    /** Makes a key and gets a token for it. The session is not open yet. */
    static async start(peers: SessionPeers, save: () => Promise<void>): Promise<ClientSession> {
        const { secretSeed, publicKey } = generateKeyPair();
        const { token, tokenSignature, clusterTimeSecs } = await peers.http.postJson(
            new URL(TOKENS_PATH, peers.providerUrl).href,
            { node: peers.node, clientPublicKey: toBase64(publicKey) },
            tokenResponse,
            peers.signal,
        );
        const signer = createSeedSigner(secretSeed);
        const receipts = createReceiptSession({ token: fromBase64(token), signer, startedAtMs: Date.now() });
        const stored: StoredSession = {
            node: peers.node,
            secretSeed: toBase64(secretSeed),
            token,
            tokenSignature,
            receipts: receipts.toState(),
            confirmedSeq: 0,
            confirmedBytes: '0',
            copiedSeq: 0,
            clusterOffsetMs: estimateClusterOffsetMs(clusterTimeSecs, Date.now()),
        };
        return new ClientSession(peers, stored, receipts, save);
    }

    static resume(peers: SessionPeers, stored: StoredSession, save: () => Promise<void>): ClientSession {
        const signer = createSeedSigner(fromBase64(stored.secretSeed));
        const receipts = ReceiptSession.fromState(stored.receipts, { token: fromBase64(stored.token), signer });
        return new ClientSession(peers, stored, receipts, save);
    }

    get hasUnacknowledged(): boolean {
        return this.#receipts.hasUnacknowledged;
    }
    /** True if the node has the last receipt. */
    get isConfirmed(): boolean {
        return (this.#receipts.lastReceipt?.seq ?? 0) <= this.stored.confirmedSeq;
    }
    /**
     * Also true shortly before the token ends, because bytes that are not acknowledged by then are lost to the node, and
     * once half of a small credit is used, because a node out of credit stops in the middle of an object.
     */
    isReceiptDue(): boolean {
        const unacknowledgedBytes = this.#receipts.bytes - this.#receipts.acknowledgedBytes;
        const isCreditLow = this.#creditBytes !== undefined && 2n * unacknowledgedBytes >= this.#creditBytes;
        if (this.hasUnacknowledged && (isCreditLow || this.isOver())) return true;
        return this.#receipts.isReceiptDue(Date.now());
    }
    /** True if nothing more may be fetched under this token. */
    isOver(): boolean {
        const { notBeforeSecs, notAfterSecs } = this.#receipts.token;
        const lifeMs = (notAfterSecs - notBeforeSecs) * 1000;
        const marginMs = Math.min(LONGEST_TOKEN_MARGIN_MS, lifeMs / TOKEN_MARGIN_DIVISOR);
        return !this.#receipts.canRecord(0, this.#clusterMs + marginMs);
    }
    /** True if nothing was recorded under this token. */
    get isUnused(): boolean {
        return this.#receipts.objects === 0;
    }
    /** After its token's end a node rightly refuses receipts; the provider's copy of one would accuse it of omission. */
    get isExpired(): boolean {
        return this.#clusterMs >= this.#receipts.token.notAfterSecs * 1000;
    }
    canRecord(lengthBytes: number): boolean {
        return this.#receipts.canRecord(lengthBytes, this.#clusterMs);
    }

    record({ body, sha256, ttfbMs }: FetchedObject): void {
        this.#receipts.recordObject({ sha256, lengthBytes: body.byteLength, ttfbMs, completedAtMs: this.#clusterMs });
        this.#store();
    }
    recordStall(durationMs: number): void {
        this.#receipts.recordStall(durationMs);
        this.#store();
    }
    recordError(): void {
        this.#receipts.recordError();
        this.#store();
    }

    /** After any doubt about the node's memory: the next `open` asks it again. */
    closeConnection(): void {
        this.#isOpen = false;
    }

    /** Opens the session at the node, or again after a restart of either side, and sends the last receipt if it lacks it. */
    async open(): Promise<void> {
        if (this.#isOpen) return;
        const { nodeUrl } = this.#peers;
        const answer = await this.#prove().catch((error: unknown) => {
            if (this.#proofClock.adopt(error)) return this.#prove();
            throw error;
        });
        if (answer.session !== this.id)
            throw failure('MKT_VIEWER__ANSWER_INVALID', `${nodeUrl} opened another session than asked for`, {
                nodeUrl,
            });
        const { receipt, receiptSignature } = answer;
        if (receipt !== null) {
            this.#receipts.adoptReceipt({ receipt, receiptSignature });
            this.#store();
        }
        this.#isOpen = true;
        this.#creditBytes = BigInt(answer.creditBytes);
        // What was confirmed before does not count: the node may have lost it with its last group of writes.
        await this.#resend(receipt);
    }

    /** Makes the next receipt and saves it before anybody sees it: a restart never uses its number for less. */
    async makeReceipt(): Promise<void> {
        await this.#receipts.createReceipt(Date.now());
        this.#store();
        await this.#save();
    }

    /** Sends the last receipt to the node, unless it was confirmed. */
    async sendReceipt(): Promise<void> {
        const last = this.#receipts.lastReceipt;
        if (last === null || last.seq <= this.stored.confirmedSeq) return;
        const { http, nodeUrl, signal } = this.#peers;
        const signed = await this.#receipts.repeatReceipt();
        const held = await http.postJson(new URL(RECEIPTS_PATH, nodeUrl).href, signed, receiptResponse, signal);
        if (held.seq < last.seq || BigInt(held.bytes) < last.bytes)
            throw failure('MKT_VIEWER__ANSWER_INVALID', `${nodeUrl} confirmed less than the receipt says`, { nodeUrl });
        this.stored.confirmedSeq = last.seq;
        this.stored.confirmedBytes = last.bytes.toString();
    }

    /** Sends the last receipt to the provider. A provider that is away gets the next one: receipts are cumulative. */
    async copyToProvider({ isLast }: { isLast: boolean }): Promise<void> {
        const last = this.#receipts.lastReceipt;
        const signed = await this.#receipts.repeatReceipt();
        if (last === null || signed === null || last.seq <= this.stored.copiedSeq) return;
        const { http, providerUrl, signal, log } = this.#peers;
        const url = new URL(RECEIPT_COPIES_PATH, providerUrl).href;
        try {
            await retryTransient(() => http.postJson(url, signed, receiptResponse, signal), {
                forMs: isLast ? LAST_COPY_RETRY_MS : 0,
                signal,
            });
            this.stored.copiedSeq = last.seq;
        } catch (error) {
            if (signal.aborted) throw error;
            log.warn({ err: error, transient: isTransient(error) }, 'the provider did not take the copy of a receipt');
        }
    }

    /** The cluster's time: by it nodes and programs judge the token and what a receipt says. Durations go by our own. */
    get #clusterMs(): number {
        return Date.now() + this.stored.clusterOffsetMs;
    }

    #prove(): Promise<OpenSessionResponse> {
        const { http, nodeUrl, signal } = this.#peers;
        const timestampMs = this.#proofClock.next();
        const { tokenHash, token } = this.#receipts;
        const proof = encodeSessionProof({ tokenHash, node: token.node, timestampMs: BigInt(timestampMs) });
        return http.postJson(
            new URL(SESSIONS_PATH, nodeUrl).href,
            {
                token: this.stored.token,
                tokenSignature: this.stored.tokenSignature,
                proof: toBase64(sign(fromBase64(this.stored.secretSeed), proof)),
                timestampMs,
            },
            openSessionResponse,
            signal,
        );
    }

    async #resend(heldReceipt: string | null): Promise<void> {
        const last = this.#receipts.lastReceipt;
        const own = await this.#receipts.repeatReceipt();
        if (last === null || own === null) return;
        if (own.receipt === heldReceipt) {
            this.stored.confirmedSeq = last.seq;
            this.stored.confirmedBytes = last.bytes.toString();
            return;
        }
        this.stored.confirmedSeq = 0;
        await this.sendReceipt();
    }

    #store(): void {
        this.stored.receipts = this.#receipts.toState();
    }
}
