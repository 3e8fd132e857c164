import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const HEADING = '## Attacks on delivery evidence';
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

interface Row {
    readonly attack: string;
    readonly tests: readonly { file: string; name: string }[];
    readonly cells: readonly string[];
}

function readRows(): Row[] {
    const section = read('docs/threat-tests.md').split(HEADING)[1] ?? '';
    return section
        .split('\n')
        .filter((line) => /^\| A\d/.test(line))
        .map((line) => {
            const cells = line
                .slice(1, -1)
                .split('|')
                .map((cell) => cell.trim());
            const tests = (cells[3] ?? '').split('<br>').map((entry) => {
                const [, file = '', name = ''] = /^`([^`]+)`: (.+)$/.exec(entry.trim()) ?? [];
                return { file, name };
            });
            return { attack: cells[0] ?? '', tests, cells };
        });
}

/** Names stand in the sources between quotes, alone or as the begin of a row of cases. */
const holds = (source: string, name: string) => ["'", '"', '`'].some((quote) => source.includes(quote + name + quote));
const rows = readRows();

describe('the table of attacks', () => {
    it('has every attack once, and says of each what is left', () => {
        expect(rows.map(({ attack }) => attack)).toEqual(Array.from({ length: 15 }, (_, place) => `A${place + 1}`));
        for (const { attack, cells } of rows) {
            expect(cells, attack).toHaveLength(5);
            expect(
                cells.every((cell) => cell !== ''),
                attack,
            ).toBe(true);
        }
    });

    it.each(rows)('names tests of $attack that there are', ({ attack, tests }) => {
        for (const { file, name } of tests) {
            expect(existsSync(join(ROOT, file)), file).toBe(true);
            expect(holds(read(file), name), `${file}: ${name}`).toBe(true);
        }
        const numbers = new RegExp(`\\b${attack}\\b`);
        expect(
            tests.some(({ name }) => numbers.test(name) || name.startsWith('A1–A5:')),
            attack,
        ).toBe(true);
    });

    it('leaves out no file of attacks', () => {
        const files = readdirSync(join(ROOT, 'tests/attacks')).filter((name) => name.endsWith('.test.ts'));
        const named = new Set(rows.flatMap(({ tests }) => tests.map(({ file }) => file)));
        const missing = files.filter((name) => name !== 'table.test.ts' && !named.has(`tests/attacks/${name}`));
        expect(missing).toEqual([]);
    });
});
