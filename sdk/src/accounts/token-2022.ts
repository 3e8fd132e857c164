import { fromUtf8 } from '../core/bytes.js';

/** Token-2022's layouts, as far as a licence needs them, over plain bytes: clients other than web3.js give no Buffer. */
const SUPPLY_OFFSET = 36;
const ACCOUNT_TYPE_OFFSET = 165;
const MINT_ACCOUNT_TYPE = 1;
const EXTENSIONS_OFFSET = 166;
const AMOUNT_OFFSET = 64;
const TOKEN_ACCOUNT_SIZE = 165;

/** Numbers of extensions. */
export const NON_TRANSFERABLE = 9;
export const TOKEN_METADATA = 19;

/** Longest text that is read, and most fields: what a stranger writes must not cost more. */
const MAX_TEXT_BYTES = 1_024;
const MAX_FIELDS = 32;

/** What the metadata extension of a mint holds. */
export interface TokenMetadata {
    readonly name: string;
    readonly symbol: string;
    readonly uri: string;
    readonly fields: ReadonlyMap<string, string>;
}

/** A mint with extensions; null when the data is none. */
export function parseMint(data: Uint8Array): { supply: bigint; extensions: ReadonlyMap<number, Uint8Array> } | null {
    if (data.length < EXTENSIONS_OFFSET || data[ACCOUNT_TYPE_OFFSET] !== MINT_ACCOUNT_TYPE) return null;
    const view = viewOf(data);
    const extensions = new Map<number, Uint8Array>();
    for (let at = EXTENSIONS_OFFSET; at + 4 <= data.length; ) {
        const [type, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
        const end = at + 4 + length;
        if (type === 0) break;
        if (end > data.length) return null;
        extensions.set(type, data.subarray(at + 4, end));
        at = end;
    }
    return { supply: view.getBigUint64(SUPPLY_OFFSET, true), extensions };
}

/** Mint, owner and amount of a token account; null when the data is too short for one. */
export function parseTokenAccount(data: Uint8Array): { mint: Uint8Array; owner: Uint8Array; amount: bigint } | null {
    if (data.length < TOKEN_ACCOUNT_SIZE) return null;
    return {
        mint: data.slice(0, 32),
        owner: data.slice(32, 64),
        amount: viewOf(data).getBigUint64(AMOUNT_OFFSET, true),
    };
}

/** The metadata extension (update authority, mint, texts, fields); null when a length leads out of it or out of bounds. */
export function parseTokenMetadata(data: Uint8Array): TokenMetadata | null {
    let at = 64;
    const readLength = (most: number): number | null => {
        if (at + 4 > data.length) return null;
        const length = viewOf(data).getUint32(at, true);
        at += 4;
        return length <= most ? length : null;
    };
    const readText = (): string | null => {
        const length = readLength(MAX_TEXT_BYTES);
        if (length === null || at + length > data.length) return null;
        at += length;
        return fromUtf8(data.subarray(at - length, at));
    };
    const [name, symbol, uri] = [readText(), readText(), readText()];
    const count = readLength(MAX_FIELDS);
    if (name === null || symbol === null || uri === null || count === null) return null;
    const fields = new Map<string, string>();
    for (let index = 0; index < count; index++) {
        const [key, value] = [readText(), readText()];
        if (key === null || value === null) return null;
        fields.set(key, value);
    }
    return { name, symbol, uri, fields };
}

function viewOf(data: Uint8Array): DataView {
    return new DataView(data.buffer, data.byteOffset, data.byteLength);
}
