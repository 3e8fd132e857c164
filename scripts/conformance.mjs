// Runs the public HTTP cache tests against our cache: npm run conformance -- --suite DIR [--write] [--as-node] [--id TEST]
// DIR is a checkout of http-tests/cache-tests. --write puts the figures into docs/conformance.md; without it they are compared.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build, checkNode, root } from './lib/bootstrap.mjs';

const GOALS = { required: 155, optimal: 95 };
const REPORT = join(root, 'docs', 'conformance.md');
const [BEGIN, END] = ['<!-- figures:begin -->', '<!-- figures:end -->'];
const MEBIBYTE = 1024 * 1024;
/** A plain reverse proxy does what the standards allow where a node before viewers of media is stricter. */
const PLAIN_PROXY = {
    storesCookies: true,
    sharesAuthorized: true,
    honoursRequestDirectives: true,
    forwardsRanges: true,
    staleIfErrorSecs: 3600,
};

const { values: options } = parseArgs({
    options: {
        suite: { type: 'string' },
        write: { type: 'boolean', default: false },
        'as-node': { type: 'boolean', default: false },
        id: { type: 'string', default: '' },
    },
});

/** The suite asks for undici by name; ours is the version that it wants. */
function linkClient(suite) {
    const link = join(suite, 'node_modules', 'undici');
    if (existsSync(link)) return;
    mkdirSync(join(suite, 'node_modules'), { recursive: true });
    symlinkSync(join(root, 'node_modules', 'undici'), link, 'dir');
}

function freePort() {
    return new Promise((done, fail) => {
        const probe = createServer().once('error', fail);
        probe.listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => done(port));
        });
    });
}

async function startOrigin(suite) {
    const port = await freePort();
    const pidfile = join(tmpdir(), `ocm-conformance-${process.pid}.pid`);
    const child = spawn(process.execPath, ['test-engine/server/server.mjs'], {
        cwd: suite,
        env: {
            ...process.env,
            npm_config_protocol: 'http',
            npm_config_port: String(port),
            npm_config_pidfile: pidfile,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((done, fail) => {
        child.stdout.once('data', done);
        child.once('exit', (code) => fail(new Error(`the suite's origin ended with code ${code}`)));
    });
    child.stdout.resume();
    return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

async function runClient(suite, base, id) {
    const child = spawn(process.execPath, ['--no-warnings', 'test-engine/cli.mjs'], {
        cwd: suite,
        env: { ...process.env, npm_config_base: base, npm_config_id: id, npm_package_config_id: '' },
        stdio: ['ignore', 'pipe', id === '' ? 'ignore' : 'inherit'],
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    const code = await new Promise((done) => child.once('close', done));
    if (code !== 0) throw new Error(`the suite's client ended with code ${code}`);
    return Buffer.concat(chunks).toString();
}

/** Figures with dependencies honoured: a test counts only if those that it builds on pass too. */
async function evaluate(suite, results) {
    const load = (path) => import(pathToFileURL(join(suite, path)).href);
    const { determineTestResult, resultTypes } = await load('test-engine/lib/results.mjs');
    const { default: suites } = await load('tests/index.mjs');
    const tally = Object.fromEntries(['required', 'optimal', 'check'].map((kind) => [kind, { passed: 0, total: 0 }]));
    const misses = [];
    for (const { id: group, tests } of suites) {
        for (const test of tests.filter(({ browser_only: isForBrowsers }) => isForBrowsers !== true)) {
            const kind = test.kind ?? 'required';
            const result = determineTestResult(suites, test.id, results, true);
            const passed = result === resultTypes.pass || result === resultTypes.yes;
            tally[kind].total += 1;
            if (passed) tally[kind].passed += 1;
            else misses.push({ kind, group, id: test.id, mark: result[2], why: results[test.id]?.[1] ?? 'not run' });
        }
    }
    return { tally, misses };
}

function figures({ tally, misses }) {
    const rows = Object.entries(tally).map(([kind, { passed, total }]) => `| ${kind} | ${passed} | ${total} |`);
    const named = (kind) =>
        misses
            .filter((miss) => miss.kind === kind)
            .map(({ id }) => `\`${id}\``)
            .sort()
            .join(', ') || 'none';
    const lists = ['required', 'optimal', 'check'].map((kind) => `Not passed, ${kind}: ${named(kind)}.`);
    return ['| kind | passed | of |', '| --- | --- | --- |', ...rows, '', ...lists.flatMap((line) => [line, ''])]
        .join('\n')
        .trim();
}

/** @returns whether the report says what was measured */
function report(text) {
    const old = readFileSync(REPORT, 'utf8');
    const pattern = new RegExp(`${BEGIN}[\\s\\S]*${END}`);
    const renewed = old.replace(pattern, `${BEGIN}\n\n${text}\n\n${END}`);
    if (options.write) writeFileSync(REPORT, renewed);
    return options.write || renewed === old;
}

async function main() {
    if (options.suite === undefined) throw new Error('say where the suite is: --suite DIR');
    const suite = resolve(options.suite);
    if (!existsSync(join(suite, 'test-engine', 'cli.mjs')))
        throw new Error(`${suite} is no checkout of http-tests/cache-tests`);
    linkClient(suite);
    const { startReverseProxy } = await import(pathToFileURL(join(root, 'workers', 'node', 'dist', 'index.js')).href);
    const origin = await startOrigin(suite);
    const behaviour = options['as-node'] ? {} : PLAIN_PROXY;
    const limits = { memoryBytes: 64 * MEBIBYTE, maxObjectBytes: MEBIBYTE, behaviour };
    const proxy = await startReverseProxy({ parentUrl: origin.url, host: '127.0.0.1', port: 0, ...limits });
    const output = await runClient(suite, proxy.url, options.id).finally(async () => {
        await proxy.stop();
        origin.stop();
    });
    if (options.id !== '') return process.stdout.write(output);
    const evaluated = await evaluate(suite, JSON.parse(output));
    for (const { mark, kind, group, id, why } of evaluated.misses)
        process.stdout.write(`${mark} ${kind} ${group}/${id}: ${why}\n`);
    process.stdout.write(`\n${figures(evaluated)}\n`);
    const isGood = Object.entries(GOALS).every(([kind, goal]) => evaluated.tally[kind].passed >= goal);
    const isAsReported = options['as-node'] || report(figures(evaluated));
    if (!isAsReported) process.stdout.write('\ndocs/conformance.md says something else; renew it with --write\n');
    process.exitCode = options['as-node'] || (isGood && isAsReported) ? 0 : 1;
}

checkNode();
build({ withApp: false });
await main();
