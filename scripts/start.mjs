// Brings a fresh clone to a running market, then hands over to the main job.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, checkNode, install, root } from './lib/bootstrap.mjs';

const args = process.argv.slice(2);
const startedAtMs = Date.now();

checkNode();
install();
const headless = args.includes('--once') || args.includes('--no-app') || args.includes('--help') || args.includes('-h');
build({ withApp: !headless });
if (args.includes('--build-only')) process.exit(0);

const main = spawn(
    process.execPath,
    ['--enable-source-maps', join(root, 'scripts', 'dist', 'main-job', 'main.js'), ...args],
    {
        cwd: root,
        stdio: 'inherit',
        env: { ...process.env, OCM_STARTED_AT_MS: String(startedAtMs) },
    },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => main.kill(signal));
main.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
