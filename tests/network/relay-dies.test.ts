import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, launchBrowser } from '../e2e/browser.js';
import { type Host, whatIsMissing } from './hosts.js';
import { ask, openStage, type Stage } from './stage.js';

const executable = findBrowser();
const missing = executable === null ? 'chromium' : await whatIsMissing();
if (missing !== null) process.stderr.write(`\nSKIPPED: players on hosts of their own; this needs ${missing}.\n\n`);
/** Of the stream. */
const SEGMENT_SECS = 2;
const LOSS_PER_THOUSAND = 10;

/** A browser whose network is that of the host. */
async function launchOn(host: Host, program: string): Promise<Browser> {
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

/** Plays and notes every 50 ms where the picture is. */
async function play(page: Page, { playerUrl, streamUrl }: Stage): Promise<void> {
    await page.goto(playerUrl);
    await page.evaluate((url) => {
        const scope = window as unknown as Record<string, unknown> & { Hls: new (config: object) => Hls };
        interface Hls {
            loadSource(url: string): void;
            attachMedia(video: HTMLVideoElement): void;
            on(event: string, listener: (name: string, data: unknown) => void): void;
        }
        const video = document.querySelector('video') as HTMLVideoElement;
        const hls = new scope.Hls({ liveSyncDurationCount: 3 });
        const progress: { at: number; position: number }[] = [];
        const errors: PlayerError[] = [];
        scope.progress = progress;
        scope.errors = errors;
        hls.on('hlsError', (_, data) => {
            const { details, fatal, frag, url } = data as PlayerError & { frag?: { url: string } };
            errors.push({ details, fatal, url: frag?.url ?? url });
        });
        hls.loadSource(url);
        hls.attachMedia(video);
        void video.play();
        setInterval(() => progress.push({ at: performance.now(), position: video.currentTime }), 50);
    }, streamUrl);
    const isMoving = () => (document.querySelector('video')?.currentTime ?? 0) > 1;
    await page.waitForFunction(isMoving, undefined, { timeout: 30_000 }).catch(async () => {
        expect.fail(`the player has not begun within 30 s: ${JSON.stringify(await errorsOf(page))}`);
    });
}

interface PlayerError {
    details: string;
    fatal: boolean;
    url: string | undefined;
}
const errorsOf = (page: Page): Promise<PlayerError[]> =>
    page.evaluate(() => (window as unknown as { errors: PlayerError[] }).errors);

/** The longest time in seconds in which the picture stood, from the first that moved. */
const longestStall = (page: Page): Promise<number> =>
    page.evaluate(() => {
        const { progress } = window as unknown as { progress: { at: number; position: number }[] };
        const moving = progress.filter(({ position }) => position > 1);
        let since = moving[0];
        let longest = 0;
        for (const sample of moving) {
            if (since === undefined || sample.position > since.position + 0.001) since = sample;
            else longest = Math.max(longest, sample.at - since.at);
        }
        return longest / 1_000;
    });
const positionOf = (page: Page): Promise<number> =>
    page.evaluate(() => document.querySelector('video')?.currentTime ?? 0);

/** Which RELAY has served viewers, by its own count. */
async function servedBy(stage: Stage, index: number): Promise<number> {
    const { host } = stage.relays[index] ?? expect.fail('no such RELAY');
    const viewer = stage.viewers[0] ?? expect.fail('no viewer');
    const { body } = await ask(viewer, `http://${host.ip}:4000/.well-known/ocm/status`);
    return body === '' ? 0 : Number((JSON.parse(body) as { servedBytes: string }).servedBytes);
}

describe.skipIf(missing !== null)('players on lossy lines', () => {
    let stage: Stage;
    let browser: Browser;
    beforeAll(async () => {
        stage = await openStage(LOSS_PER_THOUSAND);
        browser = await launchOn(stage.viewers[0] ?? expect.fail('no viewer'), executable ?? '');
    }, 120_000);
    afterAll(async () => {
        await browser?.close();
        await stage?.close();
    });

    it('do not stall for longer than a segment when their RELAY dies, and the origin sees each object once', async () => {
        const page = await browser.newPage();
        const second = stage.viewers[1] ?? expect.fail('no second viewer');
        const ffmpeg = second.start('ffmpeg', [
            '-hide_banner',
            '-loglevel',
            'error',
            '-re',
            '-i',
            stage.streamUrl,
            '-t',
            '20',
            '-f',
            'null',
            '-',
        ]);
        let complaints = '';
        ffmpeg.stderr?.on('data', (chunk) => {
            complaints += chunk;
        });
        const ended = new Promise<number | null>((resolve) => ffmpeg.once('exit', resolve));
        await play(page, stage);
        await page.waitForTimeout(6_000);
        const before = await Promise.all([servedBy(stage, 0), servedBy(stage, 1)]);
        const busy = before[0] > before[1] ? 0 : 1;
        expect(before[busy]).toBeGreaterThan(0);
        const position = await positionOf(page);
        stage.relays[busy]?.kill();
        await page.waitForTimeout(14_000);
        expect(await positionOf(page)).toBeGreaterThan(position + 14 - SEGMENT_SECS - 1);
        expect(await longestStall(page)).toBeLessThanOrEqual(SEGMENT_SECS);
        expect((await errorsOf(page)).filter(({ fatal }) => fatal)).toEqual([]);
        expect(await servedBy(stage, 1 - busy)).toBeGreaterThan(before[1 - busy] ?? 0);
        expect(await ended, complaints).toBe(0);
        const counts = await stage.originCounts();
        const segments = Object.entries(counts).filter(([path]) => path.endsWith('.m4s') || path.endsWith('.mp4'));
        expect(segments.length).toBeGreaterThan(8);
        expect(segments.filter(([, times]) => times > 1)).toEqual([]);
        await page.close();
    }, 120_000);
});
