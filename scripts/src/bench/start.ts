import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, BenchmarkContext } from './benchmark.js';
import { summarise } from './statistics.js';

async function run(command: string, args: string[], cwd: string): Promise<string> {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const code = await new Promise<number | null>((resolve, reject) =>
        child.once('error', reject).once('exit', resolve),
    );
    if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${code} in ${cwd}`);
    return Buffer.concat(chunks).toString('utf8');
}

async function timeMainJob(folder: string, args: string[]): Promise<number> {
    const startedAt = performance.now();
    const output = await run('npm', ['start', '--silent', '--', '--once', ...args], folder);
    const seconds = (performance.now() - startedAt) / 1000;
    // A run that did not do the job has no time worth reporting.
    const result = JSON.parse(output.trim().split('\n').at(-1) ?? '') as { conserved: boolean; proofVerified: boolean };
    if (!result.conserved || !result.proofVerified) throw new Error('the main job did not conserve or prove');
    return seconds;
}

async function measure({ root, repeats, say }: BenchmarkContext) {
    const first: number[] = [];
    const again: number[] = [];
    const nextContract: number[] = [];
    for (let repeat = 1; repeat <= repeats; repeat += 1) {
        const folder = await mkdtemp(join(tmpdir(), 'ocm-bench-start-'));
        try {
            await run('git', ['clone', '--quiet', '--no-hardlinks', root, join(folder, 'clone')], folder);
            const clone = join(folder, 'clone');
            first.push(await timeMainJob(clone, []));
            again.push(await timeMainJob(clone, ['--reset']));
            nextContract.push(await timeMainJob(clone, []));
            say(
                `run ${repeat}: first ${first.at(-1)?.toFixed(1)} s, again ${again.at(-1)?.toFixed(1)} s, next contract ${nextContract.at(-1)?.toFixed(1)} s`,
            );
        } finally {
            await rm(folder, { recursive: true, force: true });
        }
    }
    return {
        secondsFirst: summarise(first),
        secondsAgain: summarise(again),
        secondsNextContract: summarise(nextContract),
    };
}

/**
 * `npm start -- --once` as a newcomer meets it: on a fresh clone of the committed state (installing and building
 * included), once more with everything installed but the chain forgotten, and once more on the same chain.
 */
export const startBenchmark: Benchmark = {
    name: 'start',
    summary: 'the main job on a fresh clone, again from an empty chain, and again on the same chain',
    run: measure,
};
