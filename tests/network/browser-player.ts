import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../e2e/browser.js';
import type { Host } from './hosts.js';
import { SEGMENT_SECS } from './segments.js';

const PATIENCE_MS = 30_000;
const SAMPLE_MS = 50;
/**
 * The kernel of a RELAY that is killed says so once (RST). Where that is lost on the line, nobody says anything any more, and unless
 * it is told otherwise hls.js waits 10 s for a first byte and 120 s for the last one: longer than what a live stream has ahead. Lines
 * on which a segment takes longer than it plays carry no live stream anyway.
 */
const PATIENCE_WITH_A_SEGMENT = {
    maxTimeToFirstByteMs: SEGMENT_SECS * 1_000,
    maxLoadTimeMs: SEGMENT_SECS * 1_500,
};

/** A browser whose network is that of the host. */
export async function launchOn(host: Host, program: string): Promise<Browser> {
    const folder = await mkdtemp(join(tmpdir(), 'ocm-browser-'));
    const wrapper = join(folder, 'browser');
    const [command, args] = host.command(program, []);
    await writeFile(wrapper, `#!/bin/sh\nexec ${[command, ...args].join(' ')} "$@"\n`);
    await chmod(wrapper, 0o755);
    try {
        return await launchBrowser(wrapper);
    } finally {
        await rm(folder, { recursive: true });
    }
}

interface Sample {
    atMs: number;
    position: number;
}
/** What went wrong on the way, as the player or the browser tells it. */
interface Trouble {
    atMs: number;
    position: number;
    what: string;
    isFatal: boolean;
}
interface Recorded {
    samples: Sample[];
    troubles: Trouble[];
}
export interface Moment {
    position: number;
    /** Seconds of the stream up to which it needs nobody. */
    bufferedTo: number;
}

/** hls.js in a page, watched from within. */
export class BrowserPlayer {
    readonly #page: Page;

    private constructor(page: Page) {
        this.#page = page;
    }

    /** Resolves when the picture moves. */
    static async begin(
        browser: Browser,
        { playerUrl, streamUrl }: { playerUrl: string; streamUrl: string },
    ): Promise<BrowserPlayer> {
        const page = await browser.newPage();
        const player = new BrowserPlayer(page);
        await page.goto(playerUrl);
        await page.evaluate(record, { streamUrl, everyMs: SAMPLE_MS, patience: PATIENCE_WITH_A_SEGMENT });
        // Playwright sees where a redirect led to; hls.js knows only where it began.
        page.on('requestfailed', (request) => {
            const what = `${request.url()} ${request.failure()?.errorText ?? 'failed'}`;
            void page.evaluate(noteTrouble, what).catch(() => undefined);
        });
        await player.playsPast(1, 'at the beginning');
        return player;
    }

    now(): Promise<Moment> {
        return this.#page.evaluate(() => {
            const video = document.querySelector('video') as HTMLVideoElement;
            const { buffered, currentTime } = video;
            const bufferedTo = buffered.length === 0 ? currentTime : buffered.end(buffered.length - 1);
            return { position: currentTime, bufferedTo };
        });
    }

    /** @throws what it met instead, if the picture has not come there in time */
    playsPast(position: number, when: string): Promise<void> {
        const isPast = (wanted: number) => (document.querySelector('video')?.currentTime ?? 0) > wanted;
        return this.#reaches(isPast, position, when);
    }

    /** @throws what it met instead, if it has not fetched the stream up to there in time */
    fetchesPast(position: number, when: string): Promise<void> {
        const isPast = (wanted: number) => {
            const buffered = document.querySelector('video')?.buffered;
            return buffered !== undefined && buffered.length > 0 && buffered.end(buffered.length - 1) > wanted;
        };
        return this.#reaches(isPast, position, when);
    }

    /** Resolves when it asks for a segment: whoever is to serve that has it before it now. */
    async asksForSegment(): Promise<void> {
        await this.#page.waitForRequest(/\/seg-/, { timeout: PATIENCE_MS });
    }

    /** The longest time in seconds in which the picture stood since it first moved, and the most of the stream that it left out. */
    async interruptions(): Promise<{ stoodSecs: number; skippedSecs: number }> {
        const { samples } = await this.#recorded();
        const moving = samples.filter(({ position }) => position > 1);
        let since = moving[0];
        let [stoodMs, skippedSecs] = [0, 0];
        for (const [index, sample] of moving.entries()) {
            const before = moving[index - 1] ?? sample;
            const played = (sample.atMs - before.atMs) / 1_000;
            skippedSecs = Math.max(skippedSecs, sample.position - before.position - played);
            if (since === undefined || sample.position > since.position + 0.001) since = sample;
            else stoodMs = Math.max(stoodMs, sample.atMs - since.atMs);
        }
        return { stoodSecs: stoodMs / 1_000, skippedSecs };
    }

    async fatalTroubles(): Promise<string[]> {
        const { troubles } = await this.#recorded();
        return troubles.filter(({ isFatal }) => isFatal).map(({ what }) => what);
    }

    /** Puts what is done to the player among what it met. */
    note(what: string): Promise<void> {
        return this.#page.evaluate(noteTrouble, what);
    }

    /** For a person who reads why a test failed: everything, by seconds since the page was opened. */
    async met(): Promise<string> {
        const { troubles } = await this.#recorded();
        const lines = troubles.map(({ atMs, position, what }) => {
            const [at, where] = [atMs / 1_000, position].map((secs) => secs.toFixed(2));
            return `\n  ${at} s, at ${where} s of the stream: ${what}`;
        });
        return troubles.length === 0 ? 'it met nothing' : `it met:${lines.join('')}`;
    }

    close(): Promise<void> {
        return this.#page.close();
    }

    async #reaches(isThere: (position: number) => boolean, position: number, when: string): Promise<void> {
        try {
            await this.#page.waitForFunction(isThere, position, { timeout: PATIENCE_MS, polling: SAMPLE_MS });
        } catch {
            const { position: reached, bufferedTo } = await this.now();
            const stands = `stands at ${reached.toFixed(1)} s, fetched to ${bufferedTo.toFixed(1)} s`;
            throw new Error(`${when}: the picture ${stands}, short of ${position.toFixed(1)} s; ${await this.met()}`);
        }
    }

    #recorded(): Promise<Recorded> {
        return this.#page.evaluate(() => (window as unknown as { recorded: Recorded }).recorded);
    }
}

/** In the page: plays and notes where the picture is and what goes wrong. */
function record(told: { streamUrl: string; everyMs: number; patience: object }): void {
    interface Hls {
        loadSource(url: string): void;
        attachMedia(video: HTMLVideoElement): void;
        on(event: string, listener: (name: string, data: unknown) => void): void;
    }
    interface HlsError {
        details: string;
        fatal: boolean;
        url?: string;
        frag?: { url: string };
        response?: { code: number };
    }
    interface Loading {
        fragLoadPolicy: { default: object };
    }
    const scope = window as unknown as {
        Hls: { new (config: object): Hls; DefaultConfig: Loading };
        recorded: Recorded;
    };
    const video = document.querySelector('video') as HTMLVideoElement;
    const { fragLoadPolicy } = scope.Hls.DefaultConfig;
    const hls = new scope.Hls({
        liveSyncDurationCount: 3,
        fragLoadPolicy: { default: { ...fragLoadPolicy.default, ...told.patience } },
    });
    const here = () => ({ atMs: performance.now(), position: video.currentTime });
    scope.recorded = { samples: [], troubles: [] };
    hls.on('hlsError', (_, data) => {
        const { details, fatal, frag, url, response } = data as HlsError;
        const what = `hls.js: ${details} ${frag?.url ?? url ?? ''} ${response?.code ?? ''}`;
        scope.recorded.troubles.push({ ...here(), what, isFatal: fatal });
    });
    hls.loadSource(told.streamUrl);
    hls.attachMedia(video);
    void video.play();
    setInterval(() => scope.recorded.samples.push(here()), told.everyMs);
}

/** In the page. */
function noteTrouble(what: string): void {
    const { recorded } = window as unknown as { recorded: Recorded };
    const position = document.querySelector('video')?.currentTime ?? 0;
    recorded.troubles.push({ atMs: performance.now(), position, what, isFatal: false });
}
