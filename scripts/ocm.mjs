// Brings a fresh clone to the command `ocm`: `npm run ocm -- verify CONTRACT`.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, checkNode, install, root } from './lib/bootstrap.mjs';

checkNode();
install();
build({ withApp: false });

// Paths of files are meant from where the command was typed, which npm remembers.
const command = spawn(
    process.execPath,
    [join(root, 'workers', 'verifier', 'dist', 'main.js'), ...process.argv.slice(2)],
    {
        cwd: process.env.INIT_CWD ?? process.cwd(),
        stdio: 'inherit',
    },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => command.kill(signal));
command.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
