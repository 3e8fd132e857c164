import { type ParsedTransactionWithMeta, PublicKey, type VersionedTransactionResponse } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeEventFixture, zeroValue } from '../../test/borsh-fixture.js';
import { toBase58 } from '../programs/anchor.js';
import type { IdlConst } from '../programs/idl-types.js';
import { IDLS, PROGRAM_IDS, PROGRAM_NAMES } from '../programs/ids.js';
import { decodeEvents } from './decode.js';

const TAG = [0xe4, 0x45, 0xa5, 0x2e, 0x51, 0xcb, 0x9a, 0x1d];
const stranger = new PublicKey(new Uint8Array(32).fill(8));

const zeroEvent = (idl: IdlConst, name: string) => zeroValue(idl, { defined: { name } }) as Record<string, unknown>;
const eventData = (idl: IdlConst, name: string, fields: object = {}) =>
    toBase58(Uint8Array.from([...TAG, ...encodeEventFixture(idl, name, { ...zeroEvent(idl, name), ...fields })]));

interface Inner {
    readonly programId: PublicKey;
    readonly data: string;
}

/** What `getParsedTransaction` returns, in the parts that are read. */
function parsed(inner: readonly object[], err: object | null = null): ParsedTransactionWithMeta {
    return {
        transaction: { message: {} },
        meta: { err, innerInstructions: [{ index: 0, instructions: inner }] },
    } as unknown as ParsedTransactionWithMeta;
}

/** What `getTransaction` returns, with every key but the first loaded from a lookup table. */
function versioned(inner: readonly Inner[]): VersionedTransactionResponse {
    const keys = [stranger, ...inner.map(({ programId }) => programId)];
    return {
        transaction: {
            message: {
                getAccountKeys: ({
                    accountKeysFromLookups,
                }: {
                    accountKeysFromLookups: { readonly: PublicKey[] };
                }) => ({
                    get: (index: number) => [stranger, ...accountKeysFromLookups.readonly][index],
                }),
            },
        },
        meta: {
            err: null,
            loadedAddresses: { writable: [], readonly: keys.slice(1) },
            innerInstructions: [
                {
                    index: 0,
                    instructions: inner.map(({ data }, place) => ({ programIdIndex: place + 1, accounts: [], data })),
                },
            ],
        },
    } as unknown as VersionedTransactionResponse;
}

const deposited: Inner = {
    programId: PROGRAM_IDS.registry,
    data: eventData(IDLS.registry, 'StakeDeposited', { amount: 5n, stakeFreeAfter: 5n }),
};
const activated: Inner = { programId: PROGRAM_IDS.market, data: eventData(IDLS.market, 'ContractActivated') };

describe('decodeEvents', () => {
    it('reads events in order from both forms of a transaction', () => {
        const expected = [
            {
                program: 'registry',
                name: 'StakeDeposited',
                data: {
                    participant: PublicKey.default,
                    mint: PublicKey.default,
                    amount: 5n,
                    stakeFreeBefore: 0n,
                    stakeFreeAfter: 5n,
                },
            },
            {
                program: 'market',
                name: 'ContractActivated',
                data: { contract: PublicKey.default, vaultBalance: 0n, reserve: 0n },
            },
        ];
        expect(decodeEvents(parsed([deposited, activated]))).toEqual(expected);
        expect(decodeEvents(versioned([deposited, activated]))).toEqual(expected);
    });

    const all = PROGRAM_NAMES.flatMap((program) => IDLS[program].events.map(({ name }) => [program, name] as const));
    it.each(all)('reads the event of %s %s', (program, name) => {
        const data = eventData(IDLS[program], name);
        const event = { program, name, data: zeroEvent(IDLS[program], name) };
        expect(decodeEvents(parsed([{ programId: PROGRAM_IDS[program], data }]))).toEqual([event]);
    });

    it('has none of a transaction that failed', () => {
        expect(decodeEvents(parsed([deposited], { InstructionError: [0, 'Custom'] }))).toEqual([]);
    });

    it.each([
        ['an event that another program imitates', { ...deposited, programId: stranger }],
        ["an event under another of our programs' name", { ...deposited, programId: PROGRAM_IDS.settlement }],
        ['a call of a program to itself that is no event', { ...deposited, data: toBase58(new Uint8Array(40)) }],
        [
            'an event that this version does not know',
            { ...deposited, data: toBase58(Uint8Array.from([...TAG, 1, 2, 3, 4, 5, 6, 7, 8])) },
        ],
        ['a tag alone', { ...deposited, data: toBase58(Uint8Array.from(TAG)) }],
        ['empty data', { ...deposited, data: '' }],
        ['an instruction that the node has parsed', { programId: PROGRAM_IDS.registry, program: 'x', parsed: {} }],
    ])('leaves out %s', (_name, inner) => {
        expect(decodeEvents(parsed([inner]))).toEqual([]);
    });

    it('refuses a known event that is cut at any byte', () => {
        const whole = Uint8Array.from([
            ...TAG,
            ...encodeEventFixture(IDLS.registry, 'HotKeySet', zeroEvent(IDLS.registry, 'HotKeySet')),
        ]);
        for (let length = 16; length < whole.length; length++) {
            const inner = { programId: PROGRAM_IDS.registry, data: toBase58(whole.subarray(0, length)) };
            expect(() => decodeEvents(parsed([inner]))).toThrow(
                expect.objectContaining({ code: 'MKT_SDK__EVENT_INVALID' }),
            );
        }
    });

    it.each(
        Object.values(IDLS).flatMap((idl) =>
            idl.events
                .filter(({ name }) =>
                    /"vec"|"type":"(bytes|string)"/.test(JSON.stringify(idl.types.find((type) => type.name === name))),
                )
                .map(({ name }) => [name, idl] as const),
        ),
    )('believes no list of %s that says it is longer than the data', (name, idl) => {
        const event = encodeEventFixture(idl, name, zeroEvent(idl, name));
        const programId = new PublicKey(idl.address);
        const refused = Array.from({ length: event.length - 11 }, (_, place) => {
            const data = event.slice();
            data.fill(0xff, 8 + place, 12 + place);
            try {
                return (
                    decodeEvents(parsed([{ programId, data: toBase58(Uint8Array.from([...TAG, ...data])) }])).length ===
                    0
                );
            } catch (error) {
                return (error as { code?: string }).code;
            }
        });
        expect(refused).toContain('MKT_SDK__EVENT_INVALID');
    });

    it('either reads hostile bytes or refuses them by its code', () => {
        const event = encodeEventFixture(IDLS.registry, 'NodeRegistered', zeroEvent(IDLS.registry, 'NodeRegistered'));
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: event.length }), (noise) => {
                const data = toBase58(Uint8Array.from([...TAG, ...event.subarray(0, 8), ...noise]));
                try {
                    decodeEvents(parsed([{ programId: PROGRAM_IDS.registry, data }]));
                } catch (error) {
                    expect(error).toMatchObject({ code: 'MKT_SDK__EVENT_INVALID' });
                }
            }),
        );
    });
});
