import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
    computeTreeHead,
    decodeLeaf,
    encodeRecord,
    fromBase64,
    fromHex,
    hashToken,
    logFieldId,
    toHex,
} from '@ocm/sdk/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type EpochFacts, gatherFacts } from '../src/log/epoch-facts.js';
import { EpochJournal } from '../src/log/epoch-journal.js';
import { createEpochKey } from '../src/log/epoch-key.js';
import { readRecords, readSessions } from '../src/log/evidence.js';
import { buildEvidence } from '../src/log/evidence-build.js';
import { EvidenceIndex } from '../src/log/evidence-index.js';
import { readEntries } from '../src/log/journal-file.js';
import { Places } from '../src/log/record-fields.js';
import { StorageHealth } from '../src/log/storage-health.js';
import { createSession, requestOf, START_MS, terms, writeGroups } from './journal-support.js';
import { tempDir } from './support.js';

let folder: string;
beforeEach(async () => {
    folder = join(await tempDir(), 'epoch');
    await mkdir(folder);
    await createEpochKey(folder);
});

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
        const epochKey = await writeGroups(folder, [sessions, ...requests, ...tail]);
        const epoch = { folder, terms, keys: { epochKey, keys: new Map() } };
        await buildEvidence({ ...epoch, signal: new AbortController().signal });
        const index = await EvidenceIndex.open(folder);
        if (index === null) throw new Error('it was just built');

        const page = await readSessions(index, { after: null, limit: 500 });
        const seqs: Record<string, number[]> = {};
        for (const { token, leaf, recordCount } of page.sessions) {
            const session = toHex(hashToken(fromBase64(token)));
            const row = await index.find(session);
            if (row === null) throw new Error('a session of a page');
            const query = { session, from: 0, limit: 500 };
            const { records } = await readRecords(epoch, row, await index.placesOf(row), query);
            seqs[session] = records.map(({ seq }) => seq);
            const entries = records.map(({ fields }) =>
                encodeRecord(
                    fields.map(({ name, value, salt }) => ({ value, salt: fromHex(salt), fieldId: logFieldId(name) })),
                ),
            );
            expect(recordCount).toBe(entries.length);
            expect(decodeLeaf(fromBase64(leaf)).logRoot).toEqual(computeTreeHead(entries));
        }
        expect(seqs).toEqual({ [own.hash]: [0, 3, 5, 7, 8, 9], [other.hash]: [1, 6] });
        expect(Object.keys(seqs)).toEqual([own.hash, other.hash].sort());
        expect(index.head).toMatchObject({ sessions: 2, records: 8, unreceiptedBytes: '1000' });
        expect(await gatherFacts(terms, readEntries(folder))).toMatchObject({ requestCount: 10, answeredCount: 10 });
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
