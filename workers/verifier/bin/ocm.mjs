#!/usr/bin/env node
// The command is built into dist; a clone builds it with `npm run ocm -- --help`.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(fileURLToPath(main))) await import(main.href);
else {
    process.stderr.write('ocm is not built yet: run "npm run ocm -- --help" in the folder of the clone\n');
    process.exitCode = 3;
}
