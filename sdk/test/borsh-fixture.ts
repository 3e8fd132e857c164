import { PublicKey } from '@solana/web3.js';
import type { IdlConst, IdlFieldConst, IdlTypeConst } from '../src/programs/idl-types.js';

/**
 * A second Borsh encoder, written from the format's description and not from Anchor's coder: fixtures made with it
 * show mistakes of the coder, and may be longer than the 1 000 bytes which that one can write.
 */
function encode(idl: IdlConst, type: IdlTypeConst, value: unknown): number[] {
    if (typeof type === 'string') return encodePrimitive(type, value);
    if ('array' in type)
        return Array.from(value as ArrayLike<unknown>).flatMap((item) => encode(idl, type.array[0], item));
    if ('option' in type) return value === null ? [0] : [1, ...encode(idl, type.option, value)];
    if ('vec' in type) {
        const items = Array.from(value as ArrayLike<unknown>);
        return [...integer(BigInt(items.length), 4), ...items.flatMap((item) => encode(idl, type.vec, item))];
    }
    const definition = idl.types.find(({ name }) => name === type.defined.name)!.type;
    if (definition.kind === 'enum') return [definition.variants.findIndex(({ name }) => name === value)];
    const fields = (definition.fields ?? []) as readonly IdlFieldConst[];
    return fields.flatMap((field) => encode(idl, field.type, Reflect.get(value as object, field.name)));
}

function encodePrimitive(type: string, value: unknown): number[] {
    if (type === 'pubkey') return [...(value as PublicKey).toBytes()];
    if (type === 'bool') return [value ? 1 : 0];
    if (type === 'bytes') {
        const bytes = value as Uint8Array;
        return [...integer(BigInt(bytes.length), 4), ...bytes];
    }
    return integer(BigInt(value as bigint | number), Number(type.slice(1)) / 8);
}

function integer(value: bigint, bytes: number): number[] {
    const unsigned = BigInt.asUintN(8 * bytes, value);
    return Array.from({ length: bytes }, (_, place) => Number((unsigned >> BigInt(8 * place)) & 255n));
}

/** Arguments of an instruction without its discriminator. */
export function encodeArgsFixture(idl: IdlConst, fields: readonly IdlFieldConst[], values: object): Uint8Array {
    return Uint8Array.from(fields.flatMap(({ name, type }) => encode(idl, type, Reflect.get(values, name))));
}

/** The data of an account of a program. */
export function encodeAccountFixture(idl: IdlConst, name: string, value: object): Uint8Array {
    const { discriminator } = idl.accounts.find((account) => account.name === name)!;
    return Uint8Array.from([...discriminator, ...encode(idl, { defined: { name } }, value)]);
}

/** The data of an event of a program, discriminator included. */
export function encodeEventFixture(idl: IdlConst, name: string, value: object): Uint8Array {
    const { discriminator } = idl.events.find((event) => event.name === name)!;
    return Uint8Array.from([...discriminator, ...encode(idl, { defined: { name } }, value)]);
}

/** A value of a type with every number 0, every flag false, every key all zero and the first variant of each enum. */
export function zeroValue(idl: IdlConst, type: IdlTypeConst): unknown {
    if (typeof type === 'string') {
        if (type === 'pubkey') return PublicKey.default;
        if (type === 'bool') return false;
        if (type === 'bytes') return new Uint8Array();
        return type.endsWith('64') || type.endsWith('128') ? 0n : 0;
    }
    if ('array' in type) {
        if (type.array[0] === 'u8') return new Uint8Array(type.array[1]);
        return Array.from({ length: type.array[1] }, () => zeroValue(idl, type.array[0]));
    }
    if ('option' in type) return null;
    if ('vec' in type) return [];
    const definition = idl.types.find(({ name }) => name === type.defined.name)!.type;
    if (definition.kind === 'enum') return definition.variants[0]!.name;
    const fields = (definition.fields ?? []) as readonly IdlFieldConst[];
    return Object.fromEntries(fields.map((field) => [field.name, zeroValue(idl, field.type)]));
}

/** Layout versions above the first. */
const VERSIONS: Readonly<Record<string, number>> = { Contract: 2, DeliveryCommitment: 2 };

/** An account of its present layout version with every other field zero, apart from those given. */
export function accountFixture(idl: IdlConst, name: string, fields: object = {}): Uint8Array {
    const zero = zeroValue(idl, { defined: { name } }) as object;
    return encodeAccountFixture(idl, name, { ...zero, version: VERSIONS[name] ?? 1, ...fields });
}
