import { LRUCache } from 'lru-cache';
import type { CompletedBody } from './fill.js';
import type { HeaderMap } from './headers.js';
import { concatenate, type PartBytes, touches } from './part-bytes.js';
import { decideRange } from './ranges.js';
import { type PartRange, partRangeOf } from './semantics/content-range.js';
import { isStrongTag } from './semantics/freshen.js';
import { isSelected, type Selecting } from './semantics/vary.js';
import type { ObjectStorage } from './storage/object-storage.js';
import { type CacheEntry, type EntryReader, type StoredResponse, toMeta } from './stored-response.js';
import { variantKey } from './variant-index.js';

/** URLs of which parts are stored. */
const MAX_URLS = 10_000;

interface Part {
    key: string;
    range: PartRange;
    selecting: Selecting;
    language: string | undefined;
    /** Parts of several contracts are not joined: each goes with its own. */
    contract: string | null;
    /** Parts are joined by a strong validator only (RFC 9111 3.4). */
    strongTag: string | null;
}
export interface WholeResponse {
    response: StoredResponse;
    body: CompletedBody;
}
export interface PartStoreOptions {
    storage: ObjectStorage;
    entries: EntryReader;
    maxParts: number;
    maxObjectBytes: number;
}

/** Parts of objects that are too large to keep, or were asked for by range (RFC 9111 3.3, 3.4). */
export class PartStore {
    readonly #options: PartStoreOptions;
    readonly #parts = new LRUCache<string, Part[]>({
        max: MAX_URLS,
        dispose: (parts, _, reason) => {
            if (reason === 'evict') this.#drop(parts);
        },
    });

    constructor(options: PartStoreOptions) {
        this.#options = options;
    }

    /** Notes a part that is stored already. */
    add(key: string, { primaryKey, selecting, headers, contract, part: range }: StoredResponse): void {
        if (range === null) return;
        const strongTag = isStrongTag(headers.etag) ? headers.etag : null;
        const others = (this.#parts.get(primaryKey) ?? []).filter((part) => part.key !== key);
        const kept = [{ key, range, selecting, language: headers['content-language'], contract, strongTag }, ...others];
        this.#drop(kept.splice(this.#options.maxParts));
        this.#parts.set(primaryKey, kept);
    }

    /** Stores a part, joined with those that it touches; returns the whole representation if that makes it complete. */
    async put(received: Omit<StoredResponse, 'part'>, body: CompletedBody): Promise<WholeResponse | null> {
        const range = partRangeOf(received.headers);
        if (range === null || body.body.length !== range.last - range.first + 1) return null;
        const joined = await this.#join(received, range, body);
        const { first, last, total } = joined.range;
        const { 'content-range': _, ...headers } = received.headers;
        headers['content-length'] = String(last - first + 1);
        if (first === 0 && last === total - 1) {
            return { response: { ...received, headers, status: 200, part: null }, body: joined.body };
        }
        const response = { ...received, headers, part: joined.range };
        const meta = toMeta(response);
        if (meta === null) return null;
        const key = `${variantKey(received.primaryKey, received.selecting)}\n@${first}-${last}`;
        this.#options.storage.put({ key, meta, ...joined.body });
        this.add(key, response);
        return null;
    }

    /** The stored part that holds all of the range asked for. */
    async findRange(primaryKey: string, request: HeaderMap, header: string): Promise<CacheEntry | null> {
        return this.#findPart(primaryKey, request, ({ range: held }) => {
            const wanted = decideRange(header, held.total);
            return wanted.kind === 'part' && wanted.range.first >= held.first && wanted.range.last <= held.last;
        });
    }

    /** The beginning of an object, from which the rest can be asked for. */
    async findPrefix(primaryKey: string, request: HeaderMap, contract: string | null): Promise<CacheEntry | null> {
        return this.#findPart(
            primaryKey,
            request,
            (part) => part.range.first === 0 && part.strongTag !== null && part.contract === contract,
        );
    }

    remove(primaryKey: string, selecting?: Selecting): void {
        const parts = this.#parts.get(primaryKey) ?? [];
        const isGone = (part: Part): boolean => selecting === undefined || isSame(part.selecting, selecting);
        this.#drop(parts.filter(isGone));
        const left = parts.filter((part) => !isGone(part));
        if (left.length === 0) this.#parts.delete(primaryKey);
        else this.#parts.set(primaryKey, left);
    }

    async #findPart(primaryKey: string, request: HeaderMap, fits: (part: Part) => boolean): Promise<CacheEntry | null> {
        const found = this.#parts
            .get(primaryKey)
            ?.find((part) => isSelected(part.selecting, part.language, request) && fits(part));
        const object = found === undefined ? null : await this.#options.storage.load(found.key);
        return object === null ? null : this.#options.entries.read(object);
    }

    /** Joins what overlaps or touches and has strong tag and contract in common; parts of another representation go. */
    async #join(
        { primaryKey, selecting, headers, contract }: Omit<StoredResponse, 'part'>,
        range: PartRange,
        body: CompletedBody,
    ): Promise<PartBytes> {
        let joined: PartBytes = { range, body };
        if (!isStrongTag(headers.etag)) return joined;
        const parts = (this.#parts.get(primaryKey) ?? []).filter((part) => isSame(part.selecting, selecting));
        this.#forget(
            primaryKey,
            parts.filter(({ strongTag, range: { total } }) => strongTag !== headers.etag || total !== range.total),
        );
        const isJoinable = (part: Part): boolean => part.strongTag === headers.etag && part.contract === contract;
        for (const part of parts.filter(isJoinable)) {
            if (!touches(part.range, joined.range) || part.range.total !== range.total) continue;
            const bytes =
                Math.max(part.range.last, joined.range.last) - Math.min(part.range.first, joined.range.first) + 1;
            const object = bytes > this.#options.maxObjectBytes ? null : await this.#options.storage.load(part.key);
            if (object === null) continue;
            joined = concatenate(joined, { range: part.range, body: object.body });
            this.#forget(primaryKey, [part]);
        }
        return joined;
    }

    #forget(primaryKey: string, gone: Part[]): void {
        if (gone.length === 0) return;
        this.#drop(gone);
        this.#parts.set(
            primaryKey,
            (this.#parts.get(primaryKey) ?? []).filter((part) => !gone.includes(part)),
        );
    }

    #drop(parts: Part[]): void {
        for (const { key } of parts) this.#options.storage.delete(key);
    }
}

const isSame = (one: Selecting, other: Selecting): boolean => JSON.stringify(one) === JSON.stringify(other);
