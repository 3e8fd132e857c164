import type { CacheBehaviour } from './behaviour.js';
import type { CompletedBody } from './fill.js';
import type { HeaderMap } from './headers.js';
import { PartStore } from './part-store.js';
import type { CacheRequest } from './request.js';
import { freshenedFields } from './semantics/freshen.js';
import type { ReceivedResponse } from './semantics/freshness.js';
import { storedFields } from './semantics/storable.js';
import { controlOf } from './semantics/targeted.js';
import { selectingOf } from './semantics/vary.js';
import type { ObjectStorage } from './storage/object-storage.js';
import { type CacheEntry, EntryReader, fromMeta, type StoredResponse, toMeta } from './stored-response.js';
import { VariantIndex, variantKey } from './variant-index.js';

export interface ResponseStoreOptions {
    storage: ObjectStorage;
    behaviour: CacheBehaviour;
    maxObjectBytes: number;
    contractOf: ContractOf;
}
/** Under whose secret an answer is stored, by the contract of the viewer's session; null: nobody's. */
export type ContractOf = (asked: string | undefined) => string | null;
/** A request that is answered by what is put: its fields and the session's contract. */
type Asked = Pick<CacheRequest, 'headers' | 'contract'>;

/** Stored responses by URL and by the request fields that selected them. */
export class ResponseStore {
    readonly storage: ObjectStorage;
    readonly parts: PartStore;
    readonly #entries: EntryReader;
    readonly #variants: VariantIndex;
    readonly #storesCookies: boolean;
    readonly #contractOf: ContractOf;

    constructor({ storage, behaviour, maxObjectBytes, contractOf }: ResponseStoreOptions) {
        this.#contractOf = contractOf;
        this.storage = storage;
        this.#entries = new EntryReader(behaviour);
        this.#variants = new VariantIndex(behaviour.maxVariants);
        this.#storesCookies = behaviour.storesCookies;
        const { maxParts } = behaviour;
        this.parts = new PartStore({ storage, entries: this.#entries, maxParts, maxObjectBytes });
    }

    /** Takes over what an earlier process stored. */
    async open(): Promise<void> {
        for await (const { key, meta } of this.storage.open()) {
            const response = fromMeta(meta);
            if (response === null) this.storage.delete(key);
            else if (response.part !== null) this.parts.add(key, response);
            else {
                const { primaryKey, selecting, headers } = response;
                this.#drop(this.#variants.add(primaryKey, selecting, headers['content-language']));
            }
        }
    }

    /** Memory only, for the hot path. */
    peek(primaryKey: string, request: HeaderMap): CacheEntry | null {
        const key = this.#variants.find(primaryKey, request);
        const object = key === null ? undefined : this.storage.peek(key);
        return object === undefined ? null : this.#entries.read(object);
    }

    async find(primaryKey: string, request: HeaderMap): Promise<CacheEntry | null> {
        const key = this.#variants.find(primaryKey, request);
        if (key === null || !this.storage.has(key)) return null;
        const object = await this.storage.load(key);
        return object === null ? null : this.#entries.read(object);
    }

    /** The stored beginning of an object, if it may be continued by what is fetched for this request. */
    findPrefix(primaryKey: string, { headers, contract }: Asked): Promise<CacheEntry | null> {
        return this.parts.findPrefix(primaryKey, headers, this.#contractOf(contract));
    }

    /** @param request its fields were sent to the parent; with `Vary` they name the variant */
    async put(primaryKey: string, request: Asked, response: ReceivedResponse, body: CompletedBody): Promise<void> {
        const selecting = selectingOf(response.headers.vary, request.headers);
        const { status, headers, requestTimeMs, responseTimeMs } = response;
        const contract = this.#contractOf(request.contract);
        const received = { status, headers, requestTimeMs, responseTimeMs, primaryKey, selecting, contract };
        if (status !== 206) {
            this.#putWhole({ ...received, part: null }, body);
            return;
        }
        const whole = await this.parts.put(received, body);
        if (whole !== null) this.#putWhole(whole.response, whole.body);
    }

    /** A stored response with the fields of a 304 or of a 200 to HEAD. */
    freshen(entry: CacheEntry, received: Omit<ReceivedResponse, 'status'>): CacheEntry {
        const { requestTimeMs, responseTimeMs } = received;
        const updates = storedFields(received.headers, controlOf(received.headers));
        // A cookie that comes with a 304 is meant for one viewer; all others would get it from the store.
        if (!this.#storesCookies) delete updates['set-cookie'];
        const headers = freshenedFields(entry.response.headers, updates);
        const meta = toMeta({ ...entry.response, headers, requestTimeMs, responseTimeMs });
        if (meta === null) return entry;
        // Replaced while the parent was asked: what it said of the old body must not describe the new one.
        const held = this.storage.peek(entry.object.key);
        if (held === undefined || held.meta === entry.object.meta) this.storage.describe(entry.object.key, meta);
        return this.#entries.read({ ...entry.object, meta });
    }

    remove(entry: CacheEntry): void {
        this.storage.delete(entry.object.key);
    }

    /** All that is stored of a URL (RFC 9111 4.4). */
    invalidate(primaryKey: string): void {
        this.#drop(this.#variants.remove(primaryKey));
        this.parts.remove(primaryKey);
    }

    #putWhole(response: StoredResponse, body: CompletedBody): void {
        const { primaryKey, selecting, headers } = response;
        const meta = toMeta(response);
        if (meta === null) return;
        this.#drop(this.#variants.add(primaryKey, selecting, headers['content-language']));
        this.storage.put({ key: variantKey(primaryKey, selecting), meta, ...body });
        this.parts.remove(primaryKey, selecting);
    }

    #drop(keys: string[]): void {
        for (const key of keys) if (this.storage.has(key)) this.storage.delete(key);
    }
}
