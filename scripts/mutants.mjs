// Breaks one rule of the programs at a time and requires that the tests notice:
// npm run mutants [-- --only NAME,NAME] [--list] [--workers 2] [--no-cache]
//
// Each tests/mutants/NAME.patch states in its header which program it breaks, which rule, and which test files must fail.
// Copies, builds and results are kept in OCM_MUTANTS_DIR, so that what has not changed is not tried again.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** How many tests fail with the programs of a folder; null when the runner itself did not work. */
async function countFailures(tests, folder, bail = 1) {
    const env = { ...process.env, OCM_PROGRAMS_DIR: folder, NO_COLOR: '1' };
    // What vitest has compiled once it need not compile for each mutant.
    const cache = ['--experimental.fsModuleCache', `--experimental.fsModuleCachePath=${join(work, 'modules')}`];
    const args = [vitest, 'run', `--bail=${bail}`, ...cache, ...tests];
    const child = spawn(process.execPath, args, { cwd: root, env });
    let output = '';
    child.stdout.on('data', (data) => {
        output += data;
    });
    child.stderr.resume();
    const status = await new Promise((resolve) => child.on('close', resolve));
    const failed = Number(/^\s*Tests\s+(\d+) failed/m.exec(output)?.[1] ?? 0);
    const passed = Number(/^\s*Tests\s.*?(\d+) passed/m.exec(output)?.[1] ?? 0);
    if (failed + passed === 0) return null;
    if (bail === 0 && status !== 0) say(output.slice(-6_000));
    return status === 0 ? 0 : Math.max(failed, 1);
}

/** What a result depends on: the patch, its tests, and the programs as they are. */
function keyOf(mutant) {
    const programs = PROGRAMS.map((name) => readFileSync(join(root, 'sdk', 'programs', `${name}.so`)));
    return hashOf([mutant.text, ...mutant.tests.map((test) => readFileSync(join(root, test))), ...programs]);
}

/** One build for all mutants of a program that has many to try; and the proof that this build by itself breaks nothing. */
async function prepare(mutants, combined) {
    const folder = join(work, 'control');
    const many = PROGRAMS.filter(
        (program) => mutants.filter((one) => one.program === program).length >= WORTH_COMBINING,
    );
    for (const program of many) {
        const startedAt = Date.now();
        const failure = combined.build(program);
        say(failure === null ? `built ${program} with all mutants (${seconds(startedAt)})` : failure);
    }
    const built = many.filter((program) => combined.isBuilt(program));
    const tests = [...new Set(mutants.filter((one) => built.includes(one.program)).flatMap((one) => one.tests))].sort();
    const key = hashOf([combined.key, ...tests.map((test) => readFileSync(join(root, test)))]);
    const passed = join(work, 'control.key');
    if (tests.length === 0 || (existsSync(passed) && readFileSync(passed, 'utf8') === key)) return;
    const startedAt = Date.now();
    fillControl(folder, combined);
    if ((await countFailures(tests, folder, 0)) !== 0) throw new Error('tests fail although no mutant is chosen');
    writeFileSync(passed, key);
    say(`with no mutant chosen, all ${tests.length} test files pass (${seconds(startedAt)})`);
}

/** One mutant: `killed`, `survived`, or why it could not be tried. */
async function judge(mutant, combined) {
    const folder = join(work, 'built', mutant.name);
    const reason = buildMutant(mutant, folder, combined);
    if (reason !== null) return { outcome: 'broken', detail: reason };
    const failures = await countFailures(mutant.tests, folder);
    if (failures === null) return { outcome: 'broken', detail: 'its tests did not run' };
    return { outcome: failures > 0 ? 'killed' : 'survived', detail: mutant.rule };
}

async function judgeAll(mutants, combined, cache, totals) {
    const waiting = mutants.values();
    const work_ = async () => {
        for (const mutant of waiting) {
            const startedAt = Date.now();
            const key = keyOf(mutant);
            const known = cache[key];
            const result = known ?? (await judge(mutant, combined));
            if (!known && result.outcome !== 'broken') {
                cache[key] = result;
                writeFileSync(cachePath, JSON.stringify(cache, null, 1));
            }
            totals[result.outcome] += 1;
            say(
                `${result.outcome.padEnd(8)} ${mutant.name} (${known ? 'as before' : seconds(startedAt)}): ${result.detail}`,
            );
        }
    };
    await Promise.all(Array.from({ length: Number(options.workers) }, work_));
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
    const fresh = chosen.filter((mutant) => !cache[keyOf(mutant)]);
    await prepare(fresh, combined);
    const totals = { killed: 0, survived: 0, broken: 0 };
    await judgeAll(chosen, combined, cache, totals);
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
