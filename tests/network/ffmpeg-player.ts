import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import type { Host } from './hosts.js';
import { until } from './until.js';

const KEPT_OUTPUT = 2_000;
/** It would wait for ever for a RELAY whose last word, an RST, was lost on the line. */
const SILENCE_MICROSECONDS = '3000000';

/**
 * ffmpeg that plays a stream at its own pace, for nobody. It asks for nothing twice and ends, as if all were well, when a few
 * requests in a row have failed; then it is started again, as a set-top box would do.
 */
export class FfmpegPlayer {
    readonly #host: Host;
    readonly #streamUrl: string;
    #child: ChildProcessWithoutNullStreams;
    #isWanted = true;
    /** Seconds that those which have ended had played. */
    #playedBefore = 0;
    #position = 0;
    #said = '';
    /** How often it has begun. */
    starts = 0;

    constructor(host: Host, streamUrl: string) {
        this.#host = host;
        this.#streamUrl = streamUrl;
        this.#child = this.#start();
    }

    /** Seconds of the stream. */
    get played(): number {
        return this.#playedBefore + this.#position;
    }

    /** @throws what it said, if it has not played so much in time */
    async playsPast(seconds: number, when: string): Promise<void> {
        await until(
            () => this.played > seconds || undefined,
            () => {
                const state = `it has played ${this.played.toFixed(1)} s and begun ${this.starts} times`;
                return `${when}: ffmpeg plays ${seconds.toFixed(1)} s (${state}):\n${this.#said}`;
            },
        );
    }

    /** As if one pressed q; resolves when it has ended, for good. */
    async end(): Promise<void> {
        this.#isWanted = false;
        if (this.#child.exitCode !== null) return;
        const ended = once(this.#child, 'exit');
        this.#child.stdin.end('q');
        await ended;
    }

    #start(): ChildProcessWithoutNullStreams {
        this.starts += 1;
        // Connections are not kept: this ffmpeg complains of each redirect to another host that it cannot use the last one.
        const input = ['-re', '-rw_timeout', SILENCE_MICROSECONDS, '-http_persistent', '0', '-i', this.#streamUrl];
        const output = ['-progress', 'pipe:1', '-stats_period', '0.2', '-f', 'null', '-'];
        const child = this.#host.start('ffmpeg', ['-hide_banner', '-loglevel', 'error', ...input, ...output]);
        // Whoever has just ended by itself reads no q.
        child.stdin.on('error', () => undefined);
        child.stdout.on('data', (chunk: Buffer) => {
            const microseconds = [...chunk.toString().matchAll(/^out_time_us=([0-9]+)$/gm)].at(-1)?.[1];
            if (microseconds !== undefined) this.#position = Number(microseconds) / 1e6;
        });
        child.stderr.on('data', (chunk: Buffer) => {
            this.#said = (this.#said + chunk.toString()).slice(-KEPT_OUTPUT);
        });
        child.once('exit', () => {
            if (!this.#isWanted) return;
            this.#playedBefore += this.#position;
            this.#position = 0;
            this.#child = this.#start();
        });
        return child;
    }
}
