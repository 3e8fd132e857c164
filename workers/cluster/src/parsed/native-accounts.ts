import {
    ADDRESS_LOOKUP_TABLE_PROGRAM,
    CLOCK_SYSVAR,
    readAddress,
    SYSTEM_PROGRAM,
    SYSVAR_OWNER,
    UPGRADEABLE_LOADER,
    viewOf,
} from '../ledger/addresses.js';
import { LOOKUP_TABLE_META_BYTES } from '../ledger/lookup-tables.js';
import type { AccountView } from '../types.js';

interface Parsed {
    readonly program: string;
    readonly parsed: unknown;
}

const PROGRAM_DATA_META_BYTES = 45;
const BUFFER_META_BYTES = 37;

const base64 = (data: Uint8Array): [string, 'base64'] => [Buffer.from(data).toString('base64'), 'base64'];

/** A bincode Option<Pubkey>: one tag byte, then the address. */
function optionalAddress(data: Uint8Array, offset: number): string | null {
    return data[offset] === 1 ? readAddress(data, offset + 1) : null;
}

function parseLoaderAccount({ data }: AccountView): Parsed | undefined {
    if (data.length < 4) return undefined;
    const program = 'bpf-upgradeable-loader';
    const kind = viewOf(data).getUint32(0, true);
    if (kind === 0) return { program, parsed: { type: 'uninitialized' } };
    if (kind === 1 && data.length >= BUFFER_META_BYTES) {
        const info = { authority: optionalAddress(data, 4), data: base64(data.subarray(BUFFER_META_BYTES)) };
        return { program, parsed: { info, type: 'buffer' } };
    }
    if (kind === 2 && data.length >= 36) {
        return { program, parsed: { info: { programData: readAddress(data, 4) }, type: 'program' } };
    }
    if (kind === 3 && data.length >= PROGRAM_DATA_META_BYTES) {
        const info = {
            authority: optionalAddress(data, 12),
            data: base64(data.subarray(PROGRAM_DATA_META_BYTES)),
            slot: viewOf(data).getBigUint64(4, true),
        };
        return { program, parsed: { info, type: 'programData' } };
    }
    return undefined;
}

function parseLookupTable({ data }: AccountView): Parsed | undefined {
    if (data.length < LOOKUP_TABLE_META_BYTES || viewOf(data).getUint32(0, true) !== 1) return undefined;
    const view = viewOf(data);
    const addresses: string[] = [];
    for (let offset = LOOKUP_TABLE_META_BYTES; offset + 32 <= data.length; offset += 32) {
        addresses.push(readAddress(data, offset));
    }
    const authority = optionalAddress(data, 21);
    const info = {
        addresses,
        ...(authority === null ? {} : { authority }),
        deactivationSlot: view.getBigUint64(4, true).toString(),
        lastExtendedSlot: view.getBigUint64(12, true).toString(),
        lastExtendedSlotStartIndex: data[20],
    };
    return { program: 'address-lookup-table', parsed: { info, type: 'lookupTable' } };
}

function parseNonce({ data }: AccountView): Parsed | undefined {
    if (data.length !== 80 || viewOf(data).getUint32(4, true) !== 1) return undefined;
    const info = {
        authority: readAddress(data, 8),
        blockhash: readAddress(data, 40),
        feeCalculator: { lamportsPerSignature: viewOf(data).getBigUint64(72, true).toString() },
    };
    return { program: 'nonce', parsed: { info, type: 'initialized' } };
}

function parseClock({ data }: AccountView): Parsed {
    const view = viewOf(data);
    const info = {
        epoch: view.getBigUint64(16, true),
        epochStartTimestamp: view.getBigInt64(8, true),
        leaderScheduleEpoch: view.getBigUint64(24, true),
        slot: view.getBigUint64(0, true),
        unixTimestamp: view.getBigInt64(32, true),
    };
    return { program: 'sysvar', parsed: { info, type: 'clock' } };
}

/** Accounts of the built-in programs; undefined for those this cluster has no parser for. */
export function parseNativeAccount(account: AccountView, address: string): Parsed | undefined {
    if (account.owner === UPGRADEABLE_LOADER) return parseLoaderAccount(account);
    if (account.owner === ADDRESS_LOOKUP_TABLE_PROGRAM) return parseLookupTable(account);
    if (account.owner === SYSTEM_PROGRAM) return parseNonce(account);
    if (account.owner === SYSVAR_OWNER && address === CLOCK_SYSVAR) return parseClock(account);
    return undefined;
}
