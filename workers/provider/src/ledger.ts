import { type Journal, type Logger, openJournal } from '@ocm/runtime';
import {
    decodeReceipt,
    decodeToken,
    hashToken,
    RECEIPT_BYTES,
    type Receipt,
    TOKEN_BYTES,
    type Token,
    toHex,
} from '@ocm/sdk/core';
import { PublicKey } from '@solana/web3.js';
import { z } from 'zod';

const KIND_TOKEN = 1;
const KIND_RECEIPT = 2;
const KIND_VERDICT = 3;
/** Below this many entries a journal is not worth rewriting. */
const COMPACT_FROM_ENTRIES = 1_000;

const verdictSchema = z.object({
    commitment: z.string(),
    contract: z.string(),
    epoch: z.number(),
    root: z.string(),
    totalBytes: z.string(),
    verdict: z.enum(['cosigned', 'refused', 'waiting']),
    reason: z.string(),
});
/** What this worker decided about a commitment and why. */
export type Verdict = z.infer<typeof verdictSchema>;
export type ReceiptCopy = { key: string; receipt: Receipt; payload: Uint8Array; durable: Promise<void> };

/**
 * Everything this worker must not forget: tokens issued, the highest receipt copy per token, verdicts. In memory, behind
 * one journal; a write is acknowledged when it is on disk. Keys are the hexadecimal token hashes.
 */
export class Ledger {
    readonly #journal: Journal;
    readonly #tokens = new Map<string, Token>();
    readonly #copies = new Map<string, ReceiptCopy>();
    /** Copies by contract and epoch, for the question which of them a commitment leaves out. */
    readonly #copiesByEpoch = new Map<string, Set<string>>();
    readonly #verdicts = new Map<string, Verdict>();

    private constructor(journal: Journal) {
        this.#journal = journal;
        for (const entry of journal.entries) this.#replay(entry);
    }

    static async open({ path, log }: { path: string; log: Logger }): Promise<Ledger> {
        const journal = await openJournal({ path, log });
        const ledger = new Ledger(journal);
        // Cumulative receipts supersede each other, so a long journal is mostly history.
        const live = ledger.#tokens.size + ledger.#copies.size + ledger.#verdicts.size;
        if (journal.entries.length > COMPACT_FROM_ENTRIES + 2 * live) await journal.compact(ledger.#payloads());
        // Replayed once; kept, it would hold every superseded receipt in memory.
        journal.entries.length = 0;
        return ledger;
    }

    get tokenCount(): number {
        return this.#tokens.size;
    }

    get copyCount(): number {
        return this.#copies.size;
    }

    findToken(key: string): Token | undefined {
        return this.#tokens.get(key);
    }

    findCopy(key: string): ReceiptCopy | undefined {
        return this.#copies.get(key);
    }

    listCopies(contract: PublicKey, epoch: number): ReceiptCopy[] {
        const keys = this.#copiesByEpoch.get(epochKey(contract.toBase58(), epoch)) ?? [];
        return [...keys].flatMap((key) => this.#copies.get(key) ?? []);
    }

    findVerdict(commitment: string): Verdict | undefined {
        return this.#verdicts.get(commitment);
    }

    listVerdicts(): Verdict[] {
        return [...this.#verdicts.values()];
    }

    async addToken(tokenBytes: Uint8Array): Promise<void> {
        const entry = tagged(KIND_TOKEN, tokenBytes);
        await this.#journal.append(entry);
        this.#replay(entry);
    }

    /** The caller has checked that it supersedes the copy held. Counted before it is durable, so that none overtakes it. */
    async addCopy(receiptBytes: Uint8Array, signature: Uint8Array): Promise<void> {
        const entry = tagged(KIND_RECEIPT, receiptBytes, signature);
        const durable = this.#journal.append(entry);
        this.#replayCopy(entry, decodeReceipt(receiptBytes), durable);
        await durable;
    }

    /** A verdict that waits is a state of the moment and is not journaled. */
    async setVerdict(verdict: Verdict): Promise<void> {
        this.#verdicts.set(verdict.commitment, verdict);
        if (verdict.verdict !== 'waiting') await this.#journal.append(verdictPayload(verdict));
    }

    close(): Promise<void> {
        return this.#journal.close();
    }

    #replay(entry: Uint8Array): void {
        const body = entry.subarray(1);
        if (entry[0] === KIND_TOKEN && body.length === TOKEN_BYTES)
            this.#tokens.set(toHex(hashToken(body)), decodeToken(body));
        else if (entry[0] === KIND_RECEIPT)
            this.#replayCopy(entry, decodeReceipt(body.subarray(0, RECEIPT_BYTES)), Promise.resolve());
        else if (entry[0] === KIND_VERDICT) {
            const verdict = verdictSchema.parse(JSON.parse(new TextDecoder().decode(body)));
            this.#verdicts.set(verdict.commitment, verdict);
        }
    }

    #replayCopy(payload: Uint8Array, receipt: Receipt, durable: Promise<void>): void {
        const key = toHex(receipt.tokenHash);
        const token = this.#tokens.get(key);
        if (token === undefined) return;
        this.#copies.set(key, { key, receipt, payload, durable });
        const inEpoch = epochKey(new PublicKey(token.contract).toBase58(), token.epoch);
        const keys = this.#copiesByEpoch.get(inEpoch) ?? new Set<string>();
        this.#copiesByEpoch.set(inEpoch, keys.add(key));
    }

    *#payloads(): Iterable<Uint8Array> {
        for (const entry of this.#journal.entries) if (entry[0] === KIND_TOKEN) yield entry;
        for (const { payload } of this.#copies.values()) yield payload;
        for (const verdict of this.#verdicts.values()) yield verdictPayload(verdict);
    }
}

function epochKey(contract: string, epoch: number): string {
    return `${contract}/${epoch}`;
}

function verdictPayload(verdict: Verdict): Uint8Array {
    return tagged(KIND_VERDICT, new TextEncoder().encode(JSON.stringify(verdict)));
}

function tagged(kind: number, ...parts: Uint8Array[]): Uint8Array {
    return Uint8Array.from([kind, ...parts.flatMap((part) => [...part])]);
}
