import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@ocm/runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBrowser, launchBrowser } from './browser.js';
import { checkPage } from './check-page.js';
import { isRunning, type RunningJob, readPids, startMainJob } from './main-job.js';

const root = fileURLToPath(new URL('../..', import.meta.url));
const appDir = join(root, 'app');
const browser = findBrowser();
/** Address of a page that is already running, for example of `npm start`; without it a market is started. */
const givenUrl = process.env.PAGE_URL;
const built = existsSync(join(appDir, '.next', 'BUILD_ID'));
const STARTS_WITHIN_MS = 45_000;

function sayWhySkipped(reason: string): void {
    process.stderr.write(`\nSKIPPED: ${reason}\n\n`);
}
if (!browser) sayWhySkipped('the page in a browser; install chromium or set CHROMIUM_PATH.');
else if (!built) sayWhySkipped('the page in a browser; build it first (npm run build:app).');

describe.skipIf(!browser || !built)('the page of a running market', () => {
    let state: string;
    let job: RunningJob | undefined;
    let url = givenUrl;

    beforeAll(async () => {
        state = await mkdtemp(join(tmpdir(), 'ocm-page-'));
        if (url) return;
        const [rpcPort, appPort] = [await findFreePort(2), await findFreePort()];
        const ports = ['--rpc-port', String(rpcPort), '--app-port', String(appPort)];
        job = startMainJob([...ports, '--epoch-seconds', '6', '--state', state]);
        url = `http://127.0.0.1:${appPort}`;
        await job.until(/everything stays up until Ctrl-C/);
    }, 240_000);
    afterAll(async () => {
        job?.child.kill('SIGKILL');
        await rm(state, { recursive: true, force: true });
    });

    it('shows, plays and verifies what happens', { timeout: 180_000 }, async () => {
        const screenshotsDir = process.env.SCREENSHOTS_DIR ?? join(state, 'screenshots');
        const checks = await checkPage({ url: url ?? '', screenshotsDir });
        expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    });

    it.skipIf(givenUrl)('refuses a second market on the same port, with a remedy', { timeout: 30_000 }, async () => {
        const other = await mkdtemp(join(tmpdir(), 'ocm-page-'));
        const port = new URL(url ?? '').port;
        const { code, stderr } = await startMainJob(['--app-port', port, '--state', other]).ended;
        expect(code).toBe(1);
        expect(stderr).toMatch(new RegExp(`port ${port}.*is in use.*--app-port`));
        await rm(other, { recursive: true, force: true });
    });

    it.skipIf(givenUrl)('plays on though the RELAYs have fallen silent', { timeout: 120_000 }, async () => {
        const pids = await readPids(state);
        const relays = ['relay-a', 'relay-b'].map((name) => pids[name] as number);
        const opened = await launchBrowser(browser ?? '');
        try {
            const page = await opened.newPage();
            await page.goto(url ?? '');
            // They hold their ports, take connections, and say nothing.
            for (const pid of relays) process.kill(pid, 'SIGSTOP');
            await page.getByTestId('play').click();
            await page.waitForFunction(
                () => (document.querySelector<HTMLVideoElement>('#stream video')?.currentTime ?? 0) > 1,
                undefined,
                { timeout: 60_000 },
            );
            await page.getByText('Traditional delivery').waitFor();
        } finally {
            for (const pid of relays) process.kill(pid, 'SIGCONT');
            await opened.close();
        }
    });

    it.skipIf(givenUrl)('stops everything at Ctrl-C', { timeout: 60_000 }, async () => {
        const pids = Object.values(await readPids(state));
        job?.child.kill('SIGINT');
        expect((await job?.ended)?.code).toBe(0);
        expect(pids.filter(isRunning)).toEqual([]);
    });
});

describe.skipIf(!browser || !built)('the page without a chain', () => {
    let server: ChildProcess | undefined;
    afterAll(() => void server?.kill('SIGTERM'));

    it('says in words what is missing, and stays a page', { timeout: 120_000 }, async () => {
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
