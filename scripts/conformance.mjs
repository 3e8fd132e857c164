// Runs the public HTTP cache tests against our cache: npm run conformance -- --suite DIR [--write] [--as-node] [--id TEST]
// DIR is a checkout of http-tests/cache-tests. --write puts the figures into docs/conformance.md; without it they are compared.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build, checkNode, root } from './lib/bootstrap.mjs';
import { linkClient, runClient, startOrigin } from './lib/cache-tests.mjs';

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
