// Breaks one rule of the programs at a time and requires that the tests notice:
// npm run mutants [-- --only NAME,NAME] [--list] [--workers 2] [--no-cache]
//
// Each tests/mutants/NAME.patch states in its header which program it breaks, which rule, and which test files must fail.
// Copies, builds and results are kept in OCM_MUTANTS_DIR, so that what has not changed is not tried again.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/bootstrap.mjs';
import { Combined, fillControl, work } from './lib/mutants/build.mjs';
import { hashOf, PROGRAMS, readMutants } from './lib/mutants/patches.mjs';
import { tryFile } from './lib/mutants/try-file.mjs';

const cachePath = join(work, 'results.json');
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
                const startedAt = Date.now();
                await tryFile(test, chosen, combined, report);
                say(`         ${test}: ${chosen.length} mutants in ${seconds(startedAt)}`);
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
