import { createRequire } from 'node:module';
import { equalBytes } from '../protocol/bytes.js';
import { BorshReader, type Fields, type IdlField, type IdlType, type IdlTypeDefinition, toCamel } from './borsh.js';

export type ProgramName = 'market' | 'settlement' | 'registry';
type IdlAccountItem = { name: string; optional?: boolean };
type Named = { name: string; discriminator: number[] };
type Idl = {
    address: string;
    instructions: (Named & { accounts: IdlAccountItem[]; args: IdlField[] })[];
    accounts: Named[];
    events: Named[];
    types: IdlTypeDefinition[];
};

const require = createRequire(import.meta.url);
const load = (name: ProgramName): Idl => require(`@ocm/sdk/idl/${name}.json`) as Idl;

/** The interface files that the programs were built with: descriptions of data, no code. */
const IDLS: Readonly<Record<ProgramName, Idl>> = {
    market: load('market'),
    settlement: load('settlement'),
    registry: load('registry'),
};
const TYPES = Object.fromEntries(
    Object.entries(IDLS).map(([name, idl]) => [name, new Map(idl.types.map((type) => [type.name, type]))]),
) as Record<ProgramName, Map<string, IdlTypeDefinition>>;

export const PROGRAM_IDS: Readonly<Record<ProgramName, string>> = {
    market: IDLS.market.address,
    settlement: IDLS.settlement.address,
    registry: IDLS.registry.address,
};

const DISCRIMINATOR_BYTES = 8;
const starts = (data: Uint8Array, { discriminator }: Named): boolean =>
    equalBytes(data.subarray(0, DISCRIMINATOR_BYTES), Uint8Array.from(discriminator));

/** Fields of an account. Throws where the bytes are not exactly one. */
export function decodeAccount(program: ProgramName, name: string, data: Uint8Array): Fields {
    const known = IDLS[program].accounts.find((account) => account.name === name);
    if (known === undefined || !starts(data, known)) throw new TypeError(`is no ${name}`);
    const reader = new BorshReader(data.subarray(DISCRIMINATOR_BYTES), TYPES[program]);
    const fields = reader.struct(name);
    reader.end();
    return fields;
}

/** Fields of a struct alone, and the bytes that it takes are all of the data. */
export function decodeStruct(program: ProgramName, name: string, data: Uint8Array): Fields {
    const reader = new BorshReader(data, TYPES[program]);
    const fields = reader.struct(name);
    reader.end();
    return fields;
}

/** Null for an event that the IDL does not have. Throws where its data is not exactly its fields. */
export function decodeEvent(program: ProgramName, data: Uint8Array): { name: string; fields: Fields } | null {
    const known = IDLS[program].events.find((event) => starts(data, event));
    if (known === undefined) return null;
    const reader = new BorshReader(data.subarray(DISCRIMINATOR_BYTES), TYPES[program]);
    const fields = reader.struct(known.name);
    reader.end();
    return { name: known.name, fields };
}

export type DecodedInstruction = {
    program: ProgramName;
    /** As the IDL spells it: `fund_contract`. */
    name: string;
    /** By name in camel case; an optional account that was left out is missing. */
    accounts: { readonly [name: string]: string | undefined };
    /** Accounts after the named ones. */
    rest: readonly string[];
    args: Fields;
};

/** Null for an instruction of another program, or one that the IDL does not have. */
export function decodeInstruction(
    programId: string,
    keys: readonly string[],
    data: Uint8Array,
): DecodedInstruction | null {
    const program = (['market', 'settlement'] as const).find((name) => PROGRAM_IDS[name] === programId);
    const known = program && IDLS[program].instructions.find((instruction) => starts(data, instruction));
    if (program === undefined || known === undefined) return null;
    const reader = new BorshReader(data.subarray(DISCRIMINATOR_BYTES), TYPES[program]);
    const args: Fields = {};
    for (const { name, type } of known.args) {
        const value = reader.value(type);
        if (name === 'args') Object.assign(args, value);
        else args[toCamel(name)] = value;
    }
    const accounts: Record<string, string | undefined> = {};
    for (const [place, { name, optional }] of known.accounts.entries()) {
        const key = keys[place];
        accounts[toCamel(name)] = optional === true && key === programId ? undefined : key;
    }
    return { program, name: known.name, accounts, rest: keys.slice(known.accounts.length), args };
}

/** Where the parameters lie in the registry's configuration: after the fields that stand before them. */
export function locateParams(data: Uint8Array): Uint8Array {
    const fields = structFields('registry', 'Config');
    const before = fields.slice(
        0,
        fields.findIndex(({ name }) => name === 'params'),
    );
    const start = before.reduce((total, { type }) => total + sizeOf('registry', type), DISCRIMINATOR_BYTES);
    return data.subarray(start, start + sizeOf('registry', { defined: { name: 'Params' } }));
}

/** The fields of a struct whose bytes are all zero: how an account begins. */
export function blankStruct(program: ProgramName, name: string): Fields {
    return decodeStruct(program, name, new Uint8Array(sizeOf(program, { defined: { name } })));
}

const SIZES: Readonly<Record<string, number>> = { u8: 1, bool: 1, u16: 2, u32: 4, u64: 8, i64: 8, pubkey: 32 };

function structFields(program: ProgramName, name: string): IdlField[] {
    const definition = TYPES[program].get(name)?.type;
    if (definition?.kind !== 'struct') throw new TypeError(`the IDL has no struct ${name}`);
    return definition.fields;
}

function sizeOf(program: ProgramName, type: IdlType): number {
    if (typeof type === 'string') return SIZES[type] ?? Number.NaN;
    if ('array' in type) return sizeOf(program, type.array[0]) * type.array[1];
    if (!('defined' in type)) return Number.NaN;
    const { name } = type.defined;
    if (TYPES[program].get(name)?.type.kind === 'enum') return 1;
    return structFields(program, name).reduce((total, field) => total + sizeOf(program, field.type), 0);
}
