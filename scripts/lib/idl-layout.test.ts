import { IDLS, PROGRAM_NAMES } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import { dataSize, fieldOffset } from '../../sdk/src/programs/layout.js';
import { computeLayout, computeRent, sizeOf } from './idl-layout.mjs';

const idl = {
    metadata: { name: 'sample' },
    types: [
        { name: 'Flat', type: { kind: 'struct', fields: [{ name: 'key', type: 'pubkey' }] } },
        { name: 'Pair', type: { kind: 'struct', fields: ['u8', 'u64'] } },
        { name: 'Plain', type: { kind: 'enum', variants: [{ name: 'A' }, { name: 'B' }] } },
        { name: 'Full', type: { kind: 'enum', variants: [{ name: 'A' }, { name: 'B', fields: ['u64', 'u16'] }] } },
        {
            name: 'Varied',
            type: {
                kind: 'struct',
                fields: [
                    { name: 'first', type: 'u16' },
                    { name: 'list', type: { vec: 'u8' } },
                    { name: 'last', type: 'u64' },
                ],
            },
        },
    ],
};
const defined = (name: string) => ({ defined: { name } });

describe('sizeOf', () => {
    it.each([
        ['a number', 'u128', 16, true],
        ['an array of structs', { array: [defined('Flat'), 3] }, 96, true],
        ['a tuple', defined('Pair'), 9, true],
        ['an enum without values', defined('Plain'), 1, true],
        ['an enum by its largest variant', defined('Full'), 11, false],
        ['an option', { option: 'u64' }, 9, false],
        ['text', 'string', 4, false],
    ])('of %s', (_what, type, bytes, fixed) => {
        expect(sizeOf(idl, type)).toEqual({ bytes, fixed });
    });
    it('refuses a type that it does not know', () => {
        expect(() => sizeOf(idl, 'u7')).toThrow('no size is known of the IDL type u7');
        expect(() => sizeOf(idl, defined('Gone'))).toThrow('the IDL of sample has no type Gone');
    });
});

describe('computeLayout', () => {
    it('knows no offset after a field whose size varies', () => {
        const { fields, bytes, fixed } = computeLayout(idl, 'Varied');
        expect(fields.map(({ offset }: { offset: number | null }) => offset)).toEqual([8, 10, null]);
        expect({ bytes, fixed }).toEqual({ bytes: 22, fixed: false });
    });

    const accounts = PROGRAM_NAMES.flatMap((program) =>
        IDLS[program].accounts.map(({ name }) => [program, name] as const),
    );
    it.each(accounts)('is that of the SDK for %s %s', (program, name) => {
        const source = { ...IDLS[program], metadata: { name: program } };
        const { fields, bytes } = computeLayout(source, name);
        expect(bytes).toBe(dataSize(IDLS[program], name));
        for (const field of fields as { name: string; offset: number | null }[]) {
            // After a list the SDK counts the least; the reference does not guess.
            if (field.offset === null) continue;
            expect([field.name, field.offset]).toEqual([field.name, fieldOffset(IDLS[program], name, field.name)]);
        }
    });
});

describe('computeRent', () => {
    it('is what a cluster asks of an account without data', () => {
        expect(computeRent(0)).toBe(890_880);
    });
});
