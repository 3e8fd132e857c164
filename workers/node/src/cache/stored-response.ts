import { z } from 'zod';
import type { CacheAnswer } from './request.js';
import type { PartRange } from './semantics/content-range.js';
import type { FreshnessRules, ReceivedResponse } from './semantics/freshness.js';
import { ageSecs, policyOf, type ResponsePolicy } from './semantics/policy.js';
import type { Selecting } from './semantics/vary.js';
import type { StoredMeta, StoredObject } from './storage/object-storage.js';

/** One stored response without its body. */
export interface StoredResponse extends ReceivedResponse {
    /** Key of the URL, without what selects a variant. */
    primaryKey: string;
    selecting: Selecting;
    /** Contract under whose secret it is stored; null: none was in force. */
    contract: string | null;
    /** Set if the body is a part of the representation. */
    part: PartRange | null;
}
/** A stored response as it is used. */
export interface CacheEntry {
    object: StoredObject;
    response: StoredResponse;
    policy: ResponsePolicy;
}

const position = z.number().int().nonnegative();
const meta = z.object({
    v: z.literal(3),
    primaryKey: z.string().max(4096),
    status: z.number().int().min(200).max(999),
    headers: z.record(z.string(), z.string()),
    requestTimeMs: z.number(),
    responseTimeMs: z.number(),
    selecting: z.array(z.tuple([z.string(), z.string()])).max(32),
    contract: z.string().nullable(),
    part: z.object({ first: position, last: position, total: position }).nullable(),
});

/** Largest description that a storage takes. */
const MAX_META_BYTES = 64 * 1024;

/** What a storage keeps of a response; null if that would be too much. */
export function toMeta(response: StoredResponse): StoredMeta | null {
    const described = { v: 3, ...response, headers: { ...response.headers } };
    return Buffer.byteLength(JSON.stringify(described)) <= MAX_META_BYTES ? described : null;
}

/** Reads what an earlier process wrote; null if it is not ours or damaged. */
export function fromMeta(stored: StoredMeta): StoredResponse | null {
    const parsed = meta.safeParse(stored);
    if (!parsed.success) return null;
    const { v: _, ...response } = parsed.data;
    return response;
}

/** Turns stored objects into entries; remembers what it worked out for as long as the description lives. */
export class EntryReader {
    readonly #known = new WeakMap<StoredMeta, Omit<CacheEntry, 'object'> | { response: null }>();
    readonly #rules: FreshnessRules;

    constructor(rules: FreshnessRules) {
        this.#rules = rules;
    }

    read(object: StoredObject): CacheEntry | null {
        const known = this.#known.get(object.meta) ?? this.#parse(object.meta);
        return known.response === null ? null : { object, ...known };
    }

    #parse(stored: StoredMeta): Omit<CacheEntry, 'object'> | { response: null } {
        const response = fromMeta(stored);
        const entry = response === null ? { response } : { response, policy: policyOf(response, this.#rules) };
        this.#known.set(stored, entry);
        return entry;
    }
}

/** What is sent of a stored response (RFC 9111 4: with its age). */
export function answerOf({ object, response, policy }: CacheEntry, nowMs: number): CacheAnswer {
    const headers = { ...response.headers, age: String(Math.floor(ageSecs(policy, nowMs))) };
    const { status } = response;
    return { disposition: 'hit', status, headers, length: object.body.length, body: object.body };
}
