// Runs the model-based fuzzer: npm run fuzz -- --steps N --seed S [--minutes M] [--workers W] [--resume FILE] [--replay FILE]
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build as bundle } from 'vite';
import { checkNode, root } from './lib/bootstrap.mjs';

const CONDITIONS = ['ocm-source', 'node', 'import', 'default'];
const outDir = join(root, '.ocm', 'fuzz');

/** One file out of the fuzzer and the SDK's sources: it starts at once and runs as fast as plain JavaScript does. */
async function bundleFuzzer() {
    await bundle({
        configFile: false,
        logLevel: 'error',
        root,
        resolve: { conditions: CONDITIONS },
        ssr: { noExternal: [/^@ocm\//], resolve: { conditions: CONDITIONS } },
        build: {
            ssr: join(root, 'tests', 'fuzz', 'main.ts'),
            outDir,
            emptyOutDir: false,
            target: 'node20',
            minify: false,
        },
    });
    return join(outDir, 'main.js');
}

function start(file, args) {
    return new Promise((resolve) => {
        const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], {
            cwd: root,
            env: { ...process.env, OCM_ROOT: root },
            stdio: ['ignore', 'pipe', 'inherit'],
        });
        for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
        let last = '';
        let pending = '';
        child.stdout.setEncoding('utf8');
        child.stdout.on('data', (text) => {
            const lines = (pending + text).split('\n');
            pending = lines.pop();
            for (const line of lines) {
                if (line.startsWith('{"steps"')) last = line;
                else process.stdout.write(`${line}\n`);
            }
        });
        child.on('close', (code) => resolve({ code: code ?? 2, summary: last === '' ? null : JSON.parse(last) }));
    });
}

/** Arguments of one of several processes: its share of the steps, and a file of its own for progress. */
function argumentsOf(args, worker, workers) {
    if (workers === 1) return args;
    const own = [...args];
    const valueAt = (name) => own.indexOf(`--${name}`) + 1;
    if (valueAt('steps') > 0) own[valueAt('steps')] = String(Math.ceil(Number(own[valueAt('steps')]) / workers));
    if (valueAt('resume') > 0) own[valueAt('resume')] += `.${worker}`;
    return [...own, '--worker', String(worker)];
}

checkNode();
const args = process.argv.slice(2);
const workers = args.includes('--workers') ? Number(args[args.indexOf('--workers') + 1]) : 1;
const file = await bundleFuzzer();
const runs = Array.from({ length: workers }, (_, worker) => start(file, argumentsOf(args, worker, workers)));
const results = await Promise.all(runs);
const total = { steps: 0, violations: 0, stepsPerSecond: 0 };
for (const { summary } of results) {
    for (const key of Object.keys(total)) total[key] += summary?.[key] ?? 0;
}
process.stdout.write(`${JSON.stringify(total)}\n`);
process.exit(Math.max(...results.map(({ code }) => code)));
