import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { HeaderMap } from './headers.js';
import { isSelected, type Selecting } from './semantics/vary.js';

/** URLs with several stored responses that are remembered; of one that is forgotten nothing is served until it is stored anew. */
const MAX_URLS = 50_000;

interface Variant {
    key: string;
    selecting: Selecting;
    language: string | undefined;
}

/** Name of a stored response. Hashed, so that long request fields make no long names. */
export function variantKey(primaryKey: string, selecting: Selecting): string {
    if (selecting.length === 0) return primaryKey;
    return `${primaryKey}\n${createHash('sha256').update(JSON.stringify(selecting)).digest('base64url')}`;
}

/** Which stored response of a URL fits which request (RFC 9111 4.1). URLs without `Vary` need no place in it. */
export class VariantIndex {
    readonly #variants = new LRUCache<string, Variant[]>({ max: MAX_URLS });
    readonly #maxVariants: number;

    constructor(maxVariants: number) {
        this.#maxVariants = maxVariants;
    }

    /** The newest that fits; null if there are variants and none does. */
    find(primaryKey: string, request: HeaderMap): string | null {
        const variants = this.#variants.get(primaryKey);
        if (variants === undefined) return primaryKey;
        return variants.find(({ selecting, language }) => isSelected(selecting, language, request))?.key ?? null;
    }

    /** Notes a response that is being stored; returns the names of those that it displaces. */
    add(primaryKey: string, selecting: Selecting, language: string | undefined): string[] {
        const key = variantKey(primaryKey, selecting);
        const others = (this.#variants.get(primaryKey) ?? []).filter((variant) => variant.key !== key);
        if (key === primaryKey) {
            this.#variants.delete(primaryKey);
            return others.map((variant) => variant.key);
        }
        const kept = [{ key, selecting, language }, ...others];
        const displaced = kept.splice(this.#maxVariants);
        this.#variants.set(primaryKey, kept);
        return [primaryKey, ...displaced.map((variant) => variant.key)];
    }

    /** Forgets a URL; returns the names of all its stored responses. */
    remove(primaryKey: string): string[] {
        const variants = this.#variants.get(primaryKey) ?? [];
        this.#variants.delete(primaryKey);
        return [primaryKey, ...variants.map(({ key }) => key)];
    }
}
