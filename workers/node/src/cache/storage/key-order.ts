/** Runs tasks of one key one after the other, in the order of the calls; of different keys at most `limit` at once. */
export class KeyOrder {
    readonly #limit: number;
    readonly #tails = new Map<string, Promise<unknown>>();
    readonly #waiting: (() => void)[] = [];
    #running = 0;

    constructor(limit: number) {
        this.#limit = limit;
    }

    run<T>(key: string, task: () => Promise<T>): Promise<T> {
        const before = this.#tails.get(key) ?? Promise.resolve();
        const result = before.then(() => this.#limited(task));
        const tail = result
            .catch(() => undefined)
            .then(() => {
                if (this.#tails.get(key) === tail) this.#tails.delete(key);
            });
        this.#tails.set(key, tail);
        return result;
    }

    /** Resolves when what was asked for up to now has ended. */
    async current(): Promise<void> {
        await Promise.all(this.#tails.values());
    }

    /** Resolves when nothing is under way; under load, that may be never. */
    async settle(): Promise<void> {
        while (this.#tails.size > 0) await Promise.all(this.#tails.values());
    }

    async #limited<T>(task: () => Promise<T>): Promise<T> {
        while (this.#running >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve));
        this.#running += 1;
        try {
            return await task();
        } finally {
            this.#running -= 1;
            this.#waiting.shift()?.();
        }
    }
}
