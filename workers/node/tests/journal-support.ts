import { randomBytes } from 'node:crypto';
import { openJournal } from '@ocm/runtime';
import { encodeReceipt, encodeToken, fromHex, hashToken, toBase64, toHex } from '@ocm/sdk/core';
import { encodeEntries, type JournalEntry, type RequestEntry } from '../src/log/entries.js';
import { readEpochKey } from '../src/log/epoch-key.js';
import { journalPath } from '../src/log/journal-file.js';
import { logRules } from '../src/log/rules.js';
import { WalCipher } from '../src/log/wal-cipher.js';
import { named } from './support.js';

export const START_MS = Date.UTC(2026, 0, 2);
export const terms = { contract: named('contract').address, epoch: 0, rules: logRules.parse({}) };

export function createSession(bytes: bigint): { hash: string; session: JournalEntry; receipt: JournalEntry } {
    const token = encodeToken({
        contract: fromHex(named('contract').addressHex),
        clusterTag: 1,
        epoch: 0,
        tokenId: Uint8Array.from(randomBytes(16)),
        node: fromHex(named('node').addressHex),
        clientPublicKey: new Uint8Array(32),
        maxBytes: 1_000_000n,
        notBeforeSecs: START_MS / 1000,
        notAfterSecs: START_MS / 1000 + 60,
        clientGroup: 1,
        flags: 0,
    });
    const tokenHash = hashToken(token);
    const counts = { objects: 1, ttfbP95Ms: 1, stallCentisecs: 0, errors: 0, accumulator: new Uint8Array(32) };
    const receipt = encodeReceipt({ tokenHash, seq: 1, bytes, lastMs: BigInt(START_MS), ...counts });
    const signature = toBase64(new Uint8Array(64));
    return {
        hash: toHex(tokenHash),
        session: { type: 'session', token: toBase64(token), tokenSignature: signature, openedAtMs: START_MS },
        receipt: { type: 'receipt', receipt: toBase64(receipt), receiptSignature: signature },
    };
}
export const requestOf = (session: string | null, index: number): RequestEntry => ({
    type: 'request',
    session,
    endedAtMs: START_MS + index,
    takenMs: index,
    method: 'GET',
    uri: `http://origin.example/s/${index}.ts`,
    protocol: 'HTTP/1.1',
    status: 200,
    totalBytes: 1_200,
    entityBytes: 1_000,
    isCached: true,
});

/** Writes the groups of entries as a node does. */
export async function writeGroups(folder: string, groups: JournalEntry[][]): Promise<Uint8Array> {
    const epochKey = await readEpochKey(folder);
    if (epochKey === null) throw new Error('the key was just made');
    const cipher = new WalCipher(epochKey);
    const journal = await openJournal({ path: journalPath(folder) });
    for (const group of groups) await journal.append(cipher.seal(Buffer.from(encodeEntries(group))));
    await journal.close();
    return epochKey;
}
