import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CANDIDATES = [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/chromium-headless-shell',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
];

/** No request but the page's own: the browser's background traffic would be taken for the page's. */
const FLAGS = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--autoplay-policy=no-user-gesture-required',
];

/** `CHROMIUM_PATH`, or the first usual place where one stands; null where there is none. */
export function findBrowser(): string | null {
    const wanted = process.env.CHROMIUM_PATH;
    if (wanted) return existsSync(wanted) ? wanted : null;
    return CANDIDATES.find((path) => existsSync(path)) ?? null;
}

export function launchBrowser(executablePath: string): Promise<Browser> {
    return chromium.launch({ executablePath, args: FLAGS });
}
