import { type Linked, LinkedQueue } from './linked-queue.js';

/** Least number of evicted keys remembered, so that a tier of a few large objects learns as well. */
const MIN_GHOSTS = 1_024;

interface Ghost extends Linked<Ghost> {
    readonly fingerprint: number;
}

/** Keys evicted not long ago, by fingerprint. */
export class GhostQueue {
    readonly #ghosts = new Map<number, Ghost>();
    readonly #queue = new LinkedQueue<Ghost>();

    /** @param residents how many objects the tier holds: as many ghosts are kept */
    remember(key: string, residents: number): void {
        const fingerprint = fingerprintOf(key);
        if (this.#ghosts.has(fingerprint)) return;
        const ghost = { fingerprint, newer: null, older: null };
        this.#ghosts.set(fingerprint, ghost);
        this.#queue.push(ghost);
        while (this.#queue.oldest !== null && this.#queue.length > Math.max(MIN_GHOSTS, residents)) {
            this.#forget(this.#queue.oldest);
        }
    }

    /** Whether the key was there; it is no more. */
    take(key: string): boolean {
        const ghost = this.#ghosts.get(fingerprintOf(key));
        if (ghost !== undefined) this.#forget(ghost);
        return ghost !== undefined;
    }

    #forget(ghost: Ghost): void {
        this.#ghosts.delete(ghost.fingerprint);
        this.#queue.remove(ghost);
    }
}

/** FNV-1a, 32 bits. Where it is used, a collision admits something too early, which is harmless. */
export function fingerprintOf(key: string): number {
    let hash = 0x811c9dc5;
    for (let index = 0; index < key.length; index += 1) {
        hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
    }
    return hash >>> 0;
}
