/** Wakes all who wait for something to change. */
export class News {
    #waiting: (() => void)[] = [];

    /** Resolves at the next change. */
    next(): Promise<void> {
        return new Promise((resolve) => this.#waiting.push(resolve));
    }

    tell(): void {
        const waiting = this.#waiting;
        this.#waiting = [];
        for (const resolve of waiting) resolve();
    }
}
