// Runs every test and ends with one line: N passed, N failed.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build, checkNode, findBrowser, install, root, say } from './lib/bootstrap.mjs';

const MAX_REASON_CHARACTERS = 600;

checkNode();
install();
// End-to-end tests start the built processes; the page is needed only where a browser can look at it.
// On a shared chain (OCM_TEST_RPC_URL) only tests of the programs run.
build({ withApp: findBrowser() !== undefined && process.env.OCM_TEST_RPC_URL === undefined });
if (!findBrowser())
    say('! no Chromium found: the page is not checked in a browser (install chromium, or set CHROMIUM_PATH)');

const folder = mkdtempSync(join(tmpdir(), 'ocm-test-'));
const report = join(folder, 'report.json');
const vitest = spawnSync(
    process.execPath,
    [
        join(root, 'node_modules', 'vitest', 'vitest.mjs'),
        'run',
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${report}`,
        ...process.argv.slice(2),
    ],
    { cwd: root, stdio: 'inherit' },
);
/** The end of a long output is what is read first, or all that was kept of it. */
function sayWhatFailed(file) {
    const path = relative(root, file.name);
    for (const test of file.assertionResults.filter((result) => result.status === 'failed')) {
        const reason = (test.failureMessages[0] ?? 'no message').split('\n').slice(0, 3).join(' | ');
        process.stdout.write(`not ok: ${path} > ${test.fullName}: ${reason.slice(0, MAX_REASON_CHARACTERS)}\n`);
    }
}

let passed = 0;
let failed = vitest.status === 0 ? 0 : 1;
let skipped = 0;
try {
    const result = JSON.parse(readFileSync(report, 'utf8'));
    passed = result.numPassedTests;
    skipped = result.numPendingTests + result.numTodoTests;
    // A file that does not even load has no failed test of its own.
    const brokenFiles = result.testResults.filter(
        (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
    );
    failed = Math.max(failed, result.numFailedTests + brokenFiles.length);
    for (const file of result.testResults) sayWhatFailed(file);
    for (const file of brokenFiles) {
        const reason = (file.message ?? '').slice(0, MAX_REASON_CHARACTERS);
        process.stdout.write(`not ok: ${relative(root, file.name)} did not run: ${reason}\n`);
    }
} catch (error) {
    process.stderr.write(`test: no report was written (${error.message})\n`);
}
rmSync(folder, { recursive: true, force: true });
process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
process.exit(failed > 0 ? 1 : 0);
