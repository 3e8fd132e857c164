// Breaks one rule of the programs at a time and requires that the tests notice:
// npm run mutants [-- --only NAME,NAME] [--list] [--workers 2] [--no-cache]
//
// Each tests/mutants/NAME.patch states in its header which program it breaks, which rule, and which test files must fail.
// Copies, builds and results are kept in OCM_MUTANTS_DIR, so that what has not changed is not tried again.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/bootstrap.mjs';
import { buildMutant, Combined, fillControl, hashOf, work } from './lib/mutants/build.mjs';
import { PROGRAMS, readMutants } from './lib/mutants/patches.mjs';

const cachePath = join(work, 'results.json');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const text = { type: 'string' };
const { values: options } = parseArgs({
    options: {
        only: text,
        workers: { ...text, default: '2' },
        list: { type: 'boolean' },
        'no-cache': { type: 'boolean' },
    },
});
/** From so many mutants of one program on, one build of all of them is quicker than one of each. */
const WORTH_COMBINING = 4;
const say = (line) => process.stdout.write(`${line}\n`);
const seconds = (since) => `${Math.round((Date.now() - since) / 1_000)} s`;

/**
 * Runs one test file with one set of programs after another, in one process.
 * @returns {Promise<Record<string, { failed: string[], begun: number }>>} by name; empty when the runner did not work
 */
async function runFile(test, runs) {
    const output = join(work, 'outcomes', `${test.replaceAll('/', '-')}.json`);
    mkdirSync(dirname(output), { recursive: true });
    rmSync(output, { force: true });
    const plan = { test: join(root, test), output, runs };
    const args = [vitest, 'run', '--config', join(root, 'scripts', 'lib', 'mutants', 'vitest.config.ts')];
    const env = { ...process.env, OCM_MUTANTS_PLAN: JSON.stringify(plan), NO_COLOR: '1' };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: 'ignore' });
    await new Promise((resolve) => child.on('close', resolve));
    return existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : {};
}

/** What a result depends on: the patch, its tests, and the programs as they are. */
function keyOf(mutant) {
    const programs = PROGRAMS.map((name) => readFileSync(join(root, 'sdk', 'programs', `${name}.so`)));
    const tests = mutant.tests.map((test) => readFileSync(join(root, test)));
    return hashOf([JSON.stringify(mutant.hunks), mutant.program, ...tests, ...programs]);
}

/** One build for all mutants of a program that has many to try. */
function prepare(mutants, combined) {
    for (const program of PROGRAMS) {
        if (mutants.filter((one) => one.program === program).length < WORTH_COMBINING) continue;
        const startedAt = Date.now();
        const failure = combined.build(program);
        say(failure === null ? `${program} is built with all mutants (${seconds(startedAt)})` : failure);
    }
    fillControl(join(work, 'control'), combined);
}

/** Killed by this file, survived it, or why it could not be tried. */
function judge(mutant, outcome, control) {
    if (!outcome || !control) return { outcome: 'broken', detail: 'its tests did not run' };
    if (control.failed.length > 0) return { outcome: 'broken', detail: `without it fails: ${control.failed[0]}` };
    // Of a set-up that failed there is no test to name.
    const noticed = outcome.failed[0] ?? (outcome.begun < control.begun ? 'the set-up of its tests' : undefined);
    return noticed ? { outcome: 'killed', detail: noticed } : { outcome: 'survived', detail: mutant.rule };
}

/** Tries all that name a test file; `report` gets what became of each. */
async function tryFile(test, mutants, combined, report) {
    const startedAt = Date.now();
    const built = [];
    for (const mutant of mutants) {
        const folder = join(work, 'built', mutant.name);
        const reason = buildMutant(mutant, folder, combined);
        if (reason === null) built.push({ mutant, run: { name: mutant.name, folder, bail: true } });
        else report(mutant, { outcome: 'broken', detail: reason });
    }
    const control = { name: 'control', folder: join(work, 'control'), bail: false };
    const outcomes = built.length > 0 ? await runFile(test, [control, ...built.map(({ run }) => run)]) : {};
    for (const { mutant } of built) report(mutant, judge(mutant, outcomes[mutant.name], outcomes.control));
    say(`         ${test}: ${built.length} mutants in ${seconds(startedAt)}`);
}

/** Each mutant against its first test file, then what survived against the next ones. */
async function tryAll(mutants, combined, record) {
    for (let round = 0, left = mutants; left.length > 0; round += 1) {
        const survivors = [];
        const files = new Set(left.map((mutant) => mutant.tests[round]));
        const waiting = files.values();
        const report = (mutant, result) => {
            if (result.outcome === 'survived' && mutant.tests[round + 1]) survivors.push(mutant);
            else record(mutant, result);
        };
        const worker = async () => {
            for (const test of waiting) {
                const chosen = left.filter((mutant) => mutant.tests[round] === test);
                await tryFile(test, chosen, combined, report);
            }
        };
        await Promise.all(Array.from({ length: Number(options.workers) }, worker));
        left = survivors;
    }
}

async function main() {
    const all = readMutants();
    const names = options.only?.split(',');
    const chosen = names ? all.filter(({ name }) => names.includes(name)) : all;
    if (chosen.length < (names?.length ?? 1))
        throw new Error(`--only ${options.only}: tests/mutants has no such patch`);
    if (options.list) {
        for (const { name, rows, rule } of chosen) say(`${name.padEnd(32)} ${rows.join(' ').padEnd(10)} ${rule}`);
        return 0;
    }
    mkdirSync(work, { recursive: true });
    const startedAt = Date.now();
    const cache = options['no-cache'] || !existsSync(cachePath) ? {} : JSON.parse(readFileSync(cachePath, 'utf8'));
    const combined = new Combined(all);
    const totals = { killed: 0, survived: 0, broken: 0 };
    const record = (mutant, { outcome, detail }, isKnown = false) => {
        totals[outcome] += 1;
        say(`${outcome.padEnd(8)} ${mutant.name}${isKnown ? ' (as before)' : ''}: ${detail}`);
        if (isKnown || outcome === 'broken') return;
        cache[keyOf(mutant)] = { outcome, detail };
        writeFileSync(cachePath, JSON.stringify(cache, null, 1));
    };
    const fresh = chosen.filter((mutant) => !cache[keyOf(mutant)]);
    for (const mutant of chosen) if (!fresh.includes(mutant)) record(mutant, cache[keyOf(mutant)], true);
    prepare(fresh, combined);
    // Those that need a build of their own come last: a build keeps all else waiting.
    for (const isCombined of [true, false]) {
        const group = fresh.filter(({ name, program }) => combined.has(name, program) === isCombined);
        await tryAll(group, combined, record);
    }
    if (totals.broken > 0) say(`${totals.broken} could not be tried`);
    say(`${totals.killed} killed, ${totals.survived} survived (${seconds(startedAt)})`);
    return totals.survived + totals.broken > 0 ? 1 : 0;
}

try {
    process.exitCode = await main();
} catch (error) {
    process.stderr.write(`mutants: ${error.message}\n`);
    process.exitCode = 2;
}
