import { failure, type Journal, type Logger, openJournal } from '@ocm/runtime';
import type { ErrorCode } from '@ocm/sdk/core';
import { z } from 'zod';

/** Expired entries are dropped from the file once this many were appended; their keys are erased before, at the minute. */
const COMPACT_FROM_APPENDS = 1_000;

const entrySchema = z.array(
    z.strictObject({ key: z.string(), tokens: z.int(), bytes: z.string(), expiresAtSecs: z.int() }),
);
type Entry = z.infer<typeof entrySchema>;
type Grant = { tokens: number; bytes: bigint; expiresAtSecs: number };

/** One token's share of one cap. */
export type Charge = {
    /** What is counted; holds no address. */
    key: string;
    bytes: bigint;
    /** From then on it does not count any more. */
    expiresAtSecs: number;
    maxTokens?: number;
    maxBytes?: bigint;
    tokensCode: ErrorCode;
    bytesCode?: ErrorCode;
    /** Whose cap it is, for the message. */
    what: string;
    /** What helps besides waiting. */
    remedy: string;
};

/** What was granted under each cap, behind a journal of its own: a restart gives nobody its caps anew. */
export class CapCounters {
    readonly #journal: Journal;
    readonly #grants = new Map<string, Grant[]>();
    #appends = 0;

    private constructor(journal: Journal) {
        this.#journal = journal;
        for (const entry of journal.entries) {
            for (const { key, tokens, bytes, expiresAtSecs } of entrySchema.parse(
                JSON.parse(new TextDecoder().decode(entry)),
            ))
                this.#add(key, { tokens, bytes: BigInt(bytes), expiresAtSecs });
        }
        this.#appends = journal.entries.length;
        journal.entries.length = 0;
    }

    static async open({ path, log }: { path: string; log: Logger }): Promise<CapCounters> {
        return new CapCounters(await openJournal({ path, log }));
    }

    /**
     * Counts one token under all of its caps, or under none. Counted before it is durable: requests that come meanwhile see
     * it. A crash in between counts a token that nobody got, never the other way round.
     * @throws the code of the first cap that it would exceed, with `retryAfterSecs` in the context where waiting helps
     */
    async charge(charges: readonly Charge[], nowSecs: number): Promise<void> {
        for (const charge of charges) this.#assertWithin(charge, nowSecs);
        const entry: Entry = charges.map(({ key, bytes, expiresAtSecs }) => ({
            key,
            tokens: 1,
            bytes: bytes.toString(),
            expiresAtSecs,
        }));
        for (const { key, bytes, expiresAtSecs } of charges) this.#add(key, { tokens: 1, bytes, expiresAtSecs });
        this.#appends += 1;
        await this.#journal.append(encode(entry));
    }

    /** Drops what counts no more; rewrites the file when any of it must not stay (`isPersonal`) or much has gathered. */
    async forget(nowSecs: number, isPersonal: (key: string) => boolean): Promise<void> {
        let mustRewrite = this.#appends > COMPACT_FROM_APPENDS;
        for (const [key, grants] of this.#grants) {
            const live = grants.filter(({ expiresAtSecs }) => expiresAtSecs > nowSecs);
            if (live.length === grants.length) continue;
            mustRewrite ||= isPersonal(key);
            if (live.length === 0) this.#grants.delete(key);
            else this.#grants.set(key, live);
        }
        if (!mustRewrite) return;
        this.#appends = this.#grants.size;
        await this.#journal.compact(this.#payloads());
    }

    close(): Promise<void> {
        return this.#journal.close();
    }

    #assertWithin(charge: Charge, nowSecs: number): void {
        const live = (this.#grants.get(charge.key) ?? []).filter(({ expiresAtSecs }) => expiresAtSecs > nowSecs);
        const tokens = live.reduce((sum, grant) => sum + grant.tokens, 0);
        const bytes = live.reduce((sum, grant) => sum + grant.bytes, 0n);
        const exceeds = (code: ErrorCode, limit: string) => {
            // With nothing granted yet no waiting helps: the cap is below one token.
            const endsAtSecs = live.length === 0 ? charge.expiresAtSecs : Math.min(...live.map((g) => g.expiresAtSecs));
            const retryAfterSecs = Math.max(1, endsAtSecs - nowSecs);
            return failure(
                code,
                `${charge.what} may have ${limit} at a time; ${charge.remedy}, or try again in ${retryAfterSecs} s`,
                { retryAfterSecs },
            );
        };
        if (charge.maxTokens !== undefined && tokens + 1 > charge.maxTokens)
            throw exceeds(charge.tokensCode, `${charge.maxTokens} tokens`);
        if (charge.maxBytes !== undefined && bytes + charge.bytes > charge.maxBytes)
            throw exceeds(charge.bytesCode ?? charge.tokensCode, `${charge.maxBytes} bytes granted`);
    }

    #add(key: string, { tokens, bytes, expiresAtSecs }: Grant): void {
        const grants = this.#grants.get(key) ?? [];
        const same = grants.find((grant) => grant.expiresAtSecs === expiresAtSecs);
        if (same === undefined) grants.push({ tokens, bytes, expiresAtSecs });
        else {
            same.tokens += tokens;
            same.bytes += bytes;
        }
        this.#grants.set(key, grants);
    }

    *#payloads(): Iterable<Uint8Array> {
        for (const [key, grants] of this.#grants)
            yield encode(grants.map((grant) => ({ key, ...grant, bytes: grant.bytes.toString() })));
    }
}

function encode(entry: Entry): Uint8Array {
    return new TextEncoder().encode(JSON.stringify(entry));
}
