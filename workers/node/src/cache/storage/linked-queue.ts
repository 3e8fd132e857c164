/** A member of at most one queue. */
export interface Linked<T> {
    newer: T | null;
    older: T | null;
}

/** First in, first out, with removal from the middle in constant time: what a Map's order would give, without its holes. */
export class LinkedQueue<T extends Linked<T>> {
    #newest: T | null = null;
    #oldest: T | null = null;
    #length = 0;

    get length(): number {
        return this.#length;
    }

    get oldest(): T | null {
        return this.#oldest;
    }

    push(node: T): void {
        node.older = this.#newest;
        node.newer = null;
        if (this.#newest === null) this.#oldest = node;
        else this.#newest.newer = node;
        this.#newest = node;
        this.#length += 1;
    }

    remove(node: T): void {
        if (node.newer === null) this.#newest = node.older;
        else node.newer.older = node.older;
        if (node.older === null) this.#oldest = node.newer;
        else node.older.newer = node.newer;
        node.newer = null;
        node.older = null;
        this.#length -= 1;
    }

    *[Symbol.iterator](): Generator<T> {
        for (let node = this.#oldest; node !== null; node = node.newer) yield node;
    }
}
