import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findBrowser, launchBrowser } from './browser.js';
import { startSite } from './receipts-site.js';

const executable = findBrowser();
const NOWHERE = 'http://127.0.0.1:9';
const CONFIG = { providerUrl: NOWHERE, routerUrl: NOWHERE, mediaUrl: `${NOWHERE}/media/` };

/** In the page: what two lives of one worker, and another worker of the same site, find in IndexedDB. */
async function tryStores(): Promise<Record<string, unknown>> {
    // biome-ignore lint/suspicious/noExplicitAny: it comes by script tag.
    const { IndexedDbSessionStore: Store, openSessionStore } = (window as any).store;
    const pair = (await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify'])) as CryptoKeyPair;
    const session = { id: 'a', key: { privateKey: pair.privateKey }, confirmedSeq: 1 };
    const [first, second, other] = [new Store('/x/'), new Store('/x/'), new Store('/y/')];
    await first.create(session);
    const before = await first.save({ ...session, confirmedSeq: 2 });
    const [found] = await second.takeOver();
    const message = new Uint8Array([1, 2, 3]);
    const signature = await crypto.subtle.sign('Ed25519', found.key.privateKey, message);
    const result = {
        before,
        found: [found.confirmedSeq, found.key.privateKey.extractable],
        signs: await crypto.subtle.verify('Ed25519', pair.publicKey, signature, message),
        elsewhere: (await other.takeOver()).length,
        overtaken: await first.save({ ...session, confirmedSeq: 9 }),
        successor: await second.save({ ...session, confirmedSeq: 3 }),
        held: (await second.takeOver())[0].confirmedSeq,
        removed: await second.remove('a').then(() => second.takeOver()),
        afterRemoval: await second.save(session),
    };
    Object.defineProperty(globalThis, 'indexedDB', { value: undefined });
    const memory = await openSessionStore('/x/');
    await memory.create(session);
    return { ...result, withoutStorage: [await memory.save(session), (await memory.takeOver()).length] };
}

describe.skipIf(!executable)('the sessions that a service worker keeps', () => {
    const cleanup: (() => unknown)[] = [];
    afterAll(async () => {
        for (const close of cleanup) await close();
    });

    it('belong to its latest life alone, with a key that signs and cannot be read out', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'ocm-store-'));
        const [site, browser] = await Promise.all([startSite(folder, CONFIG), launchBrowser(executable ?? '')]);
        cleanup.push(
            () => browser.close(),
            () => site.close(),
            () => rm(folder, { recursive: true, force: true }),
        );
        const page = await browser.newPage();
        await page.goto(site.url);
        await page.addScriptTag({
            type: 'module',
            content: "import * as store from '/store.js'; window.store = store;",
        });
        await page.waitForFunction(() => 'store' in window);
        expect(await page.evaluate(tryStores)).toEqual({
            before: true,
            found: [2, false],
            signs: true,
            elsewhere: 0,
            overtaken: false,
            successor: true,
            held: 3,
            removed: [],
            afterRemoval: false,
            withoutStorage: [true, 1],
        });
    });
});
