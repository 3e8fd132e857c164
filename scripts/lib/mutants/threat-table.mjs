// Reads docs/threat-tests.md: which tests and mutants stand for which rule.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';

/**
 * @typedef {{ row: string, tests: { file: string, name: string }[], mutants: string[], otherwise: string }} ThreatRow
 * @typedef {{ row: string, mutant: string, rule: string, tests: string[] }} OtherRow
 */

const quoted = (cell) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1]);

/** @param {string} cell `file`: name, several of them with line breaks between */
function readTests(cell) {
    return cell.split('<br>').map((entry) => {
        const [, file, name] = /^`([^`]+)`: (.+)$/.exec(entry.trim()) ?? [];
        if (!file || !name) throw new Error(`docs/threat-tests.md: not a test: ${entry}`);
        return { file, name };
    });
}

/** @returns {{ threats: ThreatRow[], others: OtherRow[] }} */
export function readThreatTable() {
    const lines = readFileSync(join(root, 'docs', 'threat-tests.md'), 'utf8').split('\n');
    const rows = lines
        .filter((line) => line.startsWith('| ') && !/^\| (?:row|---) \|/.test(line))
        .map((line) =>
            line
                .slice(1, -1)
                .split('|')
                .map((cell) => cell.trim()),
        );
    return {
        threats: rows
            .filter((cells) => cells.length === 6)
            .map(([row, , , tests, mutants, otherwise]) => ({
                row,
                tests: readTests(tests),
                mutants: quoted(mutants),
                otherwise,
            })),
        others: rows
            .filter((cells) => cells.length === 4)
            .map(([row, mutant, rule, tests]) => ({
                row,
                mutant: quoted(mutant)[0] ?? '',
                rule,
                tests: quoted(tests),
            })),
    };
}
