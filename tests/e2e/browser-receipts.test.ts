import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, launchBrowser } from './browser.js';
import { type Market, openMarket } from './receipts-market.js';
import {
    eventsOf,
    openPlayer,
    playWithHls,
    playWithShaka,
    receiptsOf,
    untilEnded,
    untilTime,
} from './receipts-player.js';
import { startSite } from './receipts-site.js';

const executable = findBrowser();
if (!executable) process.stderr.write('\nSKIPPED: receipts in a browser; install chromium or set CHROMIUM_PATH.\n\n');
/** State folder of a main job that runs already; without it one is started. */
const RUNNING = process.env.MARKET_STATE;
const COMMITTED_WITHIN_MS = 30_000;

describe.skipIf(!executable)('receipts in a browser', () => {
    let market: Market;
    let site: Awaited<ReturnType<typeof startSite>>;
    let browser: Browser;
    let streamUrl: string;

    beforeAll(async () => {
        const folder = await mkdtemp(join(tmpdir(), 'ocm-receipts-'));
        [market, browser] = await Promise.all([openMarket(folder, RUNNING), launchBrowser(executable ?? '')]);
        const { cast, origin, provider } = market.urls;
        site = await startSite(folder, { providerUrl: provider, routerUrl: cast, mediaUrl: `${origin}/demo/` });
        streamUrl = `${origin}/demo/master.m3u8`;
    }, 180_000);
    afterAll(async () => {
        await browser?.close();
        site?.close();
        await market?.close();
    });

    const open = async (query: string): Promise<Page> =>
        openPlayer(await browser.newContext(), `${site.url}/?${query}`);
    const sumOf = (values: Iterable<bigint>) => [...values].reduce((sum, value) => sum + value, 0n);
    const signedBytes = async (page: Page) => sumOf([...(await receiptsOf(page)).values()].map(({ bytes }) => bytes));
    const committedBytes = async (sessions: Iterable<string>) => {
        const committed = await market.committedBytes();
        return sumOf([...sessions].map((session) => committed.get(session) ?? 0n));
    };
    const loadedBytes = async (page: Page) => {
        const loaded = await page.evaluate(() => window.loaded);
        return BigInt(loaded.reduce((sum, { bytes }) => sum + bytes, 0));
    };

    it('are signed for every byte that hls.js and shaka-player play, under the URLs that they were given', async () => {
        const before = await market.relayStatus();
        const copiesBefore = await market.receiptCopies();
        const pages = await Promise.all([open('player=hls'), open('player=shaka')]);
        const [hls, shaka] = pages;
        await playWithHls(hls, { url: streamUrl, rate: 4, bufferSecs: 30 });
        await playWithShaka(shaka, { url: streamUrl, rate: 4, bufferSecs: 30 });
        await Promise.all(pages.map(untilEnded));
        for (const page of pages) {
            await expect.poll(() => signedBytes(page), { timeout: 15_000 }).toBe(await loadedBytes(page));
            expect(await page.evaluate(() => window.failures)).toEqual([]);
            const urls = (await page.evaluate(() => window.loaded)).map(({ url }) => url);
            expect(urls.length).toBeGreaterThan(8);
            expect(urls.filter((url) => !url.startsWith(`${market.urls.origin}/demo/`))).toEqual([]);
            expect([...(await receiptsOf(page)).values()].every(({ copied }) => copied)).toBe(true);
            expect(await eventsOf(page, 'unsigned')).toEqual([]);
            expect(await eventsOf(page, 'error')).toEqual([]);
        }
        const after = await market.relayStatus();
        const delivered = BigInt(after.servedBytes) - BigInt(before.servedBytes);
        expect(BigInt(after.receiptedBytes) - BigInt(before.receiptedBytes)).toBe(delivered);
        expect((await loadedBytes(hls)) + (await loadedBytes(shaka))).toBe(delivered);
        const sessions = new Map([...(await receiptsOf(hls)), ...(await receiptsOf(shaka))]);
        expect((await market.receiptCopies()) - copiesBefore).toBe(sessions.size);
        // What the operator puts on chain counts the very same bytes for the very same sessions.
        await expect.poll(() => committedBytes(sessions.keys()), { timeout: COMMITTED_WITHIN_MS }).toBe(delivered);
    });

    it('go on when the RELAY is killed and when the worker is stopped in mid-play, and count nothing twice', async () => {
        const page = await open('player=hls');
        await playWithHls(page, { url: streamUrl, rate: 2, bufferSecs: 2 });
        await untilTime(page, 2);
        await market.kill('relay-a');
        await untilTime(page, 5);
        const beforeStop = await signedBytes(page);
        const devtools = await page.context().newCDPSession(page);
        await devtools.send('ServiceWorker.enable');
        await devtools.send('ServiceWorker.stopAllWorkers');
        await untilEnded(page);
        expect(await page.evaluate(() => window.failures)).toEqual([]);
        await expect.poll(() => signedBytes(page), { timeout: 15_000 }).toBeGreaterThan(beforeStop);
        const sessions = await receiptsOf(page);
        expect(await signedBytes(page)).toBeLessThanOrEqual(await loadedBytes(page));
        await expect
            .poll(() => committedBytes(sessions.keys()), { timeout: COMMITTED_WITHIN_MS })
            .toBe(await signedBytes(page));
    });

    it('are not signed without WebCrypto Ed25519: it plays, and the RELAY logs bytes without a receipt', async () => {
        const [before, epoch] = [await market.relayStatus(), await market.currentEpoch()];
        const page = await open('player=hls&old');
        await playWithHls(page, { url: streamUrl, rate: 4, bufferSecs: 30 });
        await untilEnded(page);
        expect((await eventsOf(page, 'unsigned')).map(({ code }) => code)).toEqual(['MKT_SDK__SIGNER_UNSUPPORTED']);
        expect((await receiptsOf(page)).size).toBe(0);
        const [after, loaded] = [await market.relayStatus(), await loadedBytes(page)];
        expect(BigInt(after.servedBytes) - BigInt(before.servedBytes)).toBe(loaded);
        expect(after.receiptedBytes).toBe(before.receiptedBytes);
        await expect.poll(() => market.unreceiptedBytes(epoch), { timeout: COMMITTED_WITHIN_MS }).toBe(loaded);
    });
});
