import { spawn } from 'node:child_process';
import { loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Benchmark, BenchmarkContext, BenchmarkFigure } from '../benchmark.js';
import { type Spread, summarise } from '../statistics.js';
import type { Measured } from './child.js';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));
const SIZES = [
    { prefixes: 1_000, name: '1k' },
    { prefixes: 100_000, name: '100k' },
    { prefixes: 1_000_000, name: '1m' },
] as const;
/** Room for both tables and the claims of a million prefixes. */
const HEAP_MEGABYTES = 6_144;
const RIVAL = 'longest-prefix-match 1.3.1';

/** Each size in a process of its own: none inherits the memory or the compiled code of another. */
async function runChild(prefixes: number): Promise<Measured> {
    const options = ['--expose-gc', `--max-old-space-size=${HEAP_MEGABYTES}`];
    const task = JSON.stringify({ prefixes, rivalPrefixes: prefixes });
    const child = spawn(process.execPath, [...options, CHILD, task], { stdio: ['ignore', 'pipe', 'inherit'] });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    const code = await new Promise<number | null>((resolve, reject) =>
        child.once('error', reject).once('close', resolve),
    );
    if (code !== 0) throw new Error(`the measurement of ${prefixes} prefixes ended with status ${code}`);
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as Measured;
}

function tell(prefixes: number, measured: Measured): string {
    const { lookup, rival, decision, timerNanoseconds, bytesPerPrefix, rivalBytesPerPrefix } = measured;
    return [
        `${prefixes} prefixes: lookup ${lookup.nanoseconds.toFixed(0)} ns with reading the address, ${RIVAL} ${rival.nanoseconds.toFixed(0)} ns`,
        `decision ${(1e9 / decision.nanoseconds).toFixed(0)} a second and core, p50 ${decision.p50Microseconds.toFixed(2)} µs, p99 ${decision.p99Microseconds.toFixed(2)} µs of batches of 64 (${(decision.disturbed * 100).toFixed(1)} % disturbed and left out)`,
        `built in ${measured.buildSeconds.toFixed(2)} s (${measured.rivalBuildSeconds.toFixed(2)} s), an update ${measured.updateMicroseconds.toFixed(2)} µs`,
        `${bytesPerPrefix.toFixed(0)} bytes a prefix (${rivalBytesPerPrefix.toFixed(0)}), the timer ${timerNanoseconds.toFixed(0)} ns a batch`,
    ].join('; ');
}

function figuresOf(name: string, runs: readonly Measured[]): Record<string, Spread> {
    const series = (read: (run: Measured) => number): Spread => summarise(runs.map(read));
    return {
        [`trieRatio${name}`]: series(({ rival, lookup }) => rival.nanoseconds / lookup.nanoseconds),
        [`p50Micros${name}`]: series(({ decision }) => decision.p50Microseconds),
        [`p99Micros${name}`]: series(({ decision }) => decision.p99Microseconds),
        [`decisionsPerSecond${name}`]: series(({ decision }) => 1e9 / decision.nanoseconds),
        [`firstViewSeconds${name}`]: series(({ firstViewSeconds }) => firstViewSeconds),
        [`updateMicros${name}`]: series(({ updateMicroseconds }) => updateMicroseconds),
        [`bytesPerPrefix${name}`]: series(({ bytesPerPrefix }) => bytesPerPrefix),
        [`rivalBytesPerPrefix${name}`]: series(({ rivalBytesPerPrefix }) => rivalBytesPerPrefix),
    };
}

async function measure({ repeats, say }: BenchmarkContext): Promise<Record<string, BenchmarkFigure>> {
    const figures: Record<string, BenchmarkFigure> = {};
    for (const { prefixes, name } of SIZES) {
        const runs: Measured[] = [];
        for (let repeat = 1; repeat <= repeats; repeat += 1) {
            say(`run ${repeat}, load of the machine ${loadavg()[0]?.toFixed(1)}`);
            const measured = await runChild(prefixes);
            say(tell(prefixes, measured));
            runs.push(measured);
        }
        Object.assign(figures, figuresOf(name, runs));
    }
    return figures;
}

/** Lookups and whole decisions over prefixes of both families, against the most used trie library of npm in the same process. */
export const routerBenchmark: Benchmark = {
    name: 'router',
    summary: `decisions a second and core, p99, updates and memory at 10^3, 10^5 and 10^6 prefixes, against ${RIVAL}`,
    run: measure,
};
