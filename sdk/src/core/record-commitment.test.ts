import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/record-commitments.json' with { type: 'json' };
import { fromHex, toHex, utf8 } from './bytes.js';
import { MarketplaceError } from './error.js';
import {
    commitField,
    deriveFieldSalt,
    deriveRecordKey,
    encodeRecord,
    MAX_FIELD_VALUE_BYTES,
    verifyFieldDisclosure,
} from './record-commitment.js';
import { computeTreeHead } from './record-tree.js';

describe('record commitments', () => {
    it.each(table.records)('commits the fields of the table: $name', ({ fields, record }) => {
        for (const { salt, fieldId, value, commitment } of fields) {
            expect(toHex(commitField(fromHex(salt), fieldId, value))).toBe(commitment);
            expect(toHex(commitField(fromHex(salt), fieldId, utf8(value)))).toBe(commitment);
        }
        expect(toHex(encodeRecord(fields.map((field) => ({ ...field, salt: fromHex(field.salt) }))))).toBe(record);
    });

    it.each(table.keys)('derives keys and salts of record $seq', ({ epochKey, seq, recordKey, salts }) => {
        const key = deriveRecordKey(fromHex(epochKey), BigInt(seq));
        expect(toHex(key)).toBe(recordKey);
        for (const { fieldId, salt } of salts) expect(toHex(deriveFieldSalt(key, fieldId))).toBe(salt);
    });

    it('discloses one field of one record up to the log root', () => {
        const { root, paths } = table.log;
        expect(toHex(computeTreeHead(table.log.records.map(fromHex)))).toBe(root);
        const disclosure = {
            logRoot: fromHex(root),
            recordIndex: 0,
            recordCount: table.records.length,
            path: (paths[0] as string[]).map(fromHex),
            commitments: table.records[0]!.fields.map(({ commitment }) => fromHex(commitment)),
            position: 2,
            field: { salt: fromHex(table.records[0]!.fields[2]!.salt), fieldId: 13, value: '48000000' },
        };
        expect(verifyFieldDisclosure(disclosure)).toBe(true);
        const changes = [
            { field: { ...disclosure.field, value: '48000001' } },
            { field: { ...disclosure.field, fieldId: 14 } },
            { field: { ...disclosure.field, salt: new Uint8Array(16) } },
            { field: { ...disclosure.field, salt: new Uint8Array(3) } },
            { position: 1 },
            { position: 3 },
            { recordIndex: 1 },
            { path: disclosure.path.slice(1) },
            { logRoot: new Uint8Array(32) },
            { commitments: [...disclosure.commitments].reverse() },
            { commitments: disclosure.commitments.slice(1) },
        ];
        for (const change of changes) expect(verifyFieldDisclosure({ ...disclosure, ...change })).toBe(false);
    });

    it('commits different values, fields and salts to different hashes', () => {
        const salts = fc.uint8Array({ minLength: 16, maxLength: 16 });
        const field = fc.tuple(salts, fc.nat(65_535), fc.string({ unit: 'binary' }));
        fc.assert(
            fc.property(field, field, (left, right) => {
                const isSame = JSON.stringify(left) === JSON.stringify(right);
                const text = (value: string) => toHex(utf8(value));
                fc.pre(isSame || text(left[2]) !== text(right[2]) || left[1] !== right[1]);
                expect(toHex(commitField(...left)) === toHex(commitField(...right))).toBe(isSame);
            }),
        );
    });

    it('refuses malformed keys, salts, ids and endless values', () => {
        expect(() => deriveRecordKey(new Uint8Array(31), 0)).toThrow(MarketplaceError);
        expect(() => deriveRecordKey(new Uint8Array(32), -1)).toThrow(MarketplaceError);
        expect(() => deriveRecordKey(new Uint8Array(32), 1.5)).toThrow(MarketplaceError);
        expect(() => deriveFieldSalt(new Uint8Array(32), 65_536)).toThrow(MarketplaceError);
        expect(() => commitField(new Uint8Array(15), 1, '')).toThrow(MarketplaceError);
        expect(() => commitField(new Uint8Array(16), 1, 'x'.repeat(MAX_FIELD_VALUE_BYTES + 1))).toThrow(
            MarketplaceError,
        );
    });
});
