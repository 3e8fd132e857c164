import type { Browser } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findBrowser } from '../e2e/browser.js';
import { BrowserPlayer, launchOn } from './browser-player.js';
import { FfmpegPlayer } from './ffmpeg-player.js';
import { whatIsMissing } from './hosts.js';
import { type Asked, askedSince, moreThanOnce, partsAskedBy, together } from './origin-counts.js';
import { SEGMENT_BYTES, SEGMENT_SECS } from './segments.js';
import { openStage, type Stage } from './stage.js';
import type { StageNode } from './stage-node.js';
import { until } from './until.js';

const executable = findBrowser();
const missing = executable === null ? 'chromium' : await whatIsMissing();
if (missing !== null) process.stderr.write(`\nSKIPPED: players on hosts of their own; this needs ${missing}.\n\n`);
const LOSS_PER_THOUSAND = 10;

describe.skipIf(missing !== null)('players on lossy lines', () => {
    let stage: Stage;
    let browser: Browser;
    let player: BrowserPlayer;
    let ffmpeg: FfmpegPlayer;
    // Each with hosts of its own: a RELAY that has died more than once in a few minutes is kept out for longer (flap damping).
    beforeEach(async () => {
        stage = await openStage(LOSS_PER_THOUSAND);
        browser = await launchOn(stage.viewers[0], executable ?? '');
        ffmpeg = new FfmpegPlayer(stage.viewers[1], stage.streamUrl);
        player = await BrowserPlayer.begin(browser, stage);
        await ffmpeg.playsPast(1, 'at the beginning');
    }, 120_000);
    afterEach(async () => {
        await Promise.all([player?.close(), ffmpeg?.end()]);
        await browser?.close();
        await stage?.close();
    });

    const kill = (node: StageNode) => lose(node, 'is killed', () => node.kill());

    /** Loses a node when the browser wants something; resolves when both players have got what they asked for after that. */
    async function lose(node: StageNode, what: string, how: () => Promise<void>): Promise<void> {
        const when = `after ${node.name} ${what}`;
        const [{ bufferedTo }, played] = [await player.now(), ffmpeg.played];
        await player.asksForSegment();
        await player.note(`${node.name} ${what}`);
        await how();
        // The first segment was under way; the second is asked for when the node is dead.
        await player.fetchesPast(bufferedTo + 1.5 * SEGMENT_SECS, when);
        await ffmpeg.playsPast(played + 1.5 * SEGMENT_SECS, when);
    }

    /** What is fetched by now is seen, and nobody has been kept waiting. */
    async function expectSmoothPlay(fetchedTo: number): Promise<void> {
        await player.playsPast(fetchedTo, 'to the end of what came after the last kill');
        const { stoodSecs, skippedSecs } = await player.interruptions();
        const met = await player.met();
        expect(stoodSecs, `longest time in seconds that the picture stood; ${met}\n`).toBeLessThanOrEqual(SEGMENT_SECS);
        // Sometimes hls.js gives up the segment that a kill has cut off, and goes on with the next.
        expect(skippedSecs, `most seconds left out at once; ${met}\n`).toBeLessThan(1.5 * SEGMENT_SECS);
        expect(await player.fatalTroubles()).toEqual([]);
    }

    /** The RELAY that the browser uses, and the other one. */
    async function relaysOfBrowser(): Promise<[StageNode, StageNode]> {
        const [one, two] = stage.relays;
        const used = (await stage.ledTo(stage.viewers[0])) ?? expect.fail('the router leads the browser to the origin');
        return used === one ? [one, two] : [two, one];
    }

    /** Resolves when a CAST has asked the origin for a part of the stream that it had not asked for before. */
    const untilAsks = (cast: StageNode, before: Asked) =>
        until(
            async () => askedSince(before, partsAskedBy(await stage.originCounts(), cast.host)).size > 0 || undefined,
            () => `${cast.name} asks the origin for a segment`,
        );

    it('do not stall for longer than a segment when their RELAY dies, and the origin sees each object once', async () => {
        const [used, other] = await relaysOfBrowser();
        const before = await stage.servedBytes(other);
        await kill(used);
        expect(await stage.servedBytes(other)).toBeGreaterThan(before);
        await expectSmoothPlay((await player.now()).bufferedTo - SEGMENT_SECS / 2);
        const counts = await stage.originCounts();
        const [one, two] = stage.casts;
        const asked = together(partsAskedBy(counts, one.host), partsAskedBy(counts, two.host));
        expect(asked.size).toBeGreaterThan(5);
        expect(moreThanOnce(asked)).toEqual([]);
    }, 120_000);

    it.each([
        ['before it answers', 0],
        ['within an answer', SEGMENT_BYTES / 3],
    ])(
        'do not stall for longer than a segment when the host of their RELAY is gone without a word %s',
        async (_, afterBytes) => {
            const [used, other] = await relaysOfBrowser();
            const before = await stage.servedBytes(other);
            await lose(used, 'is heard no more', () => used.host.fallSilent(afterBytes));
            expect(await stage.servedBytes(other)).toBeGreaterThan(before);
            await expectSmoothPlay((await player.now()).bufferedTo - SEGMENT_SECS / 2);
        },
        120_000,
    );

    it('do not stall for longer than a segment a kill when RELAYs and a shield die, and the origin sees each object once a life', async () => {
        const [used, other] = await relaysOfBrowser();
        await kill(used);
        await used.start();
        await stage.untilLedTo(used);
        await kill(other);
        // It has begun anew, and now it is all that is left.
        expect(await stage.servedBytes(used)).toBeGreaterThan(0);

        const [lasting, dying] = stage.casts;
        const whole = await stage.originCounts();
        await kill(dying);
        await until(
            () => used.hasLogged('parent detention changed', dying.host.ip) || undefined,
            () => `${used.name} asks ${dying.name} in vain`,
        );
        const { bufferedTo } = await player.now();
        const broken = await stage.originCounts();
        const firstLife = partsAskedBy(broken, dying.host);
        // Playlists are filed, too.
        const askedInAll = Object.keys(broken[dying.host.ip] ?? {}).length;
        const inMemoryOnly = Math.max(0, askedInAll - (await dying.filedObjects()));
        await dying.start();
        await untilAsks(dying, firstLife);
        await stage.askCache(dying, [...firstLife.keys()]);
        await expectSmoothPlay(bufferedTo - SEGMENT_SECS / 2);

        const end = await stage.originCounts();
        const secondLife = askedSince(firstLife, partsAskedBy(end, dying.host));
        // Until a shield died, both were as one to the origin. Then each asks for what it does not hold, once in a life.
        expect(moreThanOnce(together(partsAskedBy(whole, lasting.host), partsAskedBy(whole, dying.host)))).toEqual([]);
        for (const life of [partsAskedBy(end, lasting.host), firstLife, secondLife])
            expect(moreThanOnce(life)).toEqual([]);
        // Answers do not wait for files: what was asked for and is in no file was in memory only, and that alone is asked for again.
        const again = [...secondLife.keys()].filter((path) => firstLife.has(path));
        expect(again.length, `asked for in both lives: ${again.join(' ')}`).toBeLessThanOrEqual(inMemoryOnly);
        for (const { name, host } of stage.relays)
            expect(end[host.ip], `what ${name} asked the origin for`).toBeUndefined();
    }, 120_000);
});
