import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, onTestFailed } from 'vitest';

interface Run {
    readonly name: string;
    readonly folder: string;
    /** Leaves the rest out once a test has failed. */
    readonly bail: boolean;
    /** Beginnings of the names of tests that come first. */
    readonly likely: readonly string[];
}

interface Plan {
    /** The test file. */
    readonly test: string;
    readonly output: string;
    /** What to run it with, in this order. */
    readonly runs: readonly Run[];
}

const plan = JSON.parse(process.env.OCM_MUTANTS_PLAN ?? '') as Plan;
/** By run that is over: the tests that failed, those that only took too long, and how many were begun. */
const outcomes: Record<string, { failed: string[]; late: string[]; begun: number }> = {};

// One process for all mutants of a test file: most of what a process of its own would take is its beginning.
for (const run of plan.runs) {
    const outcome = { failed: [] as string[], late: [] as string[], begun: 0 };
    const isLikely = (name: string) => run.likely.some((beginning) => name.startsWith(beginning));
    for (const part of run.likely.length > 0 ? ['likely', 'rest'] : ['rest']) {
        describe(`${run.name}, ${part}`, async () => {
            beforeAll(() => {
                process.env.OCM_PROGRAMS_DIR = run.folder;
            });
            afterAll(() => {
                if (part === 'likely') return;
                outcomes[run.name] = outcome;
                writeFileSync(plan.output, JSON.stringify(outcomes));
            });
            beforeEach((context) => {
                if (run.bail && outcome.failed.length > 0) context.skip();
                if (isLikely(context.task.name) !== (part === 'likely')) context.skip();
                outcome.begun += 1;
                onTestFailed(({ task }) => {
                    // A busy machine is no broken rule.
                    const isLate = task.result?.errors?.every(({ message }) => /timed out/.test(message));
                    (isLate ? outcome.late : outcome.failed).push(task.name);
                });
            });
            // The query makes it a module of its own each time, while all that it imports is shared.
            await import(/* @vite-ignore */ `${plan.test}?run=${run.name}-${part}`);
        });
    }
}
