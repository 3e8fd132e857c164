// Reads tests/mutants/*.patch: what each breaks, and where.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';

export const PROGRAMS = ['registry', 'market', 'settlement', 'governance'];
export const patchesFolder = join(root, 'tests', 'mutants');

/**
 * @typedef {{ file: string, line: number, before: string[], after: string[] }} Hunk with its context
 * @typedef {{ name: string, program: string, rule: string, rows: string[], tests: string[], path: string, text: string, hunks: Hunk[] }} Mutant
 */

export function hashOf(parts) {
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part).update('\0');
    return hash.digest('hex');
}

/** @param {string} text @returns {Hunk[]} */
export function parseHunks(text) {
    const hunks = [];
    let file = '';
    for (const line of text.split('\n')) {
        const header = /^@@ -(\d+)/.exec(line);
        const hunk = hunks.at(-1);
        if (line.startsWith('+++ b/')) file = line.slice(6);
        else if (header) hunks.push({ file, line: Number(header[1]), before: [], after: [] });
        else if (line.startsWith('--- ') || !hunk) continue;
        else if (line.startsWith('-')) hunk.before.push(line.slice(1));
        else if (line.startsWith('+')) hunk.after.push(line.slice(1));
        else if (line.startsWith(' ')) for (const side of [hunk.before, hunk.after]) side.push(line.slice(1));
    }
    return hunks;
}

/** @param {string} file @returns {Mutant} */
export function readMutant(file) {
    const path = join(patchesFolder, file);
    const text = readFileSync(path, 'utf8');
    const header = text.slice(0, text.indexOf('\n--- '));
    const all = (key) => [...header.matchAll(new RegExp(`^${key}: (.+)$`, 'gm'))].map((match) => match[1].trim());
    const [program] = all('Program');
    const [rule] = all('Rule');
    const [rows, tests] = [all('Row'), all('Test')];
    if (!PROGRAMS.includes(program) || !rule || rows.length === 0 || tests.length === 0) {
        throw new Error(`${file}: its header must state Program, Rule, Row and at least one Test`);
    }
    for (const test of tests) if (!existsSync(join(root, test))) throw new Error(`${file}: there is no ${test}`);
    return { name: file.replace(/\.patch$/, ''), program, rule, rows, tests, path, text, hunks: parseHunks(text) };
}

export function readMutants() {
    return readdirSync(patchesFolder)
        .filter((file) => file.endsWith('.patch'))
        .sort()
        .map(readMutant);
}
