/** Steps of one turn: some milliseconds in all, then whoever waits is answered. */
const STEPS_PER_TURN = 2;

/** Runs long work in short turns between the requests, one piece after the other. Of work that waits, the newest is kept. */
export class Turns<T> {
    readonly #workOn: (input: T) => Generator<void, void>;
    readonly #onError: (error: unknown) => void;
    #next: { input: T } | null = null;
    #running: Promise<void> | null = null;
    #isClosed = false;

    /** @param onError gets what a piece of work throws; the next piece runs as planned */
    constructor(workOn: (input: T) => Generator<void, void>, onError: (error: unknown) => void) {
        this.#workOn = workOn;
        this.#onError = onError;
    }

    start(input: T): void {
        this.#next = { input };
        this.#running ??= this.#run().finally(() => {
            this.#running = null;
        });
    }

    /** Resolves when nothing is under way. */
    async idle(): Promise<void> {
        while (this.#running !== null) await this.#running;
    }

    async close(): Promise<void> {
        this.#isClosed = true;
        await this.idle();
    }

    async #run(): Promise<void> {
        while (this.#next !== null) {
            const { input } = this.#next;
            this.#next = null;
            await this.#runOne(input).catch(this.#onError);
            if (this.#isClosed) return;
            await untilOthersRan();
        }
    }

    async #runOne(input: T): Promise<void> {
        let steps = 0;
        for (const _ of this.#workOn(input)) {
            steps += 1;
            if (steps % STEPS_PER_TURN === 0) await untilOthersRan();
            if (this.#isClosed) return;
        }
    }
}

const untilOthersRan = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
