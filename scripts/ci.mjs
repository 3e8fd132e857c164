// What CI runs: everything that `npm test` runs, and what needs more than Node. Ends with: N passed, N failed.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkNode, install, root } from './lib/bootstrap.mjs';

const totals = { passed: 0, failed: 0, skipped: 0 };
const failures = [];
const isRoot = process.getuid?.() === 0;

function has(command, args = ['--version']) {
    return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** The on-chain tests write here what their transactions take: measuring costs no second run of them. */
const recordings = mkdtempSync(join(tmpdir(), 'ocm-ci-'));
const recording = join(recordings, 'recording.jsonl');
/** What is built once and then run needs neither pieces to build upon nor a debugger. */
const env = { CARGO_INCREMENTAL: '0', CARGO_PROFILE_DEV_DEBUG: 'line-tables-only', ...process.env };
const validator = process.env.VALIDATOR_RUN;

/** @returns all that it printed, on either stream; `onText` gets it piece by piece */
async function run(command, args, extraEnv, onText) {
    const startedAtMs = Date.now();
    const child = spawn(command, args, {
        cwd: root,
        env: { ...env, ...extraEnv },
        stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const take = (text) => {
        output += text;
        onText(text);
    };
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', take);
    const closed = new Promise((resolve) => child.once('close', resolve));
    const [code] = await once(child, 'exit').catch((error) => {
        take(`${error.message}\n`);
        return [1];
    });
    // What has been printed is on its way; somebody left behind might keep the pipe open for ever.
    await Promise.race([closed, sleep(5_000, undefined, { ref: false })]);
    return { ok: code === 0, output, seconds: (Date.now() - startedAtMs) / 1000 };
}

/** Steps that run beside others print what they have to say when they have ended. */
let lanes = 1;

/** A step that either holds or not. `count` reads a test runner's own totals from its output. */
async function step(name, command, args, count, extraEnv) {
    const isAlone = lanes === 1;
    const say = (text) => process.stdout.write(text);
    const title = `\n=== ${name}\n`;
    if (isAlone) say(title);
    const { ok, output, seconds } = await run(command, args, extraEnv, isAlone ? say : () => undefined);
    if (!isAlone) say(title + output);
    const counted = count?.(output) ?? { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
    if (!ok && counted.failed === 0) counted.failed = 1;
    for (const key of Object.keys(totals)) totals[key] += counted[key];
    if (counted.failed > 0) failures.push(name, ...(output.match(/^not ok: .+$/gm) ?? []));
    say(`--- ${name}: ${counted.failed > 0 ? 'FAILED' : 'ok'} in ${seconds.toFixed(0)} s\n`);
}

/** Runs the steps of each list one after the other, the lists beside each other. */
async function beside(...lists) {
    lanes = lists.length;
    await Promise.all(lists.map((list) => list()));
    lanes = 1;
}

function sumMatches(output, pattern) {
    const sum = { passed: 0, failed: 0, skipped: 0 };
    for (const match of output.matchAll(pattern)) {
        sum.passed += Number(match.groups.passed);
        sum.failed += Number(match.groups.failed);
        sum.skipped += Number(match.groups.skipped ?? 0);
    }
    return sum;
}
const cargoTotals = (output) =>
    sumMatches(output, /(?<passed>\d+) passed; (?<failed>\d+) failed; (?<skipped>\d+) ignored/g);
/** The last such line only: a step that runs others repeats theirs above its own. */
const ownTotals = (output) => {
    const lines = output.match(/^\d+ passed, \d+ failed(?:, \d+ skipped)?$/gm) ?? [];
    return sumMatches(
        lines.at(-1) ?? '',
        /^(?<passed>\d+) passed, (?<failed>\d+) failed(?:, (?<skipped>\d+) skipped)?$/gm,
    );
};

const vitestTotals = (output) => {
    const line = output.split('\n').findLast((text) => /^\s*Tests\s/.test(text)) ?? '';
    const read = (what) => Number(new RegExp(`(\\d+) ${what}`).exec(line)?.[1] ?? 0);
    return { passed: read('passed'), failed: read('failed'), skipped: read('skipped') };
};

async function installSystemPackages() {
    if (!isRoot || !has('apt-get')) return;
    const packages = [
        ['chromium', '/usr/bin/chromium'],
        ['ffmpeg', '/usr/bin/ffmpeg'],
        ['iproute2', '/usr/sbin/ip'],
        ['nftables', '/usr/sbin/nft'],
        ['nginx-light', '/usr/sbin/nginx'],
        ['poppler-utils', '/usr/bin/pdfsig'],
    ];
    const wanted = packages.flatMap(([name, path]) => (existsSync(path) ? [] : [name]));
    if (wanted.length === 0) return;
    await step('system packages (update)', 'apt-get', ['update', '-q']);
    await step(`system packages (${wanted.join(', ')})`, 'env', [
        'DEBIAN_FRONTEND=noninteractive',
        'apt-get',
        'install',
        '-y',
        '-q',
        '--no-install-recommends',
        ...wanted,
    ]);
}

checkNode();
install();
await installSystemPackages();

async function checkTypeScript() {
    await step('format, lint and import directions', 'npx', ['biome', 'ci', '.']);
    await step('types', 'npx', ['tsc', '-b']);
    await step('types of the page', 'npm', ['run', 'typecheck', '--workspace', '@ocm/app']);
    await step('types of the tests', 'npx', ['tsc', '-p', 'tests']);
    await step('docs/errors.md lists what the sources raise', process.execPath, ['scripts/errors-doc.mjs', '--check']);
    await step('docs/programs says what the IDL says', process.execPath, ['scripts/programs-doc.mjs', '--check']);
}

async function checkRust() {
    if (!has('cargo')) {
        process.stdout.write('! cargo is absent: the Rust steps are skipped\n');
        totals.skipped += 4;
        return;
    }
    await step('Rust format', 'cargo', ['fmt', '--all', '--', '--check']);
    await step('clippy', 'cargo', ['clippy', '--workspace', '--all-targets', '--quiet', '--', '-D', 'warnings']);
    await step('Rust tests', 'cargo', ['test', '--workspace', '--quiet'], cargoTotals);
    await step('programs and IDL are what their sources build', 'bash', ['scripts/build-programs.sh', '--check']);
}

// Linking a program keeps one core busy, and so does the compiler of types.
await beside(checkTypeScript, checkRust);
await step('npm test', 'npm', ['test', '--silent'], ownTotals, { OCM_TEST_RECORDING: recording });
// On hosts of their own, which takes root; where there is none the tests say so and are skipped.
await step('players on hosts of their own', 'npx', ['vitest', 'run', '--project', 'network'], vitestTotals, {
    OCM_TEST_NETWORK: '1',
    NO_COLOR: '1',
});
await step('compute units are those of tests/compute-units.json', process.execPath, [
    'scripts/compute-units.mjs',
    '--check',
    recording,
]);
// Always the same walk, so that what fails is the change; longer ones and other seeds are for the long runs.
await step('programs against the model of the protocol', 'npm', [
    ...['run', '--silent', 'fuzz', '--', '--steps', '1000000', '--seed', '1', '--workers', '2'],
]);
rmSync(recordings, { recursive: true, force: true });
if (validator) await step('against a real validator', process.execPath, ['scripts/real-validator.mjs'], ownTotals);
else {
    process.stdout.write('! no real validator (VALIDATOR_RUN): its run is skipped\n');
    totals.skipped += 1;
}

if (failures.length > 0) process.stdout.write(`\nfailed:\n${failures.map((line) => `  ${line}\n`).join('')}`);
process.stdout.write(
    `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}\n`,
);
process.exit(totals.failed > 0 ? 1 : 0);
