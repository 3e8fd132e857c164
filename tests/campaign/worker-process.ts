import { type ChildProcess, execFile } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { appendFileSync, type FSWatcher, mkdirSync, watch } from 'node:fs';
import { join } from 'node:path';
import { launchWorker, type WorkerPlace, type WorkerSpec } from './launch.js';

/** As a service manager does with what ended by itself. */
const RESTART_MS = 400;
const LAST_WORDS_BYTES = 4_000;
/** What workers tell when they have begun to serve. */
const READY = /"msg":"[^"]*(ready|serves)"/;

/** One worker as its user starts it. Tells of `spawn`, `ready`, `request`, `line`, `write` and `exit`, which kills are timed by. */
export class WorkerProcess extends EventEmitter {
    readonly spec: WorkerSpec;
    readonly dataDir: string;
    /** The wall clock of the next life is wrong by so much. */
    nextClockStepMs = 0;
    /** What the next transaction meets, while a kill waits for one. */
    onTransaction: { before: () => 'pass' | 'drop' | 'hold'; after: () => void } | undefined;
    /** How long the last life that came so far took to serve. */
    bootMs = 0;
    /** Whether this life has said that it serves. */
    isReady = false;
    readonly #place: WorkerPlace;
    #startedAtMs = 0;
    #child: ChildProcess | undefined;
    #ended: Promise<number | null> = Promise.resolve(null);
    #watcher: FSWatcher | undefined;
    #isWanted = false;
    #isStruck = false;
    #hasClockStep = false;
    #lastWords = '';

    constructor(spec: WorkerSpec, place: WorkerPlace) {
        super();
        this.setMaxListeners(0);
        this.spec = spec;
        this.#place = place;
        this.dataDir = join(place.folder, spec.name);
        mkdirSync(this.dataDir, { recursive: true });
    }

    get pid(): number | undefined {
        return this.#child?.pid;
    }
    get isAlive(): boolean {
        return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
    }
    /** Killed by `strike`, and `kill` has not awaited the end yet. */
    get isStruck(): boolean {
        return this.#isStruck;
    }
    get hasClockStep(): boolean {
        return this.#hasClockStep;
    }
    get logPath(): string {
        return join(this.#place.folder, `${this.spec.name}.log`);
    }

    start(): void {
        this.#hasClockStep = this.nextClockStepMs !== 0;
        const child = launchWorker(this.spec, this.#place, this.dataDir, this.nextClockStepMs);
        this.nextClockStepMs = 0;
        this.#startedAtMs = performance.now();
        this.isReady = false;
        this.#isWanted = true;
        this.#lastWords = '';
        this.#child = child;
        this.#watcher ??= this.#watchFolder();
        child.stderr?.on('data', (chunk: Buffer) => this.#hear(chunk.toString('utf8')));
        this.#ended = new Promise((resolve) => {
            child.once('close', (code) => {
                resolve(code);
                if (this.#isWanted && this.#child === child) this.#endedByItself(code);
            });
        });
        this.emit('spawn');
    }

    /** SIGKILL in this very moment; `kill` awaits the end. */
    strike(): void {
        if (!this.isAlive) return;
        this.#isWanted = false;
        this.#isStruck = this.#child?.kill('SIGKILL') === true;
        this.emit('struck');
    }

    /** SIGKILL; resolves when the process is gone. False if there was none alive. */
    async kill(): Promise<boolean> {
        if (!this.#isStruck) this.strike();
        const wasStruck = this.#isStruck;
        this.#isStruck = false;
        if (wasStruck) await this.#ended;
        if (wasStruck) this.emit('exit');
        return wasStruck;
    }

    /** SIGTERM; resolves to the exit code. */
    async stop(): Promise<number | null> {
        this.#isWanted = false;
        this.#watcher?.close();
        if (!this.isAlive) return null;
        this.#child?.kill('SIGTERM');
        return this.#ended;
    }

    /** No file of it may grow: a full disk, without filling one. False where this machine cannot do it. */
    limitFiles(isFull: boolean): Promise<boolean> {
        const limit = isFull ? '--fsize=1:unlimited' : '--fsize=unlimited:unlimited';
        return new Promise((resolve) => {
            execFile('prlimit', ['--pid', `${this.pid}`, limit], (error) => resolve(error === null));
        });
    }

    /** Files that are gone before they are looked at are nobody's mistake. */
    #watchFolder(): FSWatcher {
        const watcher = watch(this.dataDir, { recursive: true }, () => this.emit('write'));
        return watcher.on('error', () => undefined);
    }

    #hear(text: string): void {
        this.#lastWords = (this.#lastWords + text).slice(-LAST_WORDS_BYTES);
        appendFileSync(this.logPath, text);
        if (READY.test(text)) {
            this.bootMs = performance.now() - this.#startedAtMs;
            this.isReady = true;
            this.emit('ready');
        }
        for (let lines = text.split('\n').length - 1; lines > 0; lines -= 1) this.emit('line');
    }

    #endedByItself(code: number | null): void {
        const { history } = this.#place;
        const words = this.#lastWords.trim().split('\n').at(-1) ?? '';
        history.selfEnds.push(`${this.spec.name} ${code}: ${words.slice(0, 300)}`);
        history.tell(`${this.spec.name} ended by itself with ${code}: ${words.slice(0, 300)}`);
        // What is told without a code of ours nobody has foreseen.
        if (!/\[MKT_/.test(words)) history.violated(`${this.spec.name} fell: ${this.#lastWords.slice(-1_500)}`);
        this.emit('exit');
        setTimeout(() => {
            if (this.#isWanted) this.start();
        }, RESTART_MS);
    }
}
