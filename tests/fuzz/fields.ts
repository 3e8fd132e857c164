import { IDLS, type ProgramName } from '@ocm/sdk';
import { fieldOffset } from '../../sdk/src/programs/layout.js';

export type Width = 'u8' | 'u16' | 'u32' | 'u64' | 'i64';
export type Expected = number | bigint;

/** One figure of an account, and what the model says of it. */
export interface Field<Thing> {
    readonly name: string;
    readonly offset: number;
    readonly width: Width;
    readonly expect: (thing: Thing) => Expected;
}

/** Makes fields of one kind of account. */
export function fieldsOf<Thing>(program: ProgramName, account: string) {
    return (name: string, width: Width, expect: (thing: Thing) => Expected, more = 0): Field<Thing> => ({
        name: more === 0 ? name : `${name}+${more}`,
        offset: fieldOffset(IDLS[program], account, name) + more,
        width,
        expect,
    });
}

/** Enough of a hash or an address to tell it from another. */
export const firstU64 = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true);
