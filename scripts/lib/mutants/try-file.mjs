// Runs a test file with one mutant after another, in one process.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../bootstrap.mjs';
import { buildMutant, work } from './build.mjs';
import { findLikelyTests } from './likely.mjs';

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');

/**
 * Runs one test file with one set of programs after another, in one process.
 * @returns {Promise<Record<string, { failed: string[], late: string[], begun: number }>>} by name; empty when the runner did not work
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

/** Killed by this file, survived it, or why it could not be tried. */
function judge(mutant, outcome, control) {
    if (!outcome || !control) return { outcome: 'broken', detail: 'its tests did not run' };
    const before = [...control.failed, ...control.late];
    if (before.length > 0) return { outcome: 'broken', detail: `without it fails: ${before[0]}` };
    if (outcome.failed.length === 0 && outcome.late.length > 0) {
        return { outcome: 'broken', detail: `took too long: ${outcome.late[0]}` };
    }
    // Of a set-up that failed there is no test to name.
    const noticed = outcome.failed[0] ?? (outcome.begun < control.begun ? 'the set-up of its tests' : undefined);
    return noticed ? { outcome: 'killed', detail: noticed } : { outcome: 'survived', detail: mutant.rule };
}

/** Tries all that name a test file; `report` gets what became of each. */
export async function tryFile(test, mutants, combined, report) {
    const built = [];
    const source = readFileSync(join(root, test), 'utf8');
    for (const mutant of mutants) {
        const likely = findLikelyTests(source, mutant.hunks);
        const folder = join(work, 'built', mutant.name);
        const reason = buildMutant(mutant, folder, combined);
        if (reason === null) built.push({ mutant, run: { name: mutant.name, folder, bail: true, likely } });
        else report(mutant, { outcome: 'broken', detail: reason });
    }
    const control = { name: 'control', folder: join(work, 'control'), bail: false, likely: [] };
    const outcomes = built.length > 0 ? await runFile(test, [control, ...built.map(({ run }) => run)]) : {};
    for (const { mutant } of built) report(mutant, judge(mutant, outcomes[mutant.name], outcomes.control));
}
