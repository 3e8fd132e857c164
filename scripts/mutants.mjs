// Breaks one rule of the programs at a time and requires that the tests notice: npm run mutants [-- --only NAME] [--list]
//
// Each tests/mutants/NAME.patch states in its header which program it breaks, which rule, and which test files must fail.
// Mutants are built in a copy outside of the repository, with a target folder that is kept: the second build is quick.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/bootstrap.mjs';

const PROGRAMS = ['registry', 'market', 'settlement'];
const COPIED = ['programs', 'scripts/idl-generator', 'Cargo.toml', 'Cargo.lock', 'rust-toolchain.toml'];
const patches = join(root, 'tests', 'mutants');
const work = process.env.OCM_MUTANTS_DIR ?? join(tmpdir(), 'ocm-mutants');
const tree = join(work, 'tree');
const cachePath = join(work, 'results.json');
const text = { type: 'string' };
const { values: options } = parseArgs({
    options: { only: text, list: { type: 'boolean' }, 'no-cache': { type: 'boolean' } },
});
const say = (line) => process.stdout.write(`${line}\n`);

/** @returns {{ name: string, program: string, rule: string, row: string, tests: string[], path: string, text: string }} */
function readMutant(file) {
    const path = join(patches, file);
    const content = readFileSync(path, 'utf8');
    const header = content.slice(0, content.indexOf('\n--- '));
    const all = (key) => [...header.matchAll(new RegExp(`^${key}: (.+)$`, 'gm'))].map((match) => match[1].trim());
    const [program] = all('Program');
    const [rule] = all('Rule');
    const [row] = all('Row');
    const tests = all('Test');
    if (!PROGRAMS.includes(program) || !rule || !row || tests.length === 0) {
        throw new Error(`${file}: its header must state Program, Rule, Row and at least one Test`);
    }
    for (const test of tests) if (!existsSync(join(root, test))) throw new Error(`${file}: there is no ${test}`);
    return { name: file.replace(/\.patch$/, ''), program, rule, row, tests, path, text: content };
}

/** The copy as the sources stand, files untouched where nothing changed so that cargo builds no more than it must. */
function refreshTree() {
    mkdirSync(tree, { recursive: true });
    for (const name of COPIED) {
        const filter = (source, target) => {
            if (/\/(target|node_modules)$/.test(source)) return false;
            if (!/\.[a-z]+$/.test(source) || !existsSync(target)) return true;
            return !readFileSync(source).equals(readFileSync(target));
        };
        cpSync(join(root, name), join(tree, name), { recursive: true, filter });
    }
}

function run(command, args, settings) {
    return spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...settings });
}

/** Builds one program of the copy into `folder`, beside the others as they are. */
function build(program, folder) {
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(root, 'sdk', 'programs'), folder, { recursive: true });
    const manifest = join(tree, 'programs', program, 'Cargo.toml');
    const out = join(work, 'deploy');
    const args = [
        'build-sbf',
        '--arch',
        process.env.SBPF_ARCH ?? 'v3',
        '--manifest-path',
        manifest,
        '--sbf-out-dir',
        out,
    ];
    const env = { ...process.env, CARGO_TARGET_DIR: join(work, 'target') };
    const { status, stderr } = run('cargo', args, { cwd: tree, env });
    if (status !== 0) return (stderr ?? '').trim().split('\n').slice(-12).join('\n');
    cpSync(join(out, `${program}.so`), join(folder, `${program}.so`));
    return null;
}

/** How many tests fail with the programs of a folder; null when the runner itself did not work. */
function countFailures(tests, folder) {
    const env = { ...process.env, OCM_PROGRAMS_DIR: folder, NO_COLOR: '1' };
    const { stdout, status } = run('npx', ['vitest', 'run', ...tests], { cwd: root, env });
    const failed = Number(/^\s*Tests\s+(\d+) failed/m.exec(stdout ?? '')?.[1] ?? 0);
    const passed = Number(/^\s*Tests\s.*?(\d+) passed/m.exec(stdout ?? '')?.[1] ?? 0);
    if (failed + passed === 0) return null;
    return status === 0 ? 0 : Math.max(failed, 1);
}

function hashOf(parts) {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part).update('\0');
    return hash.digest('hex');
}

/** What a result depends on: the patch, its tests, and the programs as they are. */
function keyOf(mutant) {
    const programs = PROGRAMS.map((name) => readFileSync(join(root, 'sdk', 'programs', `${name}.so`)));
    return hashOf([mutant.text, ...mutant.tests.map((test) => readFileSync(join(root, test))), ...programs]);
}

function readCache() {
    if (options['no-cache'] || !existsSync(cachePath)) return {};
    return JSON.parse(readFileSync(cachePath, 'utf8'));
}

/** Builds a mutant unless it has been built of these very sources; the folder serves the fuzzer too (--programs). */
function buildOnce(mutant, folder) {
    const marker = join(folder, 'built-of');
    const sources = readdirSync(join(root, 'programs'), { recursive: true })
        .filter((file) => /\.(rs|toml)$/.test(file))
        .sort()
        .map((file) => readFileSync(join(root, 'programs', file)));
    const key = hashOf([mutant.text, ...sources]);
    if (existsSync(marker) && readFileSync(marker, 'utf8') === key) return null;
    refreshTree();
    const env = { ...process.env, GIT_CEILING_DIRECTORIES: work };
    const applied = run('git', ['apply', '-p1', mutant.path], { cwd: tree, env });
    if (applied.status !== 0) return `the patch no longer applies: ${applied.stderr.trim()}`;
    const failure = build(mutant.program, folder);
    if (failure !== null) return `it does not build:\n${failure}`;
    writeFileSync(marker, key);
    return null;
}

/** One mutant: `killed` with how many tests, `survived`, or why it could not be tried. */
function judge(mutant) {
    const folder = join(work, 'built', mutant.name);
    const reason = buildOnce(mutant, folder);
    if (reason !== null) return { outcome: 'broken', detail: reason };
    const failures = countFailures(mutant.tests, folder);
    if (failures === null) return { outcome: 'broken', detail: 'its tests did not run' };
    return failures > 0
        ? { outcome: 'killed', detail: `${failures} tests fail` }
        : { outcome: 'survived', detail: mutant.rule };
}

function main() {
    const all = readdirSync(patches)
        .filter((file) => file.endsWith('.patch'))
        .sort()
        .map(readMutant);
    const chosen = options.only ? all.filter(({ name }) => name === options.only) : all;
    if (chosen.length === 0) throw new Error(`--only ${options.only}: tests/mutants has no such patch`);
    if (options.list) {
        for (const { name, row, rule } of chosen) say(`${name.padEnd(32)} ${row.padEnd(10)} ${rule}`);
        return 0;
    }
    mkdirSync(work, { recursive: true });
    const cache = readCache();
    const totals = { killed: 0, survived: 0, broken: 0 };
    for (const mutant of chosen) {
        const key = keyOf(mutant);
        const startedAt = Date.now();
        const known = cache[key];
        const result = known ?? judge(mutant);
        if (!known && result.outcome !== 'broken') {
            cache[key] = result;
            writeFileSync(cachePath, JSON.stringify(cache, null, 1));
        }
        totals[result.outcome] += 1;
        const time = known ? 'as before' : `${Math.round((Date.now() - startedAt) / 1_000)} s`;
        say(`${result.outcome.padEnd(8)} ${mutant.name} (${time}): ${result.detail}`);
    }
    refreshTree();
    if (totals.broken > 0) say(`${totals.broken} could not be tried`);
    say(`${totals.killed} killed, ${totals.survived} survived`);
    return totals.survived + totals.broken > 0 ? 1 : 0;
}

try {
    process.exitCode = main();
} catch (error) {
    process.stderr.write(`mutants: ${error.message}\n`);
    process.exitCode = 2;
}
