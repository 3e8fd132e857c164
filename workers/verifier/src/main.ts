import { runCli } from './cli.js';

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interrupted.abort(new Error(signal)));

const DEFAULT_COLUMNS = 100;

process.exitCode = await runCli(process.argv.slice(2), {
    env: process.env,
    signal: interrupted.signal,
    terminal: {
        columns: process.stdout.columns ?? (Number(process.env.COLUMNS) || DEFAULT_COLUMNS),
        hasColor: process.stdout.isTTY === true && !process.env.NO_COLOR,
    },
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
});
