import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { findBrowser, launchBrowser } from './browser.js';
import { checkPage } from './check-page.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const appDir = join(root, 'app');
const browser = findBrowser();
/** Address of a page of a running market, for example of `npm start`. */
const pageUrl = process.env.PAGE_URL;
const built = existsSync(join(appDir, '.next', 'BUILD_ID'));
const STARTS_WITHIN_MS = 20_000;

function sayWhySkipped(reason: string): void {
    process.stderr.write(`\nSKIPPED: ${reason}\n\n`);
}
if (!browser) sayWhySkipped('tests/e2e needs a browser; install chromium or set CHROMIUM_PATH.');
else if (!pageUrl) sayWhySkipped('the page of a running market; set PAGE_URL to one (npm start).');
if (!built) sayWhySkipped('the page without a chain; build it first (npm run build:app).');

describe.skipIf(!browser || !pageUrl)('the page of a running market', () => {
    it('shows, plays and verifies what happens', { timeout: 180_000 }, async () => {
        const screenshotsDir = process.env.SCREENSHOTS_DIR ?? join(tmpdir(), 'ocm-page');
        const checks = await checkPage({ url: pageUrl ?? '', screenshotsDir });
        expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    });
});

describe.skipIf(!browser || !built)('the page without a chain', () => {
    let server: ChildProcess | undefined;
    afterAll(() => void server?.kill('SIGTERM'));

    it('says in words what is missing, and stays a page', { timeout: 60_000 }, async () => {
        const [port, deadPort] = [await findFreePort(), await findFreePort()];
        server = startPage(port, deadPort);
        const url = `http://127.0.0.1:${port}/`;
        await waitFor(url);
        const opened = await launchBrowser(browser ?? '');
        try {
            const page = await opened.newPage();
            const errors: string[] = [];
            page.on('pageerror', (error) => errors.push(error.message));
            await page.goto(url);
            await page.getByText('Chain unreachable').waitFor();
            await page.getByText('The RPC endpoint does not answer').waitFor();
            await page.getByText('No node yet', { exact: true }).first().waitFor();
            await page.getByText('No contract yet', { exact: true }).waitFor();
            expect(errors).toEqual([]);
        } finally {
            await opened.close();
        }
    });
});

function startPage(port: number, deadPort: number): ChildProcess {
    const next = join(root, 'node_modules', 'next', 'dist', 'bin', 'next');
    return spawn(process.execPath, [next, 'start', '--hostname', '127.0.0.1', '--port', String(port)], {
        cwd: appDir,
        stdio: 'ignore',
        env: { ...process.env, RPC_URL: `http://127.0.0.1:${deadPort}`, NEXT_TELEMETRY_DISABLED: '1' },
    });
}

async function findFreePort(): Promise<number> {
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
    const address = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    if (typeof address !== 'object' || address === null) throw new Error('no free port');
    return address.port;
}

async function waitFor(url: string): Promise<void> {
    const deadline = Date.now() + STARTS_WITHIN_MS;
    while (Date.now() < deadline) {
        if (
            await fetch(url).then(
                ({ ok }) => ok,
                () => false,
            )
        )
            return;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`${url} did not answer within ${STARTS_WITHIN_MS} ms`);
}
