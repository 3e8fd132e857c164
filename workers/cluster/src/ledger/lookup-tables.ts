import type { AccountView, LoadedAddresses } from '../types.js';
import { ADDRESS_LOOKUP_TABLE_PROGRAM, readAddress } from './addresses.js';
import type { WireMessage } from './wire-transaction.js';

/** Bytes before the addresses of a lookup table. */
export const LOOKUP_TABLE_META_BYTES = 56;

export const NOTHING_LOADED: LoadedAddresses = { writable: [], readonly: [] };

function readTable(account: AccountView | undefined): string[] | undefined {
    if (account?.owner !== ADDRESS_LOOKUP_TABLE_PROGRAM) return undefined;
    const addresses: string[] = [];
    for (let offset = LOOKUP_TABLE_META_BYTES; offset + 32 <= account.data.length; offset += 32) {
        addresses.push(readAddress(account.data, offset));
    }
    return addresses;
}

/** The addresses a version 0 message takes from its tables; undefined if a table or an entry is missing. */
export function resolveLookups(
    message: WireMessage,
    getAccount: (address: string) => AccountView | undefined,
): LoadedAddresses | undefined {
    if (message.lookups.length === 0) return NOTHING_LOADED;
    const writable: string[] = [];
    const readonly: string[] = [];
    for (const lookup of message.lookups) {
        const table = readTable(getAccount(lookup.accountKey));
        if (table === undefined) return undefined;
        for (const [indexes, list] of [
            [lookup.writableIndexes, writable],
            [lookup.readonlyIndexes, readonly],
        ] as const) {
            for (const index of indexes) {
                const address = table[index];
                if (address === undefined) return undefined;
                list.push(address);
            }
        }
    }
    return { writable, readonly };
}
