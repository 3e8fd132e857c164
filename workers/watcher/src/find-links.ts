import { findSharedKeys, type PartyKey } from '@ocm/sdk';
import { type Leaf, toHex } from '@ocm/sdk/core';
import type { ReceiptCopy } from './ports.js';
import { about, type Suspicion } from './suspicion.js';

/** Receipts that we hold and that are in no leaf, or in one that says less. */
export function findHidden(leaves: readonly Leaf[], copies: readonly ReceiptCopy[]): Suspicion[] {
    const committed = new Map(leaves.map(({ tokenHash, bytes }) => [toHex(tokenHash), bytes]));
    return copies.flatMap(({ tokenHash, bytes }) => {
        const leaf = committed.get(tokenHash);
        if (leaf === undefined)
            return bytes === 0n ? [] : [about('RECEIPT_OMITTED', `${bytes} receipted bytes are in no leaf`, tokenHash)];
        if (leaf >= bytes) return [];
        return [about('RECEIPT_UNDERCUT', `the leaf says ${leaf} bytes, the receipt that we hold ${bytes}`, tokenHash)];
    });
}

/** Keys that should not be the same: of buyer and seller, of a viewer and one of them, of two sessions. */
export function findLinks(parties: readonly PartyKey[], clients: ReadonlyMap<string, string[]>): Suspicion[] {
    const links = findSharedKeys(parties).map(({ key, seller, contentProvider }) => {
        const roles = `the seller's ${seller.join(', ')} and the content provider's ${contentProvider.join(', ')}`;
        return about('SELF_DEALING', `key ${key} is ${roles}`);
    });
    for (const [client, sessions] of clients) {
        const party = parties.find(({ key }) => key === client);
        if (party !== undefined)
            links.push(
                about('SELF_DEALING', `client key ${client} is the ${party.side}'s ${party.role}`, sessions[0] ?? null),
            );
        if (sessions.length > 1)
            links.push(
                about(
                    'CLIENT_KEY_SHARED',
                    `client key ${client} signs for ${sessions.length} sessions`,
                    sessions[0] ?? null,
                ),
            );
    }
    return links;
}
