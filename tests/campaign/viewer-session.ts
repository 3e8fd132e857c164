import {
    decodeReceipt,
    decodeToken,
    encodeSessionProof,
    fromBase64,
    generateKeyPair,
    sha256,
    sign,
    toBase64,
    toHex,
} from '@ocm/sdk/core';
import {
    openSessionResponse,
    RECEIPT_COPIES_PATH,
    RECEIPTS_PATH,
    receiptResponse,
    SESSION_HEADER,
    SESSIONS_PATH,
    type SignedReceipt,
    TOKENS_PATH,
    tokenResponse,
} from '@ocm/sdk/http';
import { createReceiptSession, createSeedSigner, type ReceiptSession } from '@ocm/sdk/viewer';
import type { SessionDeps, SessionTally } from './session-tally.js';

/** Whoever does not answer within it is asked again. */
const ANSWER_MS = 4_000;

const within = () => AbortSignal.timeout(ANSWER_MS);

/** One token at one node, as a viewer uses it; every method may fail and be called again. */
export class ViewerSession {
    readonly tally: SessionTally;
    /** Unix milliseconds of the chain's clock. */
    readonly endsAtMs: number;
    readonly #deps: SessionDeps;
    readonly #secretSeed: Uint8Array;
    readonly #token: { token: string; tokenSignature: string };
    readonly #receipts: ReceiptSession;
    #isOpen = false;
    #lastProofMs = 0;

    static async begin(deps: SessionDeps): Promise<ViewerSession> {
        const keys = generateKeyPair();
        const url = new URL(TOKENS_PATH, deps.providerUrl).href;
        const body = { node: deps.node, clientPublicKey: toBase64(keys.publicKey) };
        const { token, tokenSignature } = await deps.http.postJson(url, body, tokenResponse, within());
        return new ViewerSession(deps, keys.secretSeed, { token, tokenSignature });
    }

    private constructor(deps: SessionDeps, secretSeed: Uint8Array, token: { token: string; tokenSignature: string }) {
        this.#deps = deps;
        this.#secretSeed = secretSeed;
        this.#token = token;
        const bytes = fromBase64(token.token);
        const signer = createSeedSigner(secretSeed);
        this.#receipts = createReceiptSession({ token: bytes, signer, startedAtMs: deps.nowMs() });
        const { contract, epoch, notAfterSecs } = decodeToken(bytes);
        this.endsAtMs = notAfterSecs * 1_000;
        this.tally = {
            tokenHash: toHex(this.#receipts.tokenHash),
            contract: toHex(contract),
            epoch,
            node: deps.node,
            viewer: deps.viewer,
            signed: [],
            heldSeq: 0,
            beganAtMs: deps.nowMs(),
            endedAtMs: 0,
        };
    }

    get isAcknowledged(): boolean {
        return !this.#receipts.hasUnacknowledged && this.tally.heldSeq === (this.tally.signed.at(-1)?.seq ?? 0);
    }

    /** After any doubt about the node's memory. */
    doubt(): void {
        this.#isOpen = false;
    }

    async open(): Promise<void> {
        if (this.#isOpen) return;
        const { http, nodeUrl, nowMs } = this.#deps;
        const { token, tokenHash } = this.#receipts;
        const timestampMs = Math.max(nowMs(), this.#lastProofMs + 1);
        this.#lastProofMs = timestampMs;
        const message = encodeSessionProof({ tokenHash, node: token.node, timestampMs: BigInt(timestampMs) });
        const proof = toBase64(sign(this.#secretSeed, message));
        const url = new URL(SESSIONS_PATH, nodeUrl).href;
        const answer = await http.postJson(url, { ...this.#token, proof, timestampMs }, openSessionResponse, within());
        const heldSeq = answer.receipt === null ? 0 : decodeReceipt(fromBase64(answer.receipt)).seq;
        if (heldSeq < this.tally.heldSeq)
            this.#complain(`the node holds receipt ${heldSeq} and has acknowledged ${this.tally.heldSeq}`);
        if (answer.receipt !== null && !this.tally.signed.some(({ receipt }) => receipt === answer.receipt))
            this.#complain(`the node holds a receipt that was not signed`);
        this.tally.heldSeq = Math.max(this.tally.heldSeq, heldSeq);
        this.#isOpen = true;
    }

    async fetchObject(path: string, expected: Buffer): Promise<void> {
        await this.open();
        const { http, nodeUrl, nowMs } = this.#deps;
        const url = new URL(path, nodeUrl).href;
        const headers = { [SESSION_HEADER]: this.tally.tokenHash };
        const answer = await http.send({ url, headers, signal: within() });
        if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`);
        if (!expected.equals(answer.body)) this.#complain(`${path} came otherwise than the origin has it`);
        const { ttfbMs, body } = answer;
        const object = { sha256: sha256(body), lengthBytes: body.byteLength, ttfbMs, completedAtMs: nowMs() };
        this.#receipts.recordObject(object);
    }

    /** Signs what arrived, if there is anything new, and has the node acknowledge it. */
    async acknowledge(): Promise<void> {
        if (this.#receipts.hasUnacknowledged) this.#remember(await this.#receipts.createReceipt(this.#deps.nowMs()));
        await this.open();
        const last = await this.#receipts.repeatReceipt();
        const seq = this.tally.signed.at(-1)?.seq ?? 0;
        if (last === null || seq <= this.tally.heldSeq) return;
        const url = new URL(RECEIPTS_PATH, this.#deps.nodeUrl).href;
        const answer = await this.#deps.http.postJson(url, last, receiptResponse, within());
        if (answer.seq !== seq) this.#complain(`the node acknowledged receipt ${answer.seq} instead of ${seq}`);
        this.tally.heldSeq = Math.max(this.tally.heldSeq, answer.seq);
    }

    /** The content provider's copy of what the node has acknowledged. */
    async copy(): Promise<void> {
        const last = await this.#receipts.repeatReceipt();
        if (last === null || !this.isAcknowledged) return;
        const url = new URL(RECEIPT_COPIES_PATH, this.#deps.providerUrl).href;
        await this.#deps.http.postJson(url, last, receiptResponse, within());
    }

    #remember({ receipt }: SignedReceipt): void {
        const { seq, bytes } = decodeReceipt(fromBase64(receipt));
        this.tally.signed.push({ seq, bytes, receipt });
    }

    #complain(what: string): void {
        const { tokenHash, epoch, node } = this.tally;
        this.#deps.complain(`session ${tokenHash.slice(0, 8)} of epoch ${epoch} at ${node.slice(0, 8)}: ${what}`);
    }
}
