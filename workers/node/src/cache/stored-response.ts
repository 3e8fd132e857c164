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
/** Characters of fields that make no longer description, though each were escaped; numbers and names take the rest. */
const SURELY_FITS_CHARACTERS = MAX_META_BYTES / 6 - 1_024;

/** What a storage keeps of a response; null if that would be too much. */
export function toMeta(response: StoredResponse): StoredMeta | null {
    const described: StoredMeta = { v: 3, ...response };
    const fits = charactersOf(response) <= SURELY_FITS_CHARACTERS;
    return fits || Buffer.byteLength(JSON.stringify(described)) <= MAX_META_BYTES ? described : null;
}

function charactersOf({ primaryKey, headers, selecting }: StoredResponse): number {
    let characters = primaryKey.length;
    // Each with its quotes, colon and comma.
    for (const [name, value] of [...Object.entries(headers), ...selecting])
        characters += name.length + value.length + 6;
    return characters;
}

/** Reads what an earlier process wrote; null if it is not ours or damaged. What it gives shares all with the description. */
export function fromMeta(stored: StoredMeta): StoredResponse | null {
    return meta.safeParse(stored).success ? asResponse(stored) : null;
}

const asResponse = (stored: StoredMeta): StoredResponse => stored as unknown as StoredResponse;

/**
 * Turns stored objects into entries; remembers what it worked out for as long as the description lives. A description that is
 * in the storage was made by this process, or passed `fromMeta` when the storage was opened.
 */
export class EntryReader {
    readonly #known = new WeakMap<StoredMeta, Omit<CacheEntry, 'object'>>();
    readonly #rules: FreshnessRules;

    constructor(rules: FreshnessRules) {
        this.#rules = rules;
    }

    read(object: StoredObject): CacheEntry {
        return { object, ...(this.#known.get(object.meta) ?? this.#parse(object.meta)) };
    }

    #parse(stored: StoredMeta): Omit<CacheEntry, 'object'> {
        const response = asResponse(stored);
        const entry = { response, policy: policyOf(response, this.#rules) };
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
