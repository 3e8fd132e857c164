import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../bootstrap.mjs';
import { readMutants } from './patches.mjs';
import { readThreatTable } from './threat-table.mjs';

const { threats, others } = readThreatTable();
const mutants = readMutants();
const names = mutants.map(({ name }) => name);
const CONDITIONS = ['1', '2', '3', '4', '5', '6'].map((number) => `4.3-${number}`);
/** The ways round the conditions, each refused by a test of its own. */
const ATTACKS = [
    'other index',
    'shifted offsets',
    'swapped order',
    'one or three signatures',
    'trailing byte',
    'wrong program',
    'another domain',
    'calling program',
    'shared instruction',
].map((attack) => `4.3 ${attack}`);

/** Names stand in the sources between quotes, with what JavaScript escapes in them. */
const holds = (source: string, name: string) =>
    ["'", '"', '`'].some((quote) => source.includes(quote + name.replaceAll(quote, `\\${quote}`) + quote));

describe('the table of threats', () => {
    it('has every row once', () => {
        const programs = Array.from({ length: 25 }, (_, row) => `T-SEC-${String(row).padStart(2, '0')}`);
        expect(threats.map(({ row }) => row)).toEqual([...programs, ...CONDITIONS, ...ATTACKS]);
    });

    it.each(threats)('names tests of $row that there are', ({ tests }) => {
        for (const { file, name } of tests) {
            expect(existsSync(join(root, file)), file).toBe(true);
            expect(holds(readFileSync(join(root, file), 'utf8'), name), `${file}: ${name}`).toBe(true);
        }
    });

    it('says how a rule is checked that no mutant breaks', () => {
        const silent = threats.filter(({ mutants, otherwise }) => mutants.length === 0 && otherwise === '');
        expect(silent).toEqual([]);
    });

    it('names every mutant, and none that there is not', () => {
        const named = [...threats.flatMap((row) => row.mutants), ...others.map(({ mutant }) => mutant)];
        expect([...new Set(named)].sort()).toEqual(names);
    });

    it('has each mutant in the rows that its patch states', () => {
        const missing = mutants.flatMap(({ name, rows }) =>
            rows
                .filter((row) => /^(?:T-SEC|4\.3)/.test(row))
                .filter((row) => !threats.some((threat) => threat.row === row && threat.mutants.includes(name)))
                .map((row) => `${name}: ${row}`),
        );
        expect(missing).toEqual([]);
    });

    it('repeats what the patches say of themselves', () => {
        const stated = others.map(({ mutant, rule, tests }) => ({ mutant, rule, tests }));
        const patched = others.map(({ mutant }) => {
            const { rule, tests } = mutants.find(({ name }) => name === mutant) ?? {};
            return { mutant, rule, tests };
        });
        expect(stated).toEqual(patched);
    });
});

describe('the mutants', () => {
    it.each(mutants)('$name applies to the sources', ({ path }) => {
        const { status, stderr } = spawnSync('git', ['apply', '--check', path], { cwd: root, encoding: 'utf8' });
        expect(stderr).toBe('');
        expect(status).toBe(0);
    });

    it('are as many as a release asks for', () => {
        expect(mutants.length).toBeGreaterThanOrEqual(80);
    });
});
