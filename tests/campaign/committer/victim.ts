import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Random } from '../random.js';

const ENTRY = fileURLToPath(new URL('../../../workers/committer/dist/main.js', import.meta.url));
/** Transactions that a life lasts at most. */
const MOST_SENDS = 8;
/** The last kill may come this much after a transaction was answered. */
const MOST_DELAY_MS = 120;

/**
 * How a life of the committer ends: at its n-th transaction, which is lost, or delayed until the next life, or executed
 * and not answered; or a moment after the answer; or, without a transaction, while it is still reading.
 */
type Fate = { sends: number; at: (typeof FATES)[number]; delayMs: number };
const FATES = ['lost', 'late', 'between', 'after'] as const;

/** How many kills are left to be done: each life takes one, and gives it back when it was not needed. */
export type KillBudget = { take(): boolean; giveBack(): void; done(): void };

/** The committer as its user starts it, killed again and again until it has died often enough. */
export class Victim {
    readonly #random: Random;
    readonly #kills: KillBudget;
    readonly #configPath: string;
    #child: ChildProcess | undefined;
    #fate: Fate | undefined;
    #sends = 0;
    #isAwake = false;
    #stopped = false;
    #delayed: Promise<void> = Promise.resolve();
    #ended: Promise<void> = Promise.resolve();
    #told = '';
    /** Called between two lives. */
    onDeath: () => void = () => undefined;

    constructor(input: { configPath: string; random: Random; kills: KillBudget }) {
        this.#configPath = input.configPath;
        this.#random = input.random;
        this.#kills = input.kills;
    }

    /** What it said that a person should read. */
    get told(): string {
        return this.#told;
    }

    /** Whether this life has begun to look at the chain. */
    get isAwake(): boolean {
        return this.#isAwake;
    }

    live(): void {
        this.#sends = 0;
        this.#isAwake = false;
        this.#fate = this.#drawFate();
        const child = spawn(process.execPath, [ENTRY, '--config', this.#configPath], {
            stdio: ['ignore', 'ignore', 'pipe'],
            env: { ...process.env, OCM_LOG_LEVEL: 'error', NODE_OPTIONS: '' },
        });
        this.#child = child;
        child.stderr?.on('data', (chunk: Buffer) => {
            this.#told = (this.#told + chunk.toString('utf8')).slice(-20_000);
        });
        this.#ended = new Promise((resolve) => child.once('close', () => resolve()));
    }

    onRequest(): undefined {
        this.#isAwake = true;
        if (this.#fate?.sends === 0) this.#killIn(this.#fate.delayMs);
    }

    onSend(): 'pass' | 'drop' | 'hold' {
        this.#sends += 1;
        const fate = this.#fate;
        if (this.#sends !== fate?.sends || (fate.at !== 'lost' && fate.at !== 'late')) return 'pass';
        this.#kill();
        return fate.at === 'lost' ? 'drop' : 'hold';
    }

    onSent(): void {
        const fate = this.#fate;
        if (this.#sends !== fate?.sends) return;
        if (fate.at === 'between') this.#kill();
        if (fate.at === 'after') this.#killIn(fate.delayMs);
    }

    async stop(): Promise<void> {
        if (this.#fate !== undefined) this.#kills.giveBack();
        this.#fate = undefined;
        await this.#delayed;
        this.#stopped = true;
        this.#child?.kill('SIGTERM');
        await this.#ended;
    }

    #drawFate(): Fate | undefined {
        const { between } = this.#random;
        const fate: Fate = {
            sends: between(0, MOST_SENDS),
            at: FATES[between(0, FATES.length - 1)] ?? 'lost',
            delayMs: between(0, MOST_DELAY_MS),
        };
        return this.#kills.take() ? fate : undefined;
    }

    #killIn(delayMs: number): void {
        this.#fate = undefined;
        this.#delayed = new Promise((resolve) => {
            setTimeout(() => {
                this.#kill();
                resolve();
            }, delayMs);
        });
    }

    #kill(): void {
        this.#fate = undefined;
        this.#child?.kill('SIGKILL');
        this.#kills.done();
        void this.#ended.then(() => {
            if (this.#stopped) return;
            this.onDeath();
            this.live();
        });
    }
}
