import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatLogFile, parseLogFile } from '@ocm/sdk/core';
import { afterEach, describe, expect, it } from 'vitest';
import type { RequestEntry } from '../src/log/entries.js';
import { gatherEpoch } from '../src/log/epoch-facts.js';
import { EpochLogs, type LogFilePart } from '../src/log/log-file.js';
import { logRules } from '../src/log/rules.js';
import { AFTER_EPOCH_MS, evidenceOf, fileOf, filesOf, setUpLogs } from './log-support.js';
import { ask, Cleanup, named, sha256, until } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const START_MS = Date.UTC(2026, 0, 2, 3, 4, 5);
const request = (endedAtMs: number, path = '/s/1.ts'): RequestEntry => ({
    type: 'request',
    session: null,
    endedAtMs,
    takenMs: 12,
    method: 'GET',
    uri: `http://origin.example${path}`,
    protocol: 'HTTP/1.1',
    status: 200,
    totalBytes: 1_200,
    entityBytes: 1_000,
    isCached: true,
});
function partsOf(requests: RequestEntry[], rules: object): (LogFilePart & { text: string })[] {
    const name = { contract: named('contract').address, epoch: 3, rules: logRules.parse(rules) };
    const keys = { epochKey: new Uint8Array(32), keys: new Map() };
    const logs = new EpochLogs({ node: named('node').address, sealed: gatherEpoch(name, requests), ...keys });
    const textOf = (part: LogFilePart | null) =>
        part === null ? [] : [{ ...part, text: part.data.toString('latin1') }];
    const ended = requests.flatMap((request, seq) => textOf(logs.add({ request, seq })));
    return [...ended, ...textOf(logs.finish())];
}

describe('the files of an epoch', () => {
    it('are RFC 7937 to the byte', () => {
        const [part] = partsOf([request(START_MS, '/s/a%20"b\t.ts')], { objectUris: 'full' });
        const lines = part?.text.split('\r\n') ?? [];
        const fields =
            'date time time-taken c-groupid cs-method u-uri protocol sc-status sc-total-bytes sc-entity-bytes s-ccid s-sid s-cached';
        expect(lines.slice(0, 6)).toEqual([
            '#version:\tcdni/1.0',
            `#UUID:\turn:uuid:${part?.uuid}`,
            `#claimed-origin:\t${named('node').address.toLowerCase()}.ocm.invalid`,
            '#record-type:\tcdni_http_request_v1',
            `#fields:\t${fields.split(' ').join('\t')}`,
            '2026-01-02\t03:04:05.000\t0.012\tunkeyed\tGET\thttp://origin.example/s/a%20"b%09.ts\tHTTP/1.1\t200\t1200\t1000\t"/s/"\t-\t1',
        ]);
        expect(lines[6]).toBe(`#SHA256-hash:\t${sha256(part?.text.split('#SHA256')[0] ?? '')}`);
        expect(lines.slice(7)).toEqual(['']);
    });

    it('end before they grow too large, and lose and repeat nothing', () => {
        const requests = Array.from({ length: 200 }, (_, index) =>
            request(START_MS + index, `/s/${'x'.repeat(index)}`),
        );
        for (const maxFileBytes of [1_000, 4_096, 20_000]) {
            const parts = partsOf(requests, { objectUris: 'full', maxFileBytes });
            expect(parts.length).toBeGreaterThan(1);
            const parsed = parts.map(({ text }) => parseLogFile(text, { requireHash: true }));
            const records = parsed.flatMap((file) => file.records);
            expect(records.map((record) => record['u-uri'])).toEqual(requests.map(({ uri }) => uri));
            for (const [index, { text, records: count }] of parts.entries()) {
                expect(text.length <= maxFileBytes || count === 1).toBe(true);
                // None ends before it has to: the longest record takes some 350 bytes.
                if (index < parts.length - 1) expect(text.length).toBeGreaterThan(maxFileBytes - 400);
                expect(parsed[index]?.ignored).toEqual([]);
            }
            expect(new Set(parts.map(({ uuid }) => uuid)).size).toBe(parts.length);
            expect(parts.slice(0, 2).map(({ name }) => name.replace(/^.*-3/, ''))).toEqual(['.log', '.1.log']);
        }
    });

    it('end when their first record is too old', () => {
        const requests = [0, 59_999, 60_000, 60_001, 200_000].map((ms) => request(START_MS + ms));
        expect(partsOf(requests, { maxFileSecs: 60 }).map(({ records }) => records)).toEqual([2, 2, 1]);
    });

    it('are read by the SDK and written again from what it read, byte by byte', () => {
        const [part] = partsOf([request(START_MS), request(START_MS + 5, '/t/ü/2.ts')], {});
        const { directives, records, rawRecords } = parseLogFile(part?.text ?? '', { requireHash: true });
        const { uuid, claimedOrigin = '' } = directives;
        const fields = [...(rawRecords[0]?.fields ?? [])];
        expect(formatLogFile({ uuid, claimedOrigin, fields, records })).toBe(part?.text);
    });

    it('hide the object behind its collection unless the config says otherwise', () => {
        const namesOf = (path: string, rules: object) => {
            const [record] = parseLogFile(partsOf([request(START_MS, path)], rules)[0]?.text ?? '').records;
            return [record?.['u-uri']?.replace('http://origin.example', ''), record?.['s-ccid']];
        };
        expect(namesOf('/s/t/1.ts', {})).toEqual(['/s/', '/s/']);
        expect(namesOf('/1.ts', {})).toEqual(['/', '/']);
        expect(namesOf('/s/t/1.ts', { collectionSegments: 0 })).toEqual(['/', '/']);
        expect(namesOf('/s/t/1.ts', { collectionSegments: 2 })).toEqual(['/s/t/', '/s/t/']);
        expect(namesOf('/s/t/1.ts', { collectionSegments: 9, objectUris: 'full' })).toEqual(['/s/t/1.ts', '/s/t/']);
    });
});

describe('a node that served much', () => {
    it('lists and serves each of its files with its digest', async () => {
        const { world, node, clock, dataDir } = await setUpLogs(cleanup, { maxFileBytes: 4_096 });
        for (let index = 0; index < 100; index += 1) await ask(node.url, `/s/${index}.ts`);
        await until(() => node.status.read().requests === 100, 'recorded');
        clock.shiftMs = AFTER_EPOCH_MS;
        await evidenceOf(node.url, world);
        const files = await filesOf(node.url);
        expect(files.length).toBeGreaterThan(2);
        expect((await readdir(join(dataDir, 'logs'))).sort()).toEqual(files.map(({ name }) => name).sort());
        let records = 0;
        for (const { name, bytes, sha256: digest } of files) {
            const { body } = await fileOf(node.url, name);
            expect([body.length, sha256(body)]).toEqual([bytes, digest]);
            expect(await readFile(join(dataDir, 'logs', name))).toEqual(body);
            records += parseLogFile(body.toString(), { requireHash: true }).records.length;
        }
        expect(records).toBe(100);
    });
});
