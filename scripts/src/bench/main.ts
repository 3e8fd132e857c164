import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import type { Benchmark, BenchmarkFigure } from './benchmark.js';
import { cacheBenchmark } from './cache/benchmark.js';
import { computeUnitsBenchmark } from './compute-units/benchmark.js';
import { evidenceBenchmark } from './evidence/benchmark.js';
import { routerBenchmark } from './router/benchmark.js';
import { startBenchmark } from './start.js';
import { round } from './statistics.js';

const BENCHMARKS: readonly Benchmark[] = [
    startBenchmark,
    computeUnitsBenchmark,
    evidenceBenchmark,
    routerBenchmark,
    cacheBenchmark,
];
const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

function parseRepeats(text: string): number {
    const value = Number(text);
    if (!Number.isInteger(value) || value < 1 || value > 100)
        throw new InvalidArgumentError('expected a whole number from 1 to 100');
    return value;
}

function tell(figure: BenchmarkFigure): string {
    if (figure === null) return 'not there to be measured';
    if (typeof figure === 'number') return String(round(figure));
    if (!('median' in figure)) return figure.join(', ') || 'none';
    const { median, minimum, maximum, runs } = figure;
    return `median ${round(median)}, from ${round(minimum)} to ${round(maximum)}, ${runs} runs`;
}

function toResult(figure: BenchmarkFigure): number | null | readonly string[] {
    if (figure === null || typeof figure === 'number') return figure === null ? null : round(figure);
    return 'median' in figure ? round(figure.median) : figure;
}

type Options = { repeats: number; write: boolean; full: boolean };

async function runOne(benchmark: Benchmark, options: Options): Promise<void> {
    const say = (text: string) => process.stderr.write(`${benchmark.name}: ${text}\n`);
    const measured = Object.entries(await benchmark.run({ ...options, root: ROOT, say }));
    for (const [name, figure] of measured) say(`${name}: ${tell(figure)}`);
    const figures = Object.fromEntries(measured.map(([name, figure]) => [name, toResult(figure)]));
    process.stdout.write(`${JSON.stringify({ bench: benchmark.name, figures })}\n`);
}

const program = new Command('npm run bench --')
    .description(
        'Runs benchmarks. Each prints its medians and spread, and as its last line {"bench":"NAME","figures":{…}}.',
    )
    .argument('<name>', `which one: ${[...BENCHMARKS.map(({ name }) => name), 'all'].join(', ')}`)
    .option('--repeats <count>', 'how often each quantity is measured', parseRepeats, 3)
    .option('--write', 'makes what is measured the committed baseline, where a benchmark has one', false)
    .option('--full', 'measures what takes long too, where a benchmark has that', false)
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
for (const benchmark of chosen) await runOne(benchmark, program.opts<Options>());
