// Writes docs/programs from the IDL in sdk/idl: `node scripts/programs-doc.mjs`; with --check it only compares and exits 1
// on a difference.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/bootstrap.mjs';
import { renderProgram } from './lib/program-page.mjs';

const sources = join(root, 'sdk', 'idl');
const target = join(root, 'docs', 'programs');
const idls = readdirSync(sources)
    .filter((file) => file.endsWith('.json'))
    .sort()
    .map((file) => JSON.parse(readFileSync(join(sources, file), 'utf8')));

function renderIndex() {
    const rows = idls.map(({ metadata, instructions }) => {
        const { name, description } = metadata;
        return `| [${name}](${name}.md) | ${description} | ${instructions.length} |`;
    });
    return [
        '# Programs',
        '',
        'Written by `node scripts/programs-doc.mjs` from `sdk/idl`; do not edit. CI compares.',
        '',
        'What each instruction takes in compute units, bytes and lamports: `npm run bench -- cu` and `tests/compute-units.json`.',
        '',
        '| program | what it holds | instructions |',
        '| --- | --- | --- |',
        ...rows,
        '',
    ].join('\n');
}

const pages = new Map([
    ['README.md', renderIndex()],
    ...idls.map((idl) => [`${idl.metadata.name}.md`, renderProgram(idl, idls)]),
]);
const present = existsSync(target) ? readdirSync(target) : [];
const stale = present.filter((file) => !pages.has(file));
if (process.argv.includes('--check')) {
    const read = (file) => (present.includes(file) ? readFileSync(join(target, file), 'utf8') : '');
    const wrong = [...stale, ...[...pages].filter(([file, text]) => read(file) !== text).map(([file]) => file)];
    for (const file of wrong) {
        process.stderr.write(`docs/programs/${file} is not what sdk/idl gives; run node scripts/programs-doc.mjs\n`);
    }
    process.exit(wrong.length > 0 ? 1 : 0);
}
mkdirSync(target, { recursive: true });
for (const file of stale) rmSync(join(target, file));
for (const [file, text] of pages) writeFileSync(join(target, file), text);
