/** Runs tasks of one key one after the other, in the order of the calls; of different keys all at once. */
export class KeyOrder {
    readonly #tails = new Map<string, Promise<unknown>>();

    run<T>(key: string, task: () => Promise<T>): Promise<T> {
        const before = this.#tails.get(key);
        const result = before === undefined ? task() : before.then(task);
        const end = (): void => {
            if (this.#tails.get(key) === tail) this.#tails.delete(key);
        };
        const tail = result.then(end, end);
        this.#tails.set(key, tail);
        return result;
    }

    /** Resolves when what was asked for up to now has ended. */
    async current(): Promise<void> {
        await Promise.all(this.#tails.values());
    }

    /** Whether nothing is under way. */
    get isSettled(): boolean {
        return this.#tails.size === 0;
    }
}
