// Installs and builds what is missing. Plain JavaScript on purpose: it runs before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const NODE_FLOOR = [20, 19];

export function fail(message) {
    process.stderr.write(`\nocm: ${message}\n`);
    process.exit(1);
}

export function say(message) {
    process.stderr.write(`${message}\n`);
}

export function checkNode() {
    const [major, minor] = process.versions.node.split('.').map(Number);
    if (major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1])) return;
    fail(`Node ${process.versions.node} is too old: version ${NODE_FLOOR.join('.')} or newer is needed`);
}

function run(command, commandArgs, what) {
    const [program, programArgs] =
        command === 'npm' && process.env.npm_execpath
            ? [process.execPath, [process.env.npm_execpath, ...commandArgs]]
            : [command, commandArgs];
    // The children's standard output goes to our standard error: ours ends with one line of JSON.
    const result = spawnSync(program, programArgs, {
        cwd: root,
        stdio: ['ignore', 2, 2],
        env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1' },
    });
    if (result.error) fail(`${what}: ${result.error.message}`);
    if (result.status !== 0) fail(`${what} failed (see above); mend it and run the same command again`);
}

export function install() {
    const lock = createHash('sha256')
        .update(readFileSync(join(root, 'package-lock.json')))
        .digest('hex');
    const stamp = join(root, 'node_modules', '.ocm-lock');
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return;
    say('▸ installing packages (npm ci; once, about a minute)');
    run('npm', ['ci', '--no-audit', '--no-fund'], 'npm ci');
    writeFileSync(stamp, lock);
}

/** Folders and files whose change makes a build stale. */
function fingerprint(paths) {
    const hash = createHash('sha256');
    const visit = (path) => {
        const stat = statSync(path, { throwIfNoEntry: false });
        if (!stat) return;
        if (stat.isDirectory()) {
            for (const name of readdirSync(path).sort()) {
                if (!['node_modules', 'dist', '.next', 'target'].includes(name)) visit(join(path, name));
            }
        } else if (!path.endsWith('.test.ts') && !path.endsWith('.test.tsx')) {
            hash.update(path.slice(root.length)).update(readFileSync(path));
        }
    };
    for (const path of paths) visit(join(root, path));
    return hash.digest('hex');
}

function buildWhenStale(name, { sources, output, message, command, commandArgs }) {
    const stampFolder = join(root, 'node_modules', '.ocm-builds');
    const stamp = join(stampFolder, name);
    const now = fingerprint(sources);
    if (existsSync(join(root, output)) && existsSync(stamp) && readFileSync(stamp, 'utf8') === now) return;
    say(message);
    run(command, commandArgs, `building ${name}`);
    mkdirSync(stampFolder, { recursive: true });
    writeFileSync(stamp, now);
}

export function build({ withApp }) {
    buildWhenStale('workers', {
        sources: [
            'package-lock.json',
            'tsconfig.json',
            'tsconfig.base.json',
            'sdk',
            'workers',
            'migrations',
            'scripts',
        ],
        output: 'scripts/dist/main-job/main.js',
        message: '▸ building the SDK and the workers',
        command: process.execPath,
        commandArgs: [join('node_modules', 'typescript', 'bin', 'tsc'), '-b'],
    });
    buildWhenStale('service-worker', {
        sources: ['package-lock.json', 'sdk/src', 'sdk/bundle.mjs'],
        output: 'sdk/dist/browser/service-worker.js',
        message: "▸ bundling the SDK's service worker",
        command: process.execPath,
        commandArgs: [join('sdk', 'bundle.mjs')],
    });
    if (!withApp) return;
    buildWhenStale('app', {
        sources: ['package-lock.json', 'app', 'sdk'],
        output: 'app/.next/BUILD_ID',
        message: '▸ building the page (Next.js; once, about half a minute)',
        command: 'npm',
        commandArgs: ['run', 'build', '--workspace', '@ocm/app'],
    });
}

/** Where a Chromium is, if anywhere: `CHROMIUM_PATH`, else the places that distributions use. */
export function findBrowser() {
    const candidates = [
        process.env.CHROMIUM_PATH,
        '/usr/bin/chromium',
        '/usr/bin/chromium-browser',
        '/usr/bin/google-chrome',
        '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    ];
    return candidates.find((path) => path && existsSync(path));
}
