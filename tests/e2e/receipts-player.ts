import type { ReceiptEvent } from '@ocm/sdk/browser';
import type { BrowserContext, Page } from 'playwright-core';

/** What a player loaded, as the player itself tells it. */
export type Loaded = { url: string; bytes: number };
type PlayOptions = { url: string; rate: number; bufferSecs: number };
declare global {
    interface Window {
        // biome-ignore lint/suspicious/noExplicitAny: players come by script tag.
        Hls: any;
        // biome-ignore lint/suspicious/noExplicitAny: see above.
        shaka: any;
        events: ReceiptEvent[];
        isActive?: boolean;
        finish(): void;
        loaded: Loaded[];
        failures: string[];
    }
}

/** Opens the site and waits until it has done what it does before its player starts. */
export async function openPlayer(context: BrowserContext, url: string): Promise<Page> {
    const page = await context.newPage();
    await page.goto(url);
    await page.waitForFunction(() => window.isActive !== undefined);
    return page;
}

/**
 * hls.js; `bufferSecs` keeps it from fetching a short clip all at once. One level throughout: on a busy machine it would break
 * off a segment to go on with another level, and does not tell how much of it had come.
 */
export async function playWithHls(page: Page, options: PlayOptions): Promise<void> {
    await page.evaluate(({ url, rate, bufferSecs }) => {
        const video = document.querySelector('video') as HTMLVideoElement;
        window.loaded = [];
        window.failures = [];
        const hls = new window.Hls({
            maxBufferLength: bufferSecs,
            maxMaxBufferLength: bufferSecs,
            // Not the response's length: by then it may belong to the worker that unpacks it.
            xhrSetup: (xhr: XMLHttpRequest) =>
                xhr.addEventListener('loadend', ({ loaded }) =>
                    window.loaded.push({ url: xhr.responseURL, bytes: loaded }),
                ),
        });
        hls.on(window.Hls.Events.ERROR, (_: unknown, data: { fatal: boolean; details: string }) => {
            if (data.fatal) window.failures.push(data.details);
        });
        hls.on(window.Hls.Events.MANIFEST_PARSED, () => {
            hls.currentLevel = 0;
        });
        hls.loadSource(url);
        hls.attachMedia(video);
        video.defaultPlaybackRate = rate;
        video.playbackRate = rate;
        void video.play();
    }, options);
}

export async function playWithShaka(page: Page, options: PlayOptions): Promise<void> {
    await page.evaluate(async ({ url, rate, bufferSecs }) => {
        const video = document.querySelector('video') as HTMLVideoElement;
        window.loaded = [];
        window.failures = [];
        window.shaka.polyfill.installAll();
        const player = new window.shaka.Player();
        await player.attach(video);
        player.configure({ abr: { enabled: false }, streaming: { bufferingGoal: bufferSecs, rebufferingGoal: 1 } });
        player.addEventListener('error', ({ detail }: { detail: { code: number } }) =>
            window.failures.push(String(detail.code)),
        );
        player
            .getNetworkingEngine()
            .registerResponseFilter((_: unknown, { uri, data }: { uri: string; data: ArrayBuffer }) => {
                window.loaded.push({ url: uri, bytes: data.byteLength });
            });
        await player.load(url);
        video.defaultPlaybackRate = rate;
        video.playbackRate = rate;
        void video.play();
    }, options);
}

export async function untilTime(page: Page, secs: number): Promise<void> {
    await page.waitForFunction((at) => (document.querySelector('video')?.currentTime ?? 0) >= at, secs, {
        timeout: 30_000,
    });
}

export async function untilEnded(page: Page): Promise<void> {
    await page.waitForFunction(() => document.querySelector('video')?.ended === true, undefined, { timeout: 30_000 });
}

export async function eventsOf<T extends ReceiptEvent['type']>(
    page: Page,
    type: T,
): Promise<Extract<ReceiptEvent, { type: T }>[]> {
    const events = await page.evaluate(() => window.events);
    return events.filter((event): event is Extract<ReceiptEvent, { type: T }> => event.type === type);
}

/** The highest receipt of each session that a page was told of. */
export async function receiptsOf(page: Page): Promise<Map<string, { bytes: bigint; copied: boolean }>> {
    const receipts = new Map<string, { bytes: bigint; copied: boolean }>();
    for (const { session, bytes, copied } of await eventsOf(page, 'receipt'))
        receipts.set(session, { bytes: BigInt(bytes), copied });
    return receipts;
}

export async function signedBytes(page: Page): Promise<bigint> {
    return [...(await receiptsOf(page)).values()].reduce((sum, { bytes }) => sum + bytes, 0n);
}

export async function loadedBytes(page: Page): Promise<bigint> {
    const loaded = await page.evaluate(() => window.loaded);
    return BigInt(loaded.reduce((sum, { bytes }) => sum + bytes, 0));
}

/** In the page: what no player of these tests asks for. */
export async function askDirectly({ segment, init, other }: Record<'segment' | 'init' | 'other', string>) {
    const range = await fetch(segment, { headers: { range: 'bytes=100-199' } });
    const part = (await range.arrayBuffer()).byteLength;
    const head = await fetch(segment, { method: 'HEAD' });
    const video = document.createElement('video');
    const loaded = new Promise((resolve) => {
        for (const type of ['loadedmetadata', 'error'])
            video.addEventListener(type, () => resolve(type), { once: true });
    });
    video.src = init;
    return {
        range: [range.status, range.headers.get('content-range')?.split('/')[0], part, range.url],
        head: [head.status, Number(head.headers.get('content-length')) > 1000, head.url],
        missing: (await fetch(`${segment}.none`)).status,
        element: await loaded,
        other: (await fetch(other)).status,
    };
}
