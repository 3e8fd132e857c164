import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, onTestFailed } from 'vitest';

interface Plan {
    /** The test file. */
    readonly test: string;
    readonly output: string;
    /** What to run it with, in this order; `bail` leaves the rest out once a test has failed. */
    readonly runs: readonly { readonly name: string; readonly folder: string; readonly bail: boolean }[];
}

const plan = JSON.parse(process.env.OCM_MUTANTS_PLAN ?? '') as Plan;
/** By run: the tests that failed, and how many did not. */
const outcomes: Record<string, { failed: string[]; begun: number }> = {};

// One process for all mutants of a test file: most of what a process of its own would take is its beginning.
for (const { name, folder, bail } of plan.runs) {
    describe(name, async () => {
        const outcome = { failed: [] as string[], begun: 0 };
        outcomes[name] = outcome;
        beforeAll(() => {
            process.env.OCM_PROGRAMS_DIR = folder;
        });
        beforeEach((context) => {
            if (bail && outcome.failed.length > 0) context.skip();
            outcome.begun += 1;
            onTestFailed(({ task }) => {
                outcome.failed.push(task.name);
            });
        });
        // The query makes it a module of its own each time, while all that it imports is shared.
        await import(/* @vite-ignore */ `${plan.test}?run=${name}`);
    });
}

afterAll(() => writeFileSync(plan.output, JSON.stringify(outcomes)));
