// Runs a benchmark by name, or all of them.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, checkNode, install, root } from './lib/bootstrap.mjs';

checkNode();
install();
build({ withApp: false });
const bench = spawn(
    process.execPath,
    ['--enable-source-maps', join(root, 'scripts', 'dist', 'bench', 'main.js'), ...process.argv.slice(2)],
    { cwd: root, stdio: 'inherit' },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill(signal));
bench.on('exit', (code) => process.exit(code ?? 1));
