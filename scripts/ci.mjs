// What CI runs: everything that `npm test` runs, and what needs more than Node. Ends with: N passed, N failed.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
const env = { ...process.env };
const validator = process.env.VALIDATOR_RUN;

function run(command, args, extraEnv) {
    const startedAtMs = Date.now();
    const result = spawnSync(command, args, {
        cwd: root,
        env: { ...env, ...extraEnv },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'inherit'],
        maxBuffer: 1 << 28,
    });
    process.stdout.write(result.stdout ?? '');
    return { ok: result.status === 0, output: result.stdout ?? '', seconds: (Date.now() - startedAtMs) / 1000 };
}

/** A step that either holds or not. `count` reads a test runner's own totals from its output. */
function step(name, command, args, count, extraEnv) {
    process.stdout.write(`\n=== ${name}\n`);
    const { ok, output, seconds } = run(command, args, extraEnv);
    const counted = count?.(output) ?? { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 };
    if (!ok && counted.failed === 0) counted.failed = 1;
    for (const key of Object.keys(totals)) totals[key] += counted[key];
    if (counted.failed > 0) failures.push(name, ...(output.match(/^not ok: .+$/gm) ?? []));
    process.stdout.write(`--- ${name}: ${counted.failed > 0 ? 'FAILED' : 'ok'} in ${seconds.toFixed(0)} s\n`);
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

function installSystemPackages() {
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
    step('system packages (update)', 'apt-get', ['update', '-q']);
    step(`system packages (${wanted.join(', ')})`, 'env', [
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
installSystemPackages();
step('format, lint and import directions', 'npx', ['biome', 'ci', '.']);
step('types', 'npx', ['tsc', '-b']);
step('types of the page', 'npm', ['run', 'typecheck', '--workspace', '@ocm/app']);
step('types of the tests', 'npx', ['tsc', '-p', 'tests']);
step('docs/errors.md lists what the sources raise', process.execPath, ['scripts/errors-doc.mjs', '--check']);
step('docs/programs says what the IDL says', process.execPath, ['scripts/programs-doc.mjs', '--check']);
if (has('cargo')) {
    step('Rust format', 'cargo', ['fmt', '--all', '--', '--check']);
    step('clippy', 'cargo', ['clippy', '--workspace', '--all-targets', '--quiet', '--', '-D', 'warnings']);
    step('Rust tests', 'cargo', ['test', '--workspace', '--quiet'], cargoTotals);
    step('programs and IDL are what their sources build', 'bash', ['scripts/build-programs.sh', '--check']);
} else {
    process.stdout.write('! cargo is absent: the Rust steps are skipped\n');
    totals.skipped += 4;
}
step('npm test', 'npm', ['test', '--silent'], ownTotals, { OCM_TEST_RECORDING: recording });
// On hosts of their own, which takes root; where there is none the tests say so and are skipped.
step('players on hosts of their own', 'npx', ['vitest', 'run', '--project', 'network'], vitestTotals, {
    OCM_TEST_NETWORK: '1',
    NO_COLOR: '1',
});
step('compute units are those of tests/compute-units.json', process.execPath, [
    'scripts/compute-units.mjs',
    '--check',
    recording,
]);
// Always the same walk, so that what fails is the change; longer ones and other seeds are for the long runs.
step('programs against the model of the protocol', 'npm', [
    ...['run', '--silent', 'fuzz', '--', '--steps', '1000000', '--seed', '1', '--workers', '2'],
]);
rmSync(recordings, { recursive: true, force: true });
if (validator) step('against a real validator', process.execPath, ['scripts/real-validator.mjs'], ownTotals);
else {
    process.stdout.write('! no real validator (VALIDATOR_RUN): its run is skipped\n');
    totals.skipped += 1;
}

if (failures.length > 0) process.stdout.write(`\nfailed:\n${failures.map((line) => `  ${line}\n`).join('')}`);
process.stdout.write(
    `${totals.passed} passed, ${totals.failed} failed${totals.skipped > 0 ? `, ${totals.skipped} skipped` : ''}\n`,
);
process.exit(totals.failed > 0 ? 1 : 0);
