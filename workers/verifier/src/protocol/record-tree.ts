import { fromHex, sha256, u16, u32, utf8 } from './bytes.js';

/** Field ids of security.md 3.3, by name of RFC 7937. */
const FIELD_IDS: Readonly<Record<string, number>> = Object.fromEntries(
    (
        'date time time-taken c-groupid s-ip s-hostname s-port cs-method cs-uri u-uri protocol sc-status ' +
        'sc-total-bytes sc-entity-bytes s-ccid s-sid s-cached'
    )
        .split(' ')
        .map((name, index) => [name, index + 1]),
);

export type SaltedField = { name: string; salt: string; value: string };

/** `record_data`: the commitments of the fields in their order; null for a field that the registry does not have. */
export function commitRecord(fields: readonly SaltedField[]): Uint8Array | null {
    const commitments: Uint8Array[] = [];
    for (const { name, salt, value } of fields) {
        const id = Object.hasOwn(FIELD_IDS, name) ? FIELD_IDS[name] : undefined;
        if (id === undefined) return null;
        const bytes = utf8(value);
        commitments.push(sha256(Uint8Array.of(0x20), fromHex(salt), u16(id), u32(bytes.length), bytes));
    }
    return Buffer.concat(commitments);
}

/** Merkle tree hash by the recursion of RFC 9162 2.1.1. */
export function treeHead(entries: readonly Uint8Array[]): Uint8Array {
    const [first] = entries;
    if (first === undefined) return sha256();
    if (entries.length === 1) return sha256(Uint8Array.of(0), first);
    let split = 1;
    while (split * 2 < entries.length) split *= 2;
    return sha256(Uint8Array.of(1), treeHead(entries.slice(0, split)), treeHead(entries.slice(split)));
}
