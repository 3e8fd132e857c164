import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { playAll, startBeacon } from './beacon.js';
import { findBrowser, launchBrowser } from './browser.js';
import { type Market, openMarket } from './receipts-market.js';
import {
    askDirectly,
    eventsOf,
    loadedBytes,
    openPlayer,
    playWithHls,
    playWithShaka,
    receiptsOf,
    signedBytes,
    untilEnded,
    untilTime,
} from './receipts-player.js';
import { startSite } from './receipts-site.js';

const executable = findBrowser();
if (!executable) process.stderr.write('\nSKIPPED: receipts in a browser; install chromium or set CHROMIUM_PATH.\n\n');
/** State folder of a main job that runs already; without it one is started. */
const RUNNING = process.env.MARKET_STATE;
/** An epoch of 6 s, its grace and a few passes; much longer on a busy machine. */
const COMMITTED_WITHIN_MS = 120_000;

let folder: string;
let market: Market;
beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-receipts-'));
    market = await openMarket(join(folder, 'market'), RUNNING);
}, 180_000);
afterAll(async () => {
    await market?.close();
    await rm(folder, { recursive: true, force: true });
});

describe('a BEACON whose players have no keys', () => {
    it('signs for every byte that its players make it fetch, and the operator commits them', {
        timeout: COMMITTED_WITHIN_MS + 60_000,
    }, async () => {
        const beacon = await startBeacon(folder, market);
        onTestFinished(async () => void (await beacon.stop()));
        const before = await market.relayStatus();
        const first = await playAll(beacon.url);
        expect(first.objects).toBeGreaterThan(8);
        // The second player of the house costs the RELAY nothing.
        expect(await playAll(beacon.url)).toEqual(first);
        await expect.poll(() => beacon.metric('ocm_node_signed_bytes_total'), { timeout: 30_000 }).toBe(first.bytes);
        expect(await beacon.stop()).toBe(0);
        const after = await market.relayStatus();
        expect(BigInt(after.servedBytes) - BigInt(before.servedBytes)).toBe(first.bytes);
        expect(BigInt(after.receiptedBytes) - BigInt(before.receiptedBytes)).toBe(first.bytes);
        const sessions = [...beacon.log().matchAll(/"session":"([0-9a-f]{64})"/g)].map(([, session]) => session ?? '');
        expect(sessions.length).toBeGreaterThan(0);
        const committed = async () => {
            const all = await market.committedBytes();
            return [...new Set(sessions)].reduce((sum, session) => sum + (all.get(session) ?? 0n), 0n);
        };
        await expect.poll(committed, { timeout: COMMITTED_WITHIN_MS, interval: 1_000 }).toBe(first.bytes);
    });
});

describe.skipIf(!executable)('receipts in a browser', () => {
    let site: Awaited<ReturnType<typeof startSite>>;
    let browser: Browser;
    let streamUrl: string;

    beforeAll(async () => {
        browser = await launchBrowser(executable ?? '');
        const { cast, origin, provider } = market.urls;
        site = await startSite(folder, { providerUrl: provider, routerUrl: cast, mediaUrl: `${origin}/demo/` });
        streamUrl = `${origin}/demo/master.m3u8`;
    });
    afterAll(async () => {
        await browser?.close();
        site?.close();
    });

    const open = async (query: string) => openPlayer(await browser.newContext(), `${site.url}/?${query}`);
    /** The first object does not wait long for a session: on a busy machine it would come without one. */
    const openWithSession = async (query: string) => {
        const page = await open(query);
        await page.waitForFunction(() => window.events.some(({ type }) => type === 'session'));
        return page;
    };
    const sumOf = (values: Iterable<bigint>) => [...values].reduce((sum, value) => sum + value, 0n);
    /** Pages whose sessions the operator has to commit. */
    const watched: Page[] = [];

    it('are signed for every byte that hls.js and shaka-player play, under the URLs that they were given', async () => {
        const before = await market.relayStatus();
        const copiesBefore = await market.receiptCopies();
        const pages = await Promise.all([openWithSession('player=hls'), openWithSession('player=shaka')]);
        const [hls, shaka] = pages;
        await playWithHls(hls, { url: streamUrl, rate: 4, bufferSecs: 30 });
        await playWithShaka(shaka, { url: streamUrl, rate: 4, bufferSecs: 30 });
        await Promise.all(pages.map(untilEnded));
        for (const page of pages) {
            await expect.poll(() => signedBytes(page), { timeout: 30_000 }).toBe(await loadedBytes(page));
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
        watched.push(...pages);
    });

    it('go on when the worker is stopped in mid-play, and count nothing twice', async () => {
        const page = await openWithSession('player=hls');
        await playWithHls(page, { url: streamUrl, rate: 3, bufferSecs: 2 });
        await untilTime(page, 3);
        const [played, loadedBefore] = [await page.evaluate(() => window.events), await loadedBytes(page)];
        const devtools = await page.context().newCDPSession(page);
        await devtools.send('ServiceWorker.enable');
        await devtools.send('ServiceWorker.stopAllWorkers');
        await untilEnded(page);
        // A worker that starts again says where it found the media.
        const events = (await page.evaluate(() => window.events)).slice(played.length);
        expect(events.filter(({ type }) => type === 'located')).toHaveLength(1);
        expect(await page.evaluate(() => window.failures)).toEqual([]);
        await expect.poll(() => signedBytes(page), { timeout: 30_000 }).toBeGreaterThan(loadedBefore);
        expect(await signedBytes(page)).toBeLessThanOrEqual(await loadedBytes(page));
        watched.push(page);
    });

    it('are not signed without WebCrypto Ed25519 or provider: it plays, and the RELAY logs bytes without a receipt', {
        timeout: 180_000,
    }, async () => {
        const [before, epoch] = [await market.relayStatus(), await market.currentEpoch()];
        const unreceiptedBefore = await market.unreceiptedBytes(epoch);
        const pages = await Promise.all([open('player=hls&old'), open('player=hls&dead')]);
        await Promise.all(pages.map((page) => playWithHls(page, { url: streamUrl, rate: 4, bufferSecs: 30 })));
        await Promise.all(pages.map(untilEnded));
        const codes = await Promise.all(pages.map((page) => eventsOf(page, 'unsigned')));
        expect(codes.map((events) => [...new Set(events.map(({ code }) => code))])).toEqual([
            ['MKT_SDK__SIGNER_UNSUPPORTED'],
            ['MKT_SDK__PEER_UNREACHABLE'],
        ]);
        const loaded = sumOf(await Promise.all(pages.map(loadedBytes)));
        const after = await market.relayStatus();
        expect(BigInt(after.servedBytes) - BigInt(before.servedBytes)).toBe(loaded);
        expect(after.receiptedBytes).toBe(before.receiptedBytes);
        const unreceipted = async () => (await market.unreceiptedBytes(epoch)) - unreceiptedBefore;
        await expect.poll(unreceipted, { timeout: COMMITTED_WITHIN_MS }).toBe(loaded);
    });

    it('leave ranges, HEAD, plain media elements and everything beside the media as they are', async () => {
        const page = await openWithSession('player=hls');
        const { origin, provider } = market.urls;
        const [segment, init] = [`${origin}/demo/360p/segment-000.m4s`, `${origin}/demo/360p/init.mp4`];
        const found = await page.evaluate(askDirectly, { segment, init, other: `${provider}/v1/status` });
        expect(found).toEqual({
            range: [206, 'bytes 100-199', 100, segment],
            head: [200, true, segment],
            missing: 404,
            element: 'loadedmetadata',
            other: 200,
        });
        await page.evaluate(() => window.finish());
        const signed = 100n + BigInt((await (await fetch(init)).arrayBuffer()).byteLength);
        await expect.poll(() => signedBytes(page), { timeout: 30_000 }).toBe(signed);
        // A forced reload goes past the worker; the page gets it back.
        const devtools = await page.context().newCDPSession(page);
        await Promise.all([page.waitForEvent('load'), devtools.send('Page.reload', { ignoreCache: true })]);
        await page.waitForFunction(() => window.isActive === true);
    });

    // After all that plays: the RELAY takes its time to be back.
    it('stand when the RELAY is killed in mid-play, which goes on without it', async () => {
        const page = await openWithSession('player=hls');
        await playWithHls(page, { url: streamUrl, rate: 3, bufferSecs: 2 });
        await untilTime(page, 2);
        await page.evaluate(() => window.finish());
        await expect.poll(() => signedBytes(page), { timeout: 30_000 }).toBeGreaterThan(0n);
        await market.kill('relay-a');
        await untilEnded(page);
        expect(await page.evaluate(() => window.failures)).toEqual([]);
        expect((await eventsOf(page, 'located')).some(({ node }) => node === null)).toBe(true);
        expect(await signedBytes(page)).toBeLessThan(await loadedBytes(page));
        watched.push(page);
    });

    it('are what the operator commits, session by session', { timeout: 150_000 }, async () => {
        const differing = async () => {
            const committed = await market.committedBytes();
            // Asked each time: a RELAY that was away gets its last receipts when it is back.
            const signed = (await Promise.all(watched.map(receiptsOf))).flatMap((receipts) => [...receipts]);
            expect(signed.length).toBeGreaterThanOrEqual(4);
            return signed.filter(([session, { bytes }]) => committed.get(session) !== bytes);
        };
        await expect.poll(differing, { timeout: COMMITTED_WITHIN_MS }).toEqual([]);
    });
});
