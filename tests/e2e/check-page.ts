import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { findAccessibilityProblems } from './accessibility.js';
import { findBrowser, launchBrowser } from './browser.js';

export interface CheckPageInput {
    /** Where the page is served, for example `http://127.0.0.1:3000`. */
    readonly url: string;
    /** Screenshots in light, dark and at 360 px are written there. */
    readonly screenshotsDir: string;
    /** Plays the stream through the router and waits for acknowledged bytes. */
    readonly stream?: boolean;
    /** Verifies a record of the newest commitment in the browser. */
    readonly proof?: boolean;
}

export interface PageCheck {
    readonly name: string;
    readonly ok: boolean;
    readonly detail: string;
}

const PLAY_TIMEOUT_MS = 45_000;
const PROOF_TIMEOUT_MS = 30_000;
const LIVE_TIMEOUT_MS = 10_000;

interface Snapshot {
    readonly nodes: readonly {
        readonly address: string;
        readonly endpoint: string | null;
        readonly licence: { readonly mint: string; readonly holder: string | null } | null;
    }[];
    readonly contracts: readonly { readonly address: string }[];
    readonly transactions: readonly { readonly signature: string }[];
    readonly cluster: { readonly simulated: boolean };
}

async function fetchJson<T>(url: string): Promise<T> {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`${url} answered with HTTP ${response.status}`);
    return (await response.json()) as T;
}

/** Origins that the page may ask: its own, what its server configured, and the nodes on chain. */
async function listAllowedOrigins(url: string, snapshot: Snapshot): Promise<Set<string>> {
    const config = await fetchJson<Record<string, string | null>>(new URL('/api/config', url).href);
    const urls = Object.entries(config).flatMap(([name, value]) => (name.endsWith('Url') && value ? [value] : []));
    const nodes = snapshot.nodes.flatMap(({ endpoint }) => (endpoint ? [`http://${endpoint}`] : []));
    return new Set([url, ...urls, ...nodes].map((entry) => new URL(entry).host));
}

/**
 * Looks at the running page as a visitor does: content, liveness, playback with receipts, a proof, keyboard, narrow screens,
 * silence of console and network.
 *
 * @returns every check, failed ones too. @throws when there is no browser or the page does not answer.
 */
export async function checkPage({
    url,
    screenshotsDir,
    stream = true,
    proof = true,
}: CheckPageInput): Promise<PageCheck[]> {
    const executable = findBrowser();
    if (!executable) throw new Error('No browser found: install chromium or set CHROMIUM_PATH.');
    await mkdir(screenshotsDir, { recursive: true });
    const snapshot = await fetchJson<Snapshot>(new URL('/api/snapshot', url).href);
    const allowed = await listAllowedOrigins(url, snapshot);
    const checks: PageCheck[] = [];
    const check = (name: string, ok: boolean, detail = '') => checks.push({ name, ok, detail });
    const noise: string[] = [];
    const browser = await launchBrowser(executable);
    try {
        const open = async (context: BrowserContext) => {
            const page = await context.newPage();
            watch(page, allowed, noise);
            return { page, response: await page.goto(url, { waitUntil: 'load' }) };
        };
        const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, colorScheme: 'light' });
        const { page, response } = await open(context);
        const headers = response?.headers() ?? {};
        const policy = headers['content-security-policy'] ?? '';
        check(
            'has a strict content security policy',
            /default-src 'none'/.test(policy) && !/unsafe/.test(policy),
            policy,
        );
        check('sends nosniff', headers['x-content-type-options'] === 'nosniff');
        await checkContent(page, snapshot, check);
        await checkKeyboard(page, check);
        await checkLicences(page, snapshot, check);
        if (stream) await checkStream(page, check);
        if (proof) await checkProof(page, check);
        const problems = await findAccessibilityProblems(page);
        check('keeps the basics of accessibility', problems.length === 0, problems.join(' '));
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({ path: join(screenshotsDir, 'light.png'), fullPage: true });
        await context.close();

        const dark = await browser.newContext({ viewport: { width: 1440, height: 1000 }, colorScheme: 'dark' });
        const { page: darkPage } = await open(dark);
        check(
            'follows the system’s dark theme',
            await darkPage.evaluate(() => document.documentElement.classList.contains('dark')),
        );
        await checkLicences(darkPage, snapshot, check);
        await darkPage.screenshot({ path: join(screenshotsDir, 'dark.png'), fullPage: true });
        await dark.close();

        const narrow = await browser.newContext({ viewport: { width: 360, height: 740 }, reducedMotion: 'reduce' });
        const { page: narrowPage } = await open(narrow);
        const overflow = await narrowPage.evaluate(
            () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        check('fits 360 px without scrolling sideways', overflow <= 0, `${overflow} px too wide`);
        await narrowPage.screenshot({ path: join(screenshotsDir, 'narrow.png'), fullPage: true });
        await narrow.close();
    } finally {
        await browser.close();
    }
    check('leaves the console silent and asks no third party', noise.length === 0, noise.slice(0, 5).join(' | '));
    return checks;
}

type Check = (name: string, ok: boolean, detail?: string) => void;

function watch(page: Page, allowed: ReadonlySet<string>, noise: string[]): void {
    page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning') noise.push(`console: ${message.text()}`);
    });
    page.on('pageerror', (error) => noise.push(`page error: ${error.message}`));
    page.on('request', (request) => {
        const { protocol, host } = new URL(request.url());
        if (!['blob:', 'data:'].includes(protocol) && !allowed.has(host)) noise.push(`third party: ${request.url()}`);
    });
}

async function succeeds(wait: Promise<unknown>): Promise<boolean> {
    return wait.then(
        () => true,
        () => false,
    );
}

async function checkContent(page: Page, snapshot: Snapshot, check: Check): Promise<void> {
    const live = page.getByText('Live', { exact: true });
    check('is live', await succeeds(live.waitFor({ timeout: LIVE_TIMEOUT_MS })));
    const badge = await page.getByText('Simulated cluster').count();
    check('says of a simulated cluster that it is one', badge > 0 === snapshot.cluster.simulated);
    for (const [id, count] of [
        ['nodes', snapshot.nodes.length],
        ['transactions', Math.min(1, snapshot.transactions.length)],
    ] as const) {
        const rows = await page.locator(`#${id} tbody tr`).count();
        check(`lists ${id}`, count > 0 && rows >= count, `${rows} rows, ${count} expected`);
    }
    const contract = snapshot.contracts[0]?.address;
    const shown = contract ? await page.locator(`code[title="${contract}"]`).count() : 0;
    check('shows a contract', shown > 0, contract ?? 'no contract on chain');
    for (const id of ['map', 'stream', 'bytes', 'escrow', 'epochs', 'payees']) {
        check(`has the section ${id}`, (await page.locator(`section#${id}`).count()) === 1);
    }
    check('draws the nodes on the map', (await page.locator('#map svg[role="img"] circle').count()) > 0);
}

/** Each node with its licence's holder and mint, by keyboard too, and what the token is not. */
async function checkLicences(page: Page, { nodes }: Snapshot, check: Check): Promise<void> {
    const cells = page.locator('#nodes').getByText('Cannot be transferred', { exact: true });
    const shown = await cells.count();
    check('shows the licence of each node', shown > 0 && shown === nodes.length, `${shown} of ${nodes.length}`);
    for (const { licence } of nodes) {
        const link = page.locator(`#nodes a[href*="/address/${licence?.mint}"]`);
        const holder = page.locator(`#nodes code[title="${licence?.holder}"]`);
        const found = (await link.count()) === 1 && (await holder.count()) > 0;
        await link.focus().catch(() => undefined);
        const focused = await page.evaluate(() => ({
            href: document.activeElement?.getAttribute('href') ?? '',
            outline: getComputedStyle(document.activeElement ?? document.body).outlineStyle,
        }));
        const reached = found && focused.href.includes(licence?.mint ?? 'none') && focused.outline !== 'none';
        check('leads from a licence to its mint and names its holder', reached, JSON.stringify({ licence, focused }));
    }
}

async function checkKeyboard(page: Page, check: Check): Promise<void> {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => ({
        text: document.activeElement?.textContent ?? '',
        outline: getComputedStyle(document.activeElement ?? document.body).outlineStyle,
    }));
    check(
        'starts the keyboard at the skip link, visibly',
        focused.text === 'Skip to content' && focused.outline !== 'none',
    );
}

/** Presses play; whether the picture moves. */
async function plays(page: Page): Promise<boolean> {
    await page.getByTestId('play').click();
    return succeeds(
        page.waitForFunction(
            () => (document.querySelector<HTMLVideoElement>('#stream video')?.currentTime ?? 0) > 1,
            undefined,
            { timeout: PLAY_TIMEOUT_MS },
        ),
    );
}

async function checkStream(page: Page, check: Check): Promise<void> {
    const played = await plays(page);
    const facts = async () => (await page.getByTestId('stream-facts').allTextContents()).join(' ').slice(0, 400);
    check('plays the stream through the router', played, await facts());
    // Pausing asks for the receipt over what has arrived so far.
    await page.evaluate(() => document.querySelector<HTMLVideoElement>('#stream video')?.pause());
    const traditional = (await page.getByText('Traditional delivery').count()) > 0;
    if (traditional) return check('says that delivery is traditional', true);
    const acknowledged = page.waitForFunction(
        () =>
            !/^(0 B)?$/.test(document.querySelector('[data-testid="stream-acknowledged"]')?.textContent?.trim() ?? ''),
        undefined,
        { timeout: PLAY_TIMEOUT_MS },
    );
    check('signs receipts that the node takes', await succeeds(acknowledged), await facts());
    check('says which node serves and why', (await page.getByTestId('route-explanation').count()) > 0, await facts());
    // The service worker is the same and has said before who serves.
    await page.getByRole('button', { name: 'Stop' }).click();
    const playedAgain = await plays(page);
    check('plays again and still says who serves', playedAgain && (await facts()).includes('Served by'), await facts());
}

async function checkProof(page: Page, check: Check): Promise<void> {
    const button = page.getByTestId('verify').first();
    if ((await button.count()) === 0) return check('verifies a log record', false, 'no commitment to verify');
    await button.click();
    const result = page.getByTestId('verify-result');
    await succeeds(result.waitFor({ timeout: PROOF_TIMEOUT_MS }));
    const text = (await result.allTextContents()).join(' ');
    const steps = (await page.getByTestId('verify-steps').allTextContents()).join(' ');
    check('verifies a log record against the chain in the browser', text.startsWith('Verified'), text || steps);
    await page.keyboard.press('Escape');
}
