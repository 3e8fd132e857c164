import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, BenchmarkContext } from '../benchmark.js';
import { computeEpochFees } from './epoch.js';
import { readRecording, writeBaseline } from './files.js';
import { formatTable } from './table.js';

/** Runs the on-chain tests, which write what each of their transactions took. */
async function recordTests(root: string, recording: string): Promise<void> {
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const child = spawn(
        process.execPath,
        [vitest, 'run', '--reporter=dot', '--silent=true', 'tests/programs', 'tests/flows'],
        {
            cwd: root,
            // The last line of our standard output is the result.
            stdio: ['ignore', 2, 2],
            env: { ...process.env, OCM_TEST_RECORDING: recording },
        },
    );
    const code = await new Promise<number | null>((resolve, reject) =>
        child.once('error', reject).once('exit', resolve),
    );
    if (code !== 0) throw new Error(`the on-chain tests ended with status ${code}; mend them first`);
}

async function measure({ root, say, write }: BenchmarkContext) {
    const folder = await mkdtemp(join(tmpdir(), 'ocm-bench-cu-'));
    try {
        const recording = join(folder, 'recording.jsonl');
        await recordTests(root, recording);
        const { figures, unmeasured } = readRecording(root, recording);
        process.stdout.write(formatTable(figures, unmeasured));
        if (unmeasured.length > 0) {
            say(`no test runs these successfully: ${unmeasured.join(', ')}`);
            process.exitCode = 1;
        } else if (write) say(`wrote ${writeBaseline(root, figures)}`);
        const epoch = computeEpochFees(figures);
        const typical = (name: string) => figures[name]?.units.typical ?? null;
        return {
            commit: typical('settlement.commit_delivery'),
            prove: typical('settlement.prove_inclusion'),
            settle: typical('settlement.settle_delivery'),
            epochLamports: epoch.lamports,
            epochLamportsMissing: epoch.missing,
            unmeasured,
        };
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}

/**
 * Compute units, transaction bytes and lamports of every instruction, over every transaction of the on-chain tests. Keys
 * and clock of those tests are fixed, so one run says it all: a second gives the same figures.
 */
export const computeUnitsBenchmark: Benchmark = {
    name: 'cu',
    summary:
        'compute units, bytes and lamports of every instruction, in the on-chain tests; --write makes them the baseline',
    run: measure,
};
