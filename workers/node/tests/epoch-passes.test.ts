import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openJournal } from '@ocm/runtime';
import {
    computeTreeHead,
    decodeLeaf,
    encodeReceipt,
    encodeRecord,
    encodeToken,
    fromBase64,
    fromHex,
    hashToken,
    logFieldId,
    toBase64,
    toHex,
} from '@ocm/sdk/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { encodeEntries, type JournalEntry, type RequestEntry } from '../src/log/entries.js';
import { type EpochFacts, gatherFacts } from '../src/log/epoch-facts.js';
import { EpochJournal } from '../src/log/epoch-journal.js';
import { createEpochKey, readEpochKey } from '../src/log/epoch-key.js';
import { buildLeaves, buildSessionEvidence } from '../src/log/evidence.js';
import { journalPath, readEntries } from '../src/log/journal-file.js';
import { Places } from '../src/log/record-fields.js';
import { logRules } from '../src/log/rules.js';
import { StorageHealth } from '../src/log/storage-health.js';
import { WalCipher } from '../src/log/wal-cipher.js';
import { named, tempDir } from './support.js';

const START_MS = Date.UTC(2026, 0, 2);
const terms = { contract: named('contract').address, epoch: 0, rules: logRules.parse({}) };

function createSession(bytes: bigint): { hash: string; session: JournalEntry; receipt: JournalEntry } {
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
const requestOf = (session: string | null, index: number): RequestEntry => ({
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

let folder: string;
beforeEach(async () => {
    folder = join(await tempDir(), 'epoch');
    await mkdir(folder);
    await createEpochKey(folder);
});

/** Writes the groups of entries as a node does. */
async function writeGroups(groups: JournalEntry[][]): Promise<Uint8Array> {
    const epochKey = await readEpochKey(folder);
    if (epochKey === null) throw new Error('the key was just made');
    const cipher = new WalCipher(epochKey);
    const journal = await openJournal({ path: journalPath(folder) });
    for (const group of groups) await journal.append(cipher.seal(Buffer.from(encodeEntries(group))));
    await journal.close();
    return epochKey;
}

describe('evidence in passes', () => {
    it('has the log root of all records of a session, however they are spread over groups', async () => {
        const [own, other, silent] = [createSession(500n), createSession(7n), createSession(0n)];
        const order = [own.hash, other.hash, null, own.hash, silent.hash, own.hash, other.hash, own.hash, own.hash];
        const requests = order.map((hash, index) => [requestOf(hash, index)]);
        const sessions = [own, other, silent].map(({ session }) => session);
        const receipts = [own, other, silent].map(({ receipt }) => receipt);
        const tail = [
            [...receipts, requestOf(own.hash, 9)],
            [{ type: 'close' as const }, requestOf(own.hash, 10)],
        ];
        const epochKey = await writeGroups([sessions, ...requests, ...tail]);
        const facts = await gatherFacts(terms, readEntries(folder));
        const input = () => ({ facts, keys: { epochKey, keys: new Map() }, groups: readEntries(folder) });

        const whole = await buildSessionEvidence(input());
        expect(whole.map(({ records }) => records.map(({ seq }) => seq))).toEqual(
            own.hash < other.hash
                ? [
                      [0, 3, 5, 7, 8, 9],
                      [1, 6],
                  ]
                : [
                      [1, 6],
                      [0, 3, 5, 7, 8, 9],
                  ],
        );
        for (const { leaf, records } of whole) {
            const entries = records.map(({ fields }) =>
                encodeRecord(
                    fields.map(({ name, value, salt }) => ({ value, salt: fromHex(salt), fieldId: logFieldId(name) })),
                ),
            );
            expect(decodeLeaf(fromBase64(leaf)).logRoot).toEqual(computeTreeHead(entries));
        }
        expect((await buildLeaves(input())).map(({ leaf }) => toBase64(leaf))).toEqual(whole.map(({ leaf }) => leaf));
        expect(facts).toMatchObject({ requestCount: 10, answeredCount: 10, unreceiptedBytes: 1_000n });
    });
});

describe('what is counted while an epoch goes on', () => {
    it('is what its journal says, before and after a restart', async () => {
        const place = { folder, health: new StorageHealth() };
        const { contract, epoch, rules } = terms;
        const journal = await EpochJournal.create(place, {
            type: 'meta',
            contract,
            epoch,
            closesAtMs: START_MS,
            rules,
        });
        const [own, silent] = [createSession(500n), createSession(0n)];
        for (const entry of [own.session, silent.session, own.session, own.receipt])
            await journal.append(entry as never);
        const failed = { ...requestOf(silent.hash, 3), status: 503 };
        const unknown = requestOf('ab'.repeat(32), 4);
        const requests = [
            requestOf(own.hash, 0),
            requestOf(null, 1),
            { ...requestOf(null, 2), status: 404 },
            failed,
            unknown,
        ];
        await Promise.all(requests.map((entry) => journal.append(entry)));
        await journal.seal();
        const again = await EpochJournal.open(place);
        const read = await gatherFacts(terms, readEntries(folder));
        const told = ({ sessions, ...facts }: EpochFacts) => ({
            ...facts,
            sessions: [...sessions].map(([hash, session]) => [hash, session.receiptedBytes]),
        });
        expect(told(journal.facts(contract))).toEqual(told(read));
        expect(told(again!.facts(contract))).toEqual(told(read));
        expect(read).toMatchObject({ requestCount: 5, answeredCount: 4, unreceiptedBytes: 1_000n });
    });
});

describe('origin and collection of a URI', () => {
    it('are those of a URL parser, also where the last segment changes what is before it', () => {
        const names = [
            '1.ts',
            'a',
            '',
            '.',
            '..',
            '.hidden',
            '..a',
            '%2e%2e',
            '%2E',
            'a?b/c',
            'a#b/c',
            'ä',
            'a\\b',
            'x:y',
        ];
        const folders = ['/', '/s/', '/s/t/', '/s/../t/', '/%73/', '/s//', '/ü/', '/s;a=b/'];
        for (const collectionSegments of [0, 1, 2, 16]) {
            const places = new Places({ collectionSegments });
            for (const uri of folders.flatMap((path) =>
                names.map((name) => `http://Origin.example:80${path}${name}`),
            )) {
                const { origin, pathname } = new URL(uri);
                const kept = pathname.split('/').slice(1, -1).slice(0, collectionSegments);
                const expected = { origin, collection: ['', ...kept, ''].join('/') };
                // Twice: read, and remembered.
                expect([places.of(uri), places.of(uri)]).toEqual([expected, expected]);
            }
        }
    });
});
