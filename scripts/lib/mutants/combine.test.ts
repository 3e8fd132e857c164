import { describe, expect, it } from 'vitest';
import { choose, combine } from './combine.mjs';
import { parseHunks } from './patches.mjs';
import { findFunctions } from './rust-functions.mjs';

const SOURCE = `struct Data { raw: [u8; 4] }
// fn none() {
impl Data {
    fn check<'a>(&'a self, mark: char) -> Result<[u8; 2]> {
        require!(mark != '{', "a \\" {");
        let inner = |value: u8| { value };
        Ok([1; 2])
    }

    fn all(&self) -> impl Iterator<Item = u8> {
        self.raw.iter()
    }
}
`;
const LIBRARY = '#![forbid(unsafe_code)]\nmod data;\n';
const read = (file: string) => (file.endsWith('lib.rs') ? LIBRARY : SOURCE);
const FILE = 'programs/market/src/data.rs';

const mutant = (name: string, line: number, before: string, after: string) => {
    const text = `--- a/${FILE}\n+++ b/${FILE}\n@@ -${line},1 +${line},1 @@\n-${before}\n+${after}\n`;
    return { name, program: 'market', rule: '', rows: [], tests: [], path: '', text, hunks: parseHunks(text) };
};

describe('mutants in one build', () => {
    it('finds functions and nothing that looks like one', () => {
        const bodies = findFunctions(SOURCE).map(({ start, end }) => SOURCE.slice(start, end));
        expect(bodies.map((body) => body.split('\n').length)).toEqual([5, 3]);
    });

    it('keeps a body and puts those of its mutants beside it', () => {
        const line = '        require!(mark != \'{\', "a \\" {");';
        const { files, numbers } = combine(
            [mutant('one', 5, line, ''), mutant('two', 7, '        Ok([1; 2])', '        Ok([2; 2])')],
            read,
        );
        expect([...numbers]).toEqual([
            ['one', 1],
            ['two', 2],
        ]);
        const text = files.get(FILE) ?? '';
        expect(text).toContain('if crate::ocm_mutant(1) {\n');
        expect(text.match(/require!/g)).toHaveLength(2);
        expect(text.match(/Ok\(\[1; 2\]\)/g)).toHaveLength(2);
        expect(text.match(/Ok\(\[2; 2\]\)/g)).toHaveLength(1);
        const library = files.get('programs/market/src/lib.rs') ?? '';
        expect(library).toContain('fn ocm_mutant(number: u16) -> bool');
        expect(library).not.toContain('forbid');
    });

    it('leaves to a build of its own what is outside of functions, or has no nameable type', () => {
        const outside = mutant('outside', 1, 'struct Data { raw: [u8; 4] }', 'struct Data { raw: [u8; 5] }');
        const nameless = mutant('nameless', 11, '        self.raw.iter()', '        self.raw.iter().skip(1)');
        expect(combine([outside, nameless], read).numbers.size).toBe(0);
    });

    it('refuses a patch whose lines are gone', () => {
        expect(() => combine([mutant('gone', 7, '        Ok([3; 2])', '')], read)).toThrow('no longer there');
    });

    it('chooses a mutant at every place of the built program', () => {
        const program = Buffer.from('..OCM-MUTANT:00....OCM-MUTANT:00..');
        const chosen = choose(program, 0x0102);
        expect(chosen.toString('latin1')).toBe('..OCM-MUTANT:\x01\x02....OCM-MUTANT:\x01\x02..');
        expect(program.toString()).toContain('OCM-MUTANT:00');
        expect(() => choose(Buffer.from('nothing'), 1)).toThrow('no place');
    });
});
