import { readAddress, SYSTEM_PROGRAM, viewOf } from '../ledger/addresses.js';

/** First byte of the type-length-value list: base account, then the account type. */
const EXTENSIONS_OFFSET = 166;
const MAX_EXTENSIONS = 64;

export interface ParsedExtension {
    readonly extension: string;
    readonly state?: unknown;
}

type Decoder = (data: Uint8Array) => unknown;

/** An OptionalNonZeroPubkey: all zeros (the system program's address) means none. */
function nonZeroAddress(data: Uint8Array, offset: number): string | null {
    const address = readAddress(data, offset);
    return address === SYSTEM_PROGRAM ? null : address;
}

function transferFee(data: Uint8Array, offset: number): object {
    const view = viewOf(data);
    return {
        epoch: view.getBigUint64(offset, true),
        maximumFee: view.getBigUint64(offset + 8, true),
        transferFeeBasisPoints: view.getUint16(offset + 16, true),
    };
}

function borshText(data: Uint8Array, offset: number): { text: string; next: number } {
    const length = viewOf(data).getUint32(offset, true);
    const next = offset + 4 + length;
    if (next > data.length) throw new RangeError('text ends early');
    return { text: Buffer.from(data.subarray(offset + 4, next)).toString('utf8'), next };
}

function tokenMetadata(data: Uint8Array): object {
    const name = borshText(data, 64);
    const symbol = borshText(data, name.next);
    const uri = borshText(data, symbol.next);
    const count = viewOf(data).getUint32(uri.next, true);
    const additionalMetadata: [string, string][] = [];
    for (let offset = uri.next + 4, index = 0; index < count; index++) {
        const key = borshText(data, offset);
        const value = borshText(data, key.next);
        additionalMetadata.push([key.text, value.text]);
        offset = value.next;
    }
    return {
        additionalMetadata,
        mint: readAddress(data, 32),
        name: name.text,
        symbol: symbol.text,
        updateAuthority: nonZeroAddress(data, 0),
        uri: uri.text,
    };
}

const pointer =
    (field: string): Decoder =>
    (data) => ({ authority: nonZeroAddress(data, 0), [field]: nonZeroAddress(data, 32) });
const noState: Decoder = () => undefined;
const ACCOUNT_STATES = ['uninitialized', 'initialized', 'frozen'];

/** By extension type number (Token-2022 ExtensionType). */
const DECODERS: ReadonlyMap<number, readonly [string, Decoder]> = new Map<number, readonly [string, Decoder]>([
    [
        1,
        [
            'transferFeeConfig',
            (data) => ({
                newerTransferFee: transferFee(data, 90),
                olderTransferFee: transferFee(data, 72),
                transferFeeConfigAuthority: nonZeroAddress(data, 0),
                withdrawWithheldAuthority: nonZeroAddress(data, 32),
                withheldAmount: viewOf(data).getBigUint64(64, true),
            }),
        ],
    ],
    [2, ['transferFeeAmount', (data) => ({ withheldAmount: viewOf(data).getBigUint64(0, true) })]],
    [3, ['mintCloseAuthority', (data) => ({ closeAuthority: nonZeroAddress(data, 0) })]],
    [6, ['defaultAccountState', (data) => ({ accountState: ACCOUNT_STATES[data[0] ?? 0] })]],
    [7, ['immutableOwner', noState]],
    [8, ['memoTransfer', (data) => ({ requireIncomingTransferMemos: data[0] === 1 })]],
    [9, ['nonTransferable', noState]],
    [11, ['cpiGuard', (data) => ({ lockCpi: data[0] === 1 })]],
    [12, ['permanentDelegate', (data) => ({ delegate: nonZeroAddress(data, 0) })]],
    [13, ['nonTransferableAccount', noState]],
    [14, ['transferHook', (data) => ({ authority: nonZeroAddress(data, 0), programId: nonZeroAddress(data, 32) })]],
    [15, ['transferHookAccount', (data) => ({ transferring: data[0] === 1 })]],
    [18, ['metadataPointer', pointer('metadataAddress')]],
    [19, ['tokenMetadata', tokenMetadata]],
    [20, ['groupPointer', pointer('groupAddress')]],
    [22, ['groupMemberPointer', pointer('memberAddress')]],
    [26, ['pausableConfig', (data) => ({ authority: nonZeroAddress(data, 0), paused: data[32] === 1 })]],
    [27, ['pausableAccount', noState]],
]);

function decode(type: number, data: Uint8Array): ParsedExtension {
    const known = DECODERS.get(type);
    if (known === undefined) return { extension: 'unparseableExtension' };
    try {
        const state = known[1](data);
        return state === undefined ? { extension: known[0] } : { extension: known[0], state };
    } catch {
        return { extension: 'unparseableExtension' };
    }
}

/** Extensions of a Token-2022 mint or account, in stored order; what is not known is said to be so, not left out. */
export function parseExtensions(data: Uint8Array): ParsedExtension[] {
    const extensions: ParsedExtension[] = [];
    const view = viewOf(data);
    let offset = EXTENSIONS_OFFSET;
    while (offset + 4 <= data.length && extensions.length < MAX_EXTENSIONS) {
        const type = view.getUint16(offset, true);
        const length = view.getUint16(offset + 2, true);
        if (type === 0) break;
        const end = offset + 4 + length;
        if (end > data.length) break;
        extensions.push(decode(type, data.subarray(offset + 4, end)));
        offset = end;
    }
    return extensions;
}
