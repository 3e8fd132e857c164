import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import type { Benchmark } from './benchmark.js';
import { startBenchmark } from './start.js';
import { round } from './statistics.js';

const BENCHMARKS: readonly Benchmark[] = [startBenchmark];
const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

function parseRepeats(text: string): number {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 100)
        throw new InvalidArgumentError('expected a whole number from 1 to 100');
    return value;
}

async function runOne(benchmark: Benchmark, repeats: number): Promise<void> {
    const say = (text: string) => process.stderr.write(`${benchmark.name}: ${text}\n`);
    const spreads = await benchmark.run({ repeats, root: ROOT, say });
    for (const [figure, { median, minimum, maximum, runs }] of Object.entries(spreads)) {
        say(`${figure}: median ${round(median)}, from ${round(minimum)} to ${round(maximum)}, ${runs} runs`);
    }
    const figures = Object.fromEntries(Object.entries(spreads).map(([figure, { median }]) => [figure, round(median)]));
    process.stdout.write(`${JSON.stringify({ bench: benchmark.name, figures })}\n`);
}

const program = new Command('npm run bench --')
    .description(
        'Runs benchmarks. Each prints its medians and spread, and as its last line {"bench":"NAME","figures":{…}}.',
    )
    .argument('<name>', `which one: ${[...BENCHMARKS.map(({ name }) => name), 'all'].join(', ')}`)
    .option('--repeats <count>', 'how often each quantity is measured', parseRepeats, 3)
    .addHelpText('after', `\n${BENCHMARKS.map(({ name, summary }) => `  ${name}: ${summary}`).join('\n')}`)
    .parse();
const [wanted] = program.processedArgs as [string];
const chosen = wanted === 'all' ? BENCHMARKS : BENCHMARKS.filter(({ name }) => name === wanted);
if (chosen.length === 0) {
    process.stderr.write(
        `bench: there is no benchmark '${wanted}'; there are: ${BENCHMARKS.map(({ name }) => name).join(', ')}, all\n`,
    );
    process.exit(1);
}
for (const benchmark of chosen) await runOne(benchmark, program.opts<{ repeats: number }>().repeats);
