import type { PublicKey } from '@solana/web3.js';

/**
 * Types computed from the generated IDLs, so that a renamed field, instruction or account breaks the build of the SDK
 * instead of a transaction.
 */
export interface IdlConst {
    readonly address: string;
    readonly instructions: readonly IdlInstructionConst[];
    readonly accounts: readonly { readonly name: string; readonly discriminator: readonly number[] }[];
    readonly events: readonly { readonly name: string; readonly discriminator: readonly number[] }[];
    readonly errors: readonly { readonly code: number; readonly name: string; readonly msg?: string }[];
    readonly types: readonly IdlTypeDefinition[];
}

export interface IdlInstructionConst {
    readonly name: string;
    readonly discriminator: readonly number[];
    readonly accounts: readonly IdlInstructionAccount[];
    readonly args: readonly IdlFieldConst[];
}

export interface IdlInstructionAccount {
    readonly name: string;
    readonly writable?: boolean;
    readonly signer?: boolean;
    readonly optional?: boolean;
    readonly address?: string;
}

export interface IdlFieldConst {
    readonly name: string;
    readonly type: IdlTypeConst;
}

export type IdlTypeConst =
    | string
    | { readonly array: readonly [IdlTypeConst, number] }
    | { readonly vec: IdlTypeConst }
    | { readonly option: IdlTypeConst }
    | { readonly defined: { readonly name: string } };

export interface IdlTypeDefinition {
    readonly name: string;
    readonly type:
        | { readonly kind: 'struct'; readonly fields?: readonly (IdlFieldConst | IdlTypeConst)[] }
        | { readonly kind: 'enum'; readonly variants: readonly { readonly name: string }[] };
}

type Named<List extends readonly { readonly name: string }[], Name> = Extract<List[number], { readonly name: Name }>;

/** The TypeScript shape of an IDL type: bigint for 64 and 128 bits, Uint8Array for byte arrays, the variant's name for enums. */
export type ValueOf<Idl extends IdlConst, Type> = Type extends 'u64' | 'i64' | 'u128' | 'i128'
    ? bigint
    : Type extends 'u8' | 'i8' | 'u16' | 'i16' | 'u32' | 'i32'
      ? number
      : Type extends 'bool'
        ? boolean
        : Type extends 'pubkey'
          ? PublicKey
          : Type extends 'string'
            ? string
            : Type extends 'bytes'
              ? Uint8Array
              : Type extends { readonly array: readonly ['u8', number] } | { readonly vec: 'u8' }
                ? Uint8Array
                : Type extends { readonly array: readonly [infer Item, number] }
                  ? ValueOf<Idl, Item>[]
                  : Type extends { readonly vec: infer Item }
                    ? ValueOf<Idl, Item>[]
                    : Type extends { readonly option: infer Item }
                      ? ValueOf<Idl, Item> | null
                      : Type extends { readonly defined: { readonly name: infer Name extends string } }
                        ? DefinedOf<Idl, Name>
                        : never;

/** The shape of a struct or the variant names of a fieldless enum, by the type's name in the IDL. */
export type DefinedOf<Idl extends IdlConst, Name extends string> =
    Named<Idl['types'], Name> extends { readonly type: infer Definition }
        ? Definition extends { readonly kind: 'struct'; readonly fields: infer Fields extends readonly IdlFieldConst[] }
            ? FieldsOf<Idl, Fields>
            : Definition extends {
                    readonly kind: 'enum';
                    readonly variants: infer Variants extends readonly { readonly name: string }[];
                }
              ? Variants[number]['name']
              : never
        : never;

export type FieldsOf<Idl extends IdlConst, Fields extends readonly IdlFieldConst[]> = {
    [Field in Fields[number] as Field['name']]: ValueOf<Idl, Field['type']>;
};

export type InstructionName<Idl extends IdlConst> = Idl['instructions'][number]['name'];

type Instruction<Idl extends IdlConst, Name> = Named<Idl['instructions'], Name>;

/** The arguments of an instruction by name. */
export type ArgsOf<Idl extends IdlConst, Name extends InstructionName<Idl>> = FieldsOf<
    Idl,
    Instruction<Idl, Name>['args']
>;

type GivenByIdl = { readonly address: string } | { readonly name: 'eventAuthority' | 'program' };

type GivenByCaller<Idl extends IdlConst, Name extends InstructionName<Idl>> = Exclude<
    Instruction<Idl, Name>['accounts'][number],
    GivenByIdl
>;

/** The accounts that an instruction needs from its caller; null leaves an optional account out. */
export type AccountsOf<Idl extends IdlConst, Name extends InstructionName<Idl>> = {
    [Account in GivenByCaller<Idl, Name> as Account['name']]: Account extends { readonly optional: true }
        ? PublicKey | null
        : PublicKey;
};

export type AccountName<Idl extends IdlConst> = Idl['accounts'][number]['name'];
export type EventName<Idl extends IdlConst> = Idl['events'][number]['name'];
export type ErrorName<Idl extends IdlConst> = Idl['errors'][number]['name'];
