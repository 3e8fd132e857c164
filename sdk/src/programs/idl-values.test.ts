import { PublicKey } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeAccountFixture, encodeArgsFixture } from '../../test/borsh-fixture.js';
import { createCoder } from './anchor.js';
import type { IdlConst } from './idl-types.js';
import { decodeDefined, encodeFields, encodeValue } from './idl-values.js';
import { dataSize, fieldOffset } from './layout.js';

/** One field of each supported type. */
const idl: IdlConst = {
    address: PublicKey.default.toBase58(),
    instructions: [
        {
            name: 'store',
            discriminator: [9, 9, 9, 9, 9, 9, 9, 9],
            accounts: [],
            args: [{ name: 'sample', type: { defined: { name: 'Sample' } } }],
        },
    ],
    accounts: [{ name: 'Sample', discriminator: [1, 2, 3, 4, 5, 6, 7, 8] }],
    events: [],
    errors: [],
    types: [
        {
            name: 'Sample',
            type: {
                kind: 'struct',
                fields: [
                    { name: 'small', type: 'u32' },
                    { name: 'money', type: 'u64' },
                    { name: 'time', type: 'i64' },
                    { name: 'flag', type: 'bool' },
                    { name: 'key', type: 'pubkey' },
                    { name: 'hash', type: { array: ['u8', 32] } },
                    { name: 'shares', type: { array: ['u64', 2] } },
                    { name: 'mode', type: { defined: { name: 'Mode' } } },
                    { name: 'inner', type: { array: [{ defined: { name: 'Inner' } }, 2] } },
                ],
            },
        },
        { name: 'Mode', type: { kind: 'enum', variants: [{ name: 'cast' }, { name: 'relay' }] } },
        { name: 'Inner', type: { kind: 'struct', fields: [{ name: 'port', type: 'u16' }] } },
    ],
};

const sample = fc.record({
    small: fc.integer({ min: 0, max: 0xffff_ffff }),
    money: fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }),
    time: fc.bigInt({ min: -(1n << 63n), max: (1n << 63n) - 1n }),
    flag: fc.boolean(),
    key: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new PublicKey(bytes)),
    hash: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    shares: fc.array(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), { minLength: 2, maxLength: 2 }),
    mode: fc.constantFrom('cast', 'relay'),
    inner: fc.array(fc.record({ port: fc.integer({ min: 0, max: 65_535 }) }), { minLength: 2, maxLength: 2 }),
});

describe('IDL values', () => {
    it('are read from account data as they stand there', () => {
        const coder = createCoder(idl);
        fc.assert(
            fc.property(sample, (value) => {
                const data = encodeAccountFixture(idl, 'Sample', value);
                expect(data.length).toBe(dataSize(idl, 'Sample'));
                expect(decodeDefined(idl, 'Sample', coder.decodeAccount('Sample', data))).toEqual(value);
            }),
        );
    });

    it('are written into instruction data byte by byte as Borsh says', () => {
        const coder = createCoder(idl);
        const { args, discriminator } = idl.instructions[0]!;
        fc.assert(
            fc.property(sample, (value) => {
                const values = { sample: value };
                const written = coder.encodeInstruction('store', encodeFields(idl, args, values, 'store'));
                expect([...written]).toEqual([...discriminator, ...encodeArgsFixture(idl, args, values)]);
            }),
        );
    });

    it('stand at the offsets that filters use', () => {
        const [value] = fc.sample(sample, 1);
        const data = encodeAccountFixture(idl, 'Sample', value!);
        const offset = fieldOffset(idl, 'Sample', 'key');
        expect(data.slice(offset, offset + 32)).toEqual(value!.key.toBytes());
    });

    it.each([
        ['u64', -1n],
        ['u64', 1n << 64n],
        ['u64', 5],
        ['i64', 1n << 63n],
        ['u32', 2 ** 32],
        ['u16', -1],
        ['u8', 1.5],
        ['u8', Number.NaN],
        ['u32', 5n],
        ['bool', 1],
        ['pubkey', '11111111111111111111111111111111'],
        [{ array: ['u8', 4] } as const, new Uint8Array(3)],
        [{ array: ['u8', 1] } as const, [256]],
        [{ array: ['u64', 2] } as const, new Uint8Array(2)],
        [{ defined: { name: 'Mode' } }, 'beacon'],
        [{ defined: { name: 'Mode' } }, { cast: {} }],
        [{ defined: { name: 'Inner' } }, null],
        [{ defined: { name: 'Inner' } }, {}],
    ])('of type %j refuse %s, which the coder would write differently', (idlType, value) => {
        expect(() => encodeValue(idl, idlType, value, 'argument')).toThrow(
            expect.objectContaining({ code: 'MKT_SDK__ARGUMENT_INVALID' }),
        );
    });
});
