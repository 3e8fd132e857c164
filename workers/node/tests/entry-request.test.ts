import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntries, encodeEntries, journalEntry, type RequestEntry } from '../src/log/entries.js';
import { formatRequest, parseRequest } from '../src/log/entry-request.js';

const numbers = fc.oneof(fc.nat(), fc.maxSafeNat(), fc.constantFrom(0, 10 ** 15 - 1, 10 ** 15));
const texts = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '"', '\\', '\n', '\u2028', '{}'),
);
const requests: fc.Arbitrary<RequestEntry> = fc.record({
    type: fc.constant('request' as const),
    session: fc.option(
        fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
    ),
    endedAtMs: fc.oneof(numbers, fc.integer()),
    takenMs: numbers,
    method: texts,
    uri: texts,
    protocol: texts,
    status: numbers,
    totalBytes: numbers,
    entityBytes: numbers,
    isCached: fc.boolean(),
});
const usual: RequestEntry = {
    type: 'request',
    session: 'ab'.repeat(32),
    endedAtMs: 1_700_000_000_000,
    takenMs: 12,
    method: 'GET',
    uri: 'http://origin.example/s/1.ts',
    protocol: 'HTTP/1.1',
    status: 200,
    totalBytes: 1_200,
    entityBytes: 1_000,
    isCached: true,
};
const encode = (text: string) => new TextEncoder().encode(text);

describe('a request in the journal', () => {
    it('is written as JSON.stringify writes it, and read as it was', () => {
        fc.assert(
            fc.property(requests, (entry) => {
                // A surrogate without its other half has no bytes of its own.
                const [method, uri, protocol] = [entry.method, entry.uri, entry.protocol].map((text) =>
                    Buffer.from(text).toString(),
                );
                const written = { ...entry, method: method!, uri: uri!, protocol: protocol! };
                expect(formatRequest(written)).toBe(JSON.stringify(written));
                expect(decodeEntries(encode(encodeEntries([written, usual, written])))).toEqual([
                    written,
                    usual,
                    written,
                ]);
            }),
        );
    });
    it('is read without its schema only in the form that passes it', () => {
        expect(parseRequest(formatRequest(usual))).toEqual(usual);
        expect(parseRequest(formatRequest({ ...usual, session: null }))).toEqual({ ...usual, session: null });
        const line = formatRequest(usual);
        const changes: [string, string][] = [
            ['"session":"ab', '"session":"AB'],
            ['"session":"ab', '"session":"a'],
            ['"takenMs":12', '"takenMs":-12'],
            ['"takenMs":12', '"takenMs":012'],
            ['"takenMs":12', '"takenMs":1.5'],
            ['"takenMs":12', '"takenMs":1e3'],
            ['"takenMs":12', `"takenMs":${'9'.repeat(16)}`],
            ['"GET"', '"G\\u0045T"'],
            ['"GET"', '"G\tET"'],
            ['"GET"', '"G"ET"'],
            ['true}', 'true}}'],
            ['true}', '1}'],
            ['{"type"', ' {"type"'],
        ];
        for (const [from, to] of changes) {
            const changed = line.replace(from, to);
            expect(changed).not.toBe(line);
            expect(parseRequest(changed)).toBeNull();
        }
    });
    it('gives what its schema gives, or is refused, whatever is changed in its line', () => {
        const line = formatRequest(usual);
        fc.assert(
            fc.property(fc.nat(line.length - 1), fc.string({ unit: 'grapheme-ascii', maxLength: 2 }), (at, text) => {
                const changed = `${line.slice(0, at)}${text}${line.slice(at + 1)}`;
                let expected: unknown;
                try {
                    expected = [journalEntry.parse(JSON.parse(changed))];
                } catch {
                    expected = null;
                }
                if (expected === null) expect(() => decodeEntries(encode(changed))).toThrow();
                else expect(decodeEntries(encode(changed))).toEqual(expected);
            }),
            { numRuns: 500 },
        );
    });
});
