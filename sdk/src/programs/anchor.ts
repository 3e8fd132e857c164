import * as anchorModule from '@coral-xyz/anchor';
import { PublicKey } from '@solana/web3.js';
import type { IdlConst } from './idl-types.js';

/**
 * The only file that imports Anchor's client. Node loads it as CommonJS, where some names hang on the default export
 * only; browser bundles have the names and no default export. Both end in the same object here.
 */
const anchor = (Reflect.get(anchorModule, 'default') ?? anchorModule) as typeof anchorModule;

type BigNumber = anchorModule.BN;

/** Anchor's coder needs its own Buffer class, which a browser page does not have under that name: web3.js brings it. */
const BufferClass = PublicKey.default.toBuffer().constructor as typeof Buffer;

/** The same bytes in the class that Anchor's coder takes. */
export function toBuffer(bytes: Uint8Array): Buffer {
    return BufferClass.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/**
 * The coder's Borsh library reads a global Buffer when it writes a 64-bit number. Next gives pages one, other bundlers do
 * not; a page without gets the one that web3.js brings.
 */
function provideBuffer(): void {
    if (!('Buffer' in globalThis)) Reflect.set(globalThis, 'Buffer', BufferClass);
}

/** The big-number class of Anchor's coder, from a bigint. */
export function toBigNumber(value: bigint): BigNumber {
    return new anchor.BN(value.toString());
}

/** A bigint from a big number of Anchor's coder. */
export function fromBigNumber(value: unknown): bigint {
    return BigInt((value as BigNumber).toString());
}

/** Base58 text of bytes, as memcmp filters want it. */
export function toBase58(bytes: Uint8Array): string {
    return anchor.utils.bytes.bs58.encode(bytes);
}

/** Bytes of base58 text. */
export function fromBase58(text: string): Uint8Array {
    return anchor.utils.bytes.bs58.decode(text);
}

/** Name and message of an error of Anchor's own (codes below 6000), or null. */
export function describeFrameworkError(code: number): { name: string; message: string } | null {
    const name = Object.entries(anchor.LangErrorCode).find(([, value]) => value === code)?.[0];
    const message = anchor.LangErrorMessage.get(code);
    return name === undefined || message === undefined ? null : { name, message };
}

export interface Coder {
    /** Discriminator and Borsh-encoded arguments; `args` is in the coder's own form (see idl-values.ts). */
    encodeInstruction(name: string, args: unknown): Uint8Array;
    /** The account without a check of its discriminator; throws on truncated data. */
    decodeAccount(name: string, data: Uint8Array): unknown;
    /** The event whose discriminator starts `data`, or null when the program has none such. */
    decodeEvent(data: Uint8Array): { name: string; data: unknown } | null;
}

/** A coder for one program. */
export function createCoder(idl: IdlConst): Coder {
    const coder = new anchor.BorshCoder(idl as unknown as anchorModule.Idl);
    return {
        encodeInstruction: (name, args) => {
            provideBuffer();
            return coder.instruction.encode(name, args);
        },
        decodeAccount: (name, data) => coder.accounts.decodeUnchecked(name, toBuffer(data)),
        decodeEvent: (data) => coder.events.decode(anchor.utils.bytes.base64.encode(toBuffer(data))),
    };
}
