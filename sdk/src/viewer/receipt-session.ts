import {
    decodeReceipt,
    decodeToken,
    encodeReceipt,
    extendAccumulator,
    fromBase64,
    fromHex,
    hashToken,
    initialAccumulator,
    MarketplaceError,
    type Receipt,
    type Token,
    toBase64,
    toHex,
    verify,
} from '../core/index.js';
import type { SignedReceipt } from '../http/node.js';
import { parseReceiptSessionState, type ReceiptSessionState } from './receipt-state.js';
import { addSample, computePercentile } from './samples.js';
import type { ReceiptSigner } from './signer.js';

/** Protocol 6.4: a client signs at least every 4 MiB or 10 s, and at the end. */
export const RECEIPT_INTERVAL_BYTES = 4n * 1024n * 1024n;
export const RECEIPT_INTERVAL_MS = 10_000;

const U16_MAX = 0xffff;
const U32_MAX = 0xffff_ffff;

export type CompletedObject = {
    /** SHA-256 of the object as received, 32 bytes. */
    sha256: Uint8Array;
    lengthBytes: number;
    /** Request sent until first body byte. */
    ttfbMs: number;
    /** Unix milliseconds at which the last byte arrived. */
    completedAtMs: number;
};

export type ReceiptSessionInput = {
    /** The 160 bytes of the token. */
    token: Uint8Array;
    signer: ReceiptSigner;
    /** Unix milliseconds; the first 10 s count from here. */
    startedAtMs: number;
};

/**
 * The cumulative receipts of one token (protocol 6.4). No I/O and no clock: the caller says what arrived and when.
 *
 * One session is one token at one node. Record each object once, when it is complete; ask `isReceiptDue`; send what
 * `createReceipt` returns; keep `toState()` wherever a restart can find it **before** sending, so that a restarted
 * client never signs a smaller total under a sequence number that it has used.
 * @example
 * const session = createReceiptSession({ token, signer, startedAtMs: Date.now() });
 * session.recordObject({ sha256, lengthBytes, ttfbMs, completedAtMs: Date.now() });
 * if (session.isReceiptDue(Date.now())) await post(await session.createReceipt(Date.now()));
 */
export class ReceiptSession {
    readonly token: Token;
    readonly tokenHash: Uint8Array;
    readonly #signer: ReceiptSigner;
    #seq = 0;
    #objects = 0;
    #bytes = 0n;
    #lastMs = 0n;
    #accumulator: Uint8Array;
    #ttfbSamplesMs: number[] = [];
    #stallMs = 0;
    #errors = 0;
    #lastReceipt: Receipt | null = null;
    #lastReceiptAtMs: number;

    constructor({ token, signer, startedAtMs }: ReceiptSessionInput) {
        this.token = decodeToken(token);
        this.tokenHash = hashToken(token);
        if (toHex(this.token.clientPublicKey) !== toHex(signer.publicKey)) {
            throw new MarketplaceError(
                'MKT_SDK__TOKEN_KEY_MISMATCH',
                {},
                {
                    message:
                        'the token names another client key than the signer; request a token for this session’s key',
                },
            );
        }
        this.#signer = signer;
        this.#accumulator = initialAccumulator(this.tokenHash);
        this.#lastReceiptAtMs = startedAtMs;
    }

    /** Bytes recorded so far. */
    get bytes(): bigint {
        return this.#bytes;
    }
    get objects(): number {
        return this.#objects;
    }
    /** Bytes of the highest receipt made or adopted. */
    get acknowledgedBytes(): bigint {
        return this.#lastReceipt?.bytes ?? 0n;
    }
    /** The highest receipt made or adopted. */
    get lastReceipt(): Receipt | null {
        return this.#lastReceipt;
    }

    /** False if the token allows no object of this length any more, or its time is over: continue under a fresh token. */
    canRecord(lengthBytes: number, nowMs: number): boolean {
        return (
            this.#bytes + BigInt(lengthBytes) <= this.token.maxBytes &&
            this.#objects < U32_MAX &&
            nowMs < this.token.notAfterSecs * 1000
        );
    }

    /** @throws MKT_SDK__OBJECT_INVALID; MKT_SDK__TOKEN_EXHAUSTED if the total would pass the token's `maxBytes`. */
    recordObject({ sha256, lengthBytes, ttfbMs, completedAtMs }: CompletedObject): void {
        if (sha256.length !== 32 || !isCount(lengthBytes) || !isCount(completedAtMs) || !(ttfbMs >= 0)) {
            throw new MarketplaceError(
                'MKT_SDK__OBJECT_INVALID',
                {},
                { message: 'a completed object needs a 32-byte SHA-256, and length and times that are not negative' },
            );
        }
        const bytes = this.#bytes + BigInt(lengthBytes);
        if (bytes > this.token.maxBytes || this.#objects >= U32_MAX) {
            throw new MarketplaceError(
                'MKT_SDK__TOKEN_EXHAUSTED',
                {},
                {
                    message: `the token allows ${this.token.maxBytes} bytes; request a fresh token and open a new session`,
                },
            );
        }
        this.#bytes = bytes;
        this.#objects += 1;
        this.#lastMs = maxOf(this.#lastMs, BigInt(completedAtMs));
        this.#accumulator = extendAccumulator(this.#accumulator, sha256, lengthBytes);
        this.#ttfbSamplesMs = addSample(this.#ttfbSamplesMs, Math.round(ttfbMs));
    }

    /** Playback stood still for this long. */
    recordStall(durationMs: number): void {
        this.#stallMs += Math.max(0, Math.round(durationMs));
    }

    /** A request of this session failed: no connection, a 5xx, a truncated or implausible object. */
    recordError(): void {
        this.#errors = Math.min(U32_MAX, this.#errors + 1);
    }

    /** True if a receipt would say more than the last one. */
    get hasUnacknowledged(): boolean {
        return this.#bytes > this.acknowledgedBytes || this.#objects > (this.#lastReceipt?.objects ?? 0);
    }

    isReceiptDue(nowMs: number): boolean {
        if (!this.hasUnacknowledged) return false;
        return (
            this.#bytes - this.acknowledgedBytes >= RECEIPT_INTERVAL_BYTES ||
            nowMs - this.#lastReceiptAtMs >= RECEIPT_INTERVAL_MS
        );
    }

    /** Makes and signs the next receipt over all that is recorded. Every call uses up one sequence number. */
    async createReceipt(nowMs: number): Promise<SignedReceipt> {
        if (this.#seq >= U32_MAX) {
            throw new MarketplaceError(
                'MKT_SDK__TOKEN_EXHAUSTED',
                {},
                { message: 'all 2^32 - 1 receipts of this token are used; request a fresh token' },
            );
        }
        this.#seq += 1;
        const receipt: Receipt = {
            tokenHash: this.tokenHash,
            seq: this.#seq,
            objects: this.#objects,
            bytes: this.#bytes,
            lastMs: this.#lastMs,
            ttfbP95Ms: Math.min(U16_MAX, computePercentile(this.#ttfbSamplesMs, 95)),
            stallCentisecs: Math.min(U16_MAX, Math.round(this.#stallMs / 10)),
            errors: this.#errors,
            accumulator: this.#accumulator,
        };
        this.#lastReceipt = receipt;
        this.#lastReceiptAtMs = nowMs;
        return this.#signed(receipt);
    }

    /** The highest receipt again, signed anew (Ed25519 is deterministic), or null before the first. */
    async repeatReceipt(): Promise<SignedReceipt | null> {
        return this.#lastReceipt === null ? null : this.#signed(this.#lastReceipt);
    }

    /**
     * Takes over the receipt that a node holds, as it says when a session is opened again. A higher total is taken only
     * with this client's own signature on it: otherwise a node could invent a total and get it signed (attack A1).
     * @returns true if the node's receipt was ahead of this session.
     * @throws MKT_SDK__RECEIPT_FOREIGN for another token's receipt, or one ahead of us that this client's key did not sign.
     */
    adoptReceipt({
        receipt,
        receiptSignature,
    }: {
        receipt: string;
        receiptSignature?: string | null | undefined;
    }): boolean {
        const body = fromBase64(receipt);
        const held = decodeReceipt(body);
        const signed =
            typeof receiptSignature === 'string' && verify(this.#signer.publicKey, body, fromBase64(receiptSignature));
        const isAhead = held.bytes > this.#bytes || held.objects > this.#objects;
        const isForked = isAhead && held.seq <= (this.#lastReceipt?.seq ?? 0);
        if (toHex(held.tokenHash) !== toHex(this.tokenHash) || (isAhead && !signed) || isForked) {
            throw new MarketplaceError(
                'MKT_SDK__RECEIPT_FOREIGN',
                {},
                {
                    message:
                        'the node holds a receipt that this client did not sign; open a new session with a fresh token',
                },
            );
        }
        if (held.seq > this.#seq) this.#adoptSeq(held, signed);
        if (!isAhead) return false;
        this.#objects = held.objects;
        this.#bytes = held.bytes;
        this.#accumulator = held.accumulator;
        this.#lastMs = maxOf(this.#lastMs, held.lastMs);
        this.#stallMs = Math.max(this.#stallMs, held.stallCentisecs * 10);
        this.#errors = Math.max(this.#errors, held.errors);
        return true;
    }

    toState(): ReceiptSessionState {
        return {
            version: 1,
            tokenHash: toHex(this.tokenHash),
            seq: this.#seq,
            objects: this.#objects,
            bytes: this.#bytes.toString(),
            lastMs: this.#lastMs.toString(),
            accumulator: toHex(this.#accumulator),
            ttfbSamplesMs: [...this.#ttfbSamplesMs],
            stallMs: this.#stallMs,
            errors: this.#errors,
            lastReceipt: this.#lastReceipt === null ? null : toBase64(encodeReceipt(this.#lastReceipt)),
            lastReceiptAtMs: this.#lastReceiptAtMs,
        };
    }

    /** @throws MKT_SDK__RECEIPT_STATE_INVALID if the state is malformed, of another token, or contradicts itself. */
    static fromState(input: unknown, { token, signer }: Omit<ReceiptSessionInput, 'startedAtMs'>): ReceiptSession {
        const state = parseReceiptSessionState(input);
        const session = new ReceiptSession({ token, signer, startedAtMs: state.lastReceiptAtMs });
        const last = state.lastReceipt === null ? null : decodeReceipt(fromBase64(state.lastReceipt));
        const bytes = BigInt(state.bytes);
        const isConsistent =
            state.tokenHash === toHex(session.tokenHash) &&
            bytes <= session.token.maxBytes &&
            (last === null ||
                (toHex(last.tokenHash) === state.tokenHash && last.seq <= state.seq && last.bytes <= bytes));
        if (!isConsistent) {
            throw new MarketplaceError(
                'MKT_SDK__RECEIPT_STATE_INVALID',
                {},
                { message: 'the stored receipt session belongs to another token or contradicts itself; delete it' },
            );
        }
        session.#seq = state.seq;
        session.#objects = state.objects;
        session.#bytes = bytes;
        session.#lastMs = BigInt(state.lastMs);
        session.#accumulator = fromHex(state.accumulator);
        session.#ttfbSamplesMs = [...state.ttfbSamplesMs];
        session.#stallMs = state.stallMs;
        session.#errors = state.errors;
        session.#lastReceipt = last;
        return session;
    }

    /** A sequence number alone cannot inflate anything; the receipt counts as ours only if we signed it. */
    #adoptSeq(held: Receipt, signed: boolean): void {
        this.#seq = held.seq;
        if (signed) this.#lastReceipt = held;
    }

    async #signed(receipt: Receipt): Promise<SignedReceipt> {
        const body = encodeReceipt(receipt);
        return { receipt: toBase64(body), receiptSignature: toBase64(await this.#signer.sign(body)) };
    }
}

/** A new session for a token. See `ReceiptSession`. */
export function createReceiptSession(input: ReceiptSessionInput): ReceiptSession {
    return new ReceiptSession(input);
}

function isCount(value: number): boolean {
    return Number.isSafeInteger(value) && value >= 0;
}

function maxOf(a: bigint, b: bigint): bigint {
    return a > b ? a : b;
}
