import { PublicKey } from '@solana/web3.js';
import { argumentError } from '../errors/sdk-error.js';
import { fromBigNumber, toBigNumber, toBuffer } from './anchor.js';
import type { IdlConst, IdlFieldConst, IdlTypeConst, IdlTypeDefinition } from './idl-types.js';

const INTEGER_RANGES: Readonly<Record<string, readonly [bigint, bigint]>> = Object.fromEntries(
    [8n, 16n, 32n, 64n, 128n].flatMap((bits) => [
        [`u${bits}`, [0n, (1n << bits) - 1n]],
        [`i${bits}`, [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]],
    ]),
);

/** Wide integers are bigint for callers and big numbers for the coder. */
const isWide = (type: string) => type.endsWith('64') || type.endsWith('128');

function fail(argument: string, expected: string): never {
    throw argumentError(argument, expected);
}

function definitionOf(idl: IdlConst, name: string): IdlTypeDefinition['type'] {
    const definition = idl.types.find((candidate) => candidate.name === name);
    if (!definition) return fail(name, 'a type of the IDL');
    return definition.type;
}

const isByte = (type: IdlTypeConst) => type === 'u8';

/**
 * Checks a value against its IDL type and gives it in the coder's form.
 *
 * The check is not a courtesy: the coder writes the magnitude of a negative u64 and cuts a too large u32 silently.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID, naming the argument and what is expected.
 */
export function encodeValue(idl: IdlConst, type: IdlTypeConst, value: unknown, path: string): unknown {
    if (typeof type === 'string') return encodePrimitive(type, value, path);
    if ('array' in type || 'vec' in type) {
        const [item, length] = 'array' in type ? type.array : [type.vec, undefined];
        if (!(Array.isArray(value) || (isByte(item) && value instanceof Uint8Array))) return fail(path, 'a list');
        if (length !== undefined && value.length !== length) return fail(path, `exactly ${length} items`);
        return Array.from(value, (entry, index) => encodeValue(idl, item, entry, `${path}[${index}]`));
    }
    if ('option' in type) {
        return value === null || value === undefined ? null : encodeValue(idl, type.option, value, path);
    }
    const definition = definitionOf(idl, type.defined.name);
    if (definition.kind === 'struct') {
        if (typeof value !== 'object' || value === null) return fail(path, 'an object');
        return encodeFields(idl, (definition.fields ?? []) as readonly IdlFieldConst[], value, path);
    }
    const names = definition.variants.map((variant) => variant.name);
    if (typeof value !== 'string' || !names.includes(value)) return fail(path, `one of ${names.join(', ')}`);
    return { [value]: {} };
}

/** The fields of a struct, or the arguments of an instruction, in the coder's form. */
export function encodeFields(
    idl: IdlConst,
    fields: readonly IdlFieldConst[],
    values: object,
    path: string,
): Record<string, unknown> {
    return Object.fromEntries(
        fields.map(({ name, type }) => [name, encodeValue(idl, type, Reflect.get(values, name), `${path}.${name}`)]),
    );
}

function encodePrimitive(type: string, value: unknown, path: string): unknown {
    if (type === 'pubkey') return value instanceof PublicKey ? value : fail(path, 'a public key');
    if (type === 'bool') return typeof value === 'boolean' ? value : fail(path, 'true or false');
    if (type === 'string') return typeof value === 'string' ? value : fail(path, 'a string');
    if (type === 'bytes') return value instanceof Uint8Array ? toBuffer(value) : fail(path, 'bytes');
    const range = INTEGER_RANGES[type];
    if (!range) return fail(path, `a supported type, not ${type}`);
    const isInteger = isWide(type) ? typeof value === 'bigint' : Number.isSafeInteger(value);
    const integer = isInteger ? BigInt(value as bigint | number) : undefined;
    if (integer === undefined || integer < range[0] || integer > range[1]) {
        return fail(path, `${isWide(type) ? 'a bigint' : 'an integer'} from ${range[0]} to ${range[1]}`);
    }
    return isWide(type) ? toBigNumber(integer) : value;
}

/** The inverse of `encodeValue`: from the coder's form to bigint, Uint8Array, PublicKey and variant names. */
export function decodeValue(idl: IdlConst, type: IdlTypeConst, raw: unknown): unknown {
    if (typeof type === 'string') {
        if (type === 'bytes') return Uint8Array.from(raw as Uint8Array);
        return INTEGER_RANGES[type] && isWide(type) ? fromBigNumber(raw) : raw;
    }
    if ('array' in type || 'vec' in type) {
        const item = 'array' in type ? type.array[0] : type.vec;
        if (isByte(item)) return Uint8Array.from(raw as number[]);
        return (raw as unknown[]).map((entry) => decodeValue(idl, item, entry));
    }
    if ('option' in type) return raw === null ? null : decodeValue(idl, type.option, raw);
    return decodeDefined(idl, type.defined.name, raw);
}

/** A struct or enum of the IDL by its name. */
export function decodeDefined(idl: IdlConst, name: string, raw: unknown): unknown {
    const definition = definitionOf(idl, name);
    if (definition.kind === 'enum') {
        const variant = Object.keys(raw as object)[0];
        if (!definition.variants.some((known) => known.name === variant))
            throw new TypeError(`Not a variant of ${name}`);
        return variant;
    }
    const fields = (definition.fields ?? []) as readonly IdlFieldConst[];
    return Object.fromEntries(
        fields.map((field) => [field.name, decodeValue(idl, field.type, Reflect.get(raw as object, field.name))]),
    );
}
