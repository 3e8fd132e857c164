// Writes docs/errors.md from the sources: `node scripts/errors-doc.mjs`; with --check it only compares and exits 1 on a difference.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/bootstrap.mjs';

const PROGRAMS = ['registry', 'market', 'settlement', 'governance'];
const SOURCES = ['sdk/src', 'workers', 'migrations/src', 'scripts/src', 'app/src'];
const target = join(root, 'docs', 'errors.md');

function* listSources(folder) {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
        const path = `${folder}/${entry.name}`;
        if (entry.isDirectory()) {
            if (!['node_modules', 'dist', '.next', 'tests', 'test', 'generated'].includes(entry.name)) {
                yield* listSources(path);
            }
        } else if (/\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name)) yield path;
    }
}

/** Codes with the first text found beside each: in a table (`CODE: 'text'`) or a call (`'CODE', 'text'`). */
function collectCodes() {
    const found = new Map();
    for (const path of SOURCES.flatMap((folder) => [...listSources(folder)])) {
        const text = readFileSync(join(root, path), 'utf8');
        for (const match of text.matchAll(/MKT_[A-Z]+__[A-Z0-9_]+[A-Z0-9]/g)) {
            // The first part of a name that is put together in code is no code.
            if (text[match.index + match[0].length] === '_') continue;
            const rest = text.slice(match.index + match[0].length, match.index + match[0].length + 400);
            const message = /^'?[,:]\s*(?:'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|"((?:[^"\\]|\\.)*)")/.exec(rest);
            const told = message?.[1] ?? message?.[2] ?? message?.[3];
            const known = found.get(match[0]);
            if (!known || (!known.told && told)) found.set(match[0], { told, path });
        }
    }
    return [...found].sort(([a], [b]) => (a < b ? -1 : 1));
}

const cell = (text) =>
    text
        .replace(/\$\{[^}]*\}/g, '…')
        .replace(/\\(['`])/g, '$1')
        .replace(/\|/g, '\\|')
        .replace(/\s+/g, ' ')
        .trim();

function render() {
    const lines = [
        '# Errors',
        '',
        'Written by `node scripts/errors-doc.mjs` from the sources; do not edit. CI compares.',
        '',
        '## Programs',
        '',
        'A transaction that a program refuses changes nothing. `describeProgramError` of the SDK names program, error and account.',
    ];
    for (const program of PROGRAMS) {
        const idl = JSON.parse(readFileSync(join(root, 'sdk', 'idl', `${program}.json`), 'utf8'));
        lines.push('', `### ${program}`, '', '| code | name | meaning |', '| --- | --- | --- |');
        for (const { code, name, msg } of idl.errors) lines.push(`| ${code} | ${name} | ${cell(msg ?? '')} |`);
    }
    lines.push(
        '',
        '## SDK, workers and tools',
        '',
        'Each failure has a stable code; its message names the input and the remedy, `…` stands for the input.',
        '',
        '| code | message | from |',
        '| --- | --- | --- |',
    );
    for (const [code, { told, path }] of collectCodes()) {
        lines.push(`| ${code} | ${cell(told ?? 'see the source')} | ${path} |`);
    }
    return `${lines.join('\n')}\n`;
}

const text = render();
if (process.argv.includes('--check')) {
    if (readFileSync(target, 'utf8') !== text) {
        process.stderr.write('docs/errors.md is not what the sources give; run node scripts/errors-doc.mjs\n');
        process.exit(1);
    }
} else writeFileSync(target, text);
