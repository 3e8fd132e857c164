import { encodeLogValues, formatLogTimestamp, MarketplaceError } from '@ocm/sdk/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RequestEntry } from '../src/log/entries.js';
import { listRecordFields, Places, type RecordContext, sessionPseudonym } from '../src/log/record-fields.js';
import { RecordValues } from '../src/log/record-values.js';
import { logRules } from '../src/log/rules.js';
import { applyTransforms } from '../src/log/transforms.js';

const LAST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
const EXAMPLES = ['ab', 'cd', 'ef'].map((digits) => digits.repeat(32));
const request: fc.Arbitrary<RequestEntry> = fc.record({
    type: fc.constant('request' as const),
    session: fc.constantFrom(...EXAMPLES, null),
    endedAtMs: fc.oneof(fc.nat(LAST_MS), fc.integer({ min: -(10 ** 13), max: 0 }), fc.constantFrom(0, LAST_MS)),
    takenMs: fc.oneof(fc.nat(50), fc.nat(10 ** 9)),
    method: fc.constantFrom('GET', 'HEAD', '#', 'a b', ''.padEnd(3, 'é')),
    uri: fc
        .tuple(fc.constantFrom('a', 'b', 'b/c', 'd"e'), fc.nat(5))
        .map(([folder, name]) => `http://origin.example/${folder}/${name}.ts`),
    protocol: fc.constantFrom('HTTP/1.1', 'HTTP/2'),
    status: fc.integer({ min: 100, max: 999 }),
    totalBytes: fc.maxSafeNat(),
    entityBytes: fc.oneof(fc.nat(3), fc.maxSafeNat()),
    isCached: fc.boolean(),
});
const keys = new Map([['k', new Uint8Array(32).fill(3)]]);
function contextOf(rules: object): RecordContext {
    const parsed = logRules.parse(rules);
    return {
        rules: parsed,
        fields: listRecordFields(parsed),
        transforms: Object.entries(parsed.transforms),
        epochKey: new Uint8Array(32).fill(1),
        keys,
        groups: new Map([[EXAMPLES[0]!, '7']]),
        places: new Places(parsed),
    };
}

/** A record by the SDK alone, with nothing remembered. */
function textsOf(
    entry: RequestEntry,
    seq: number,
    { rules, fields, epochKey, groups, transforms }: RecordContext,
): string[] {
    const { origin, collection } = new Places(rules).of(entry.uri);
    const record: Record<string, string | undefined> = {
        ...formatLogTimestamp(entry.endedAtMs),
        'time-taken': (entry.takenMs / 1000).toFixed(3),
        'c-groupid': groups.get(entry.session ?? '') ?? 'unkeyed',
        's-ip': rules.surrogate.address,
        's-hostname': rules.surrogate.hostname,
        's-port': rules.surrogate.port?.toString(),
        'cs-method': entry.method,
        'u-uri': rules.objectUris === 'full' ? entry.uri : origin + collection,
        protocol: entry.protocol,
        'sc-status': String(entry.status),
        'sc-total-bytes': String(entry.totalBytes),
        'sc-entity-bytes': String(entry.entityBytes),
        's-ccid': collection,
        's-sid': entry.session === null ? undefined : sessionPseudonym(epochKey, entry.session),
        's-cached': entry.isCached ? '1' : '0',
    };
    for (const [field, applied] of transforms) {
        const value = record[field];
        if (value !== undefined) record[field] = applyTransforms(value, applied, { field, seq, epochKey, keys });
    }
    return encodeLogValues(fields, record);
}

const surrogate = { address: '192.0.2.7', hostname: 'edge.example', port: 8443 };
const transforms = {
    'u-uri': [{ type: 'Hash' }],
    's-ccid': [{ type: 'Encrypt', keyId: 'k' }],
    's-sid': [{ type: 'Truncate', maxCharacters: 4 }],
    's-ip': [{ type: 'MaskIp' }],
};

describe('the texts of a record', () => {
    it.each([
        ['by default', {}],
        ['of whole URIs and a named node', { objectUris: 'full', surrogate }],
        ['under transforms', { transforms, surrogate }],
    ])('are what the SDK makes of each value: %s', (_, rules) => {
        const context = contextOf(rules);
        // One for all, so that what it remembers of one record is used for the next.
        const values = new RecordValues(context);
        fc.assert(
            fc.property(fc.array(request, { minLength: 1, maxLength: 20 }), (entries) => {
                for (const [seq, entry] of entries.entries()) {
                    expect(values.of(entry, seq)).toEqual(textsOf(entry, seq, context));
                }
            }),
        );
    });
    it('are of years of four digits only, and of thousands of moments', () => {
        const values = new RecordValues(contextOf({}));
        const [entry] = fc.sample(request, 1) as [RequestEntry];
        for (const endedAtMs of [LAST_MS + 1, -(10 ** 15)]) {
            expect(() => values.of({ ...entry, endedAtMs }, 0)).toThrow(MarketplaceError);
        }
        for (let takenMs = 0; takenMs < 5_000; takenMs++) {
            expect(values.of({ ...entry, takenMs }, 0)[2]).toBe((takenMs / 1000).toFixed(3));
        }
    });
});
