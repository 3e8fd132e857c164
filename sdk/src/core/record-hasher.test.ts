import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { concatBytes } from './bytes.js';
import { MarketplaceError } from './error.js';
import { deriveFieldSalts, deriveRecordKey, encodeRecord, MAX_FIELD_VALUE_BYTES } from './record-commitment.js';
import { RecordHasher } from './record-hasher.js';

/** Without lanes: as in a browser whose content policy allows no WebAssembly. */
async function createPortable(...input: ConstructorParameters<typeof RecordHasher>): Promise<RecordHasher> {
    vi.stubGlobal('WebAssembly', undefined);
    vi.resetModules();
    const { RecordHasher: Portable } = await import('./record-hasher.js');
    return new Portable(...input);
}

function expectRecord(hasher: RecordHasher, key: Uint8Array, ids: readonly number[], seq: number, values: string[]) {
    const salts = deriveFieldSalts(deriveRecordKey(key, seq), ids);
    const fields = salts.map((salt, index) => ({ salt, fieldId: ids[index]!, value: values[index] ?? '' }));
    expect(hasher.hash(seq, values)).toEqual(encodeRecord(fields));
    expect(hasher.salts(seq)).toEqual(concatBytes(...salts));
}

const keys = fc.uint8Array({ minLength: 32, maxLength: 32 });
const ids = fc.array(fc.nat(65_535), { maxLength: 20 });
const texts = fc.oneof(
    fc.string({ maxLength: 70 }),
    fc.string({ minLength: 28, maxLength: 36 }),
    fc.string({ unit: 'binary', maxLength: 40 }),
);
const records = fc.array(fc.tuple(fc.oneof(fc.nat(12), fc.maxSafeNat()), fc.array(texts, { maxLength: 20 })), {
    minLength: 1,
    maxLength: 8,
});

describe('RecordHasher', () => {
    afterEach(() => {
        vi.unstubAllGlobals();
        vi.resetModules();
    });
    it('gives the salts and commitments of one by one, in any order, of any values', () => {
        fc.assert(
            fc.property(keys, ids, records, (key, fieldIds, all) => {
                const hasher = new RecordHasher(key, fieldIds);
                for (const [seq, values] of all) expectRecord(hasher, key, fieldIds, seq, values);
            }),
        );
    });
    it('is not disturbed by another that hashes in between', () => {
        fc.assert(
            fc.property(keys, keys, ids, ids, records, (one, other, oneIds, otherIds, all) => {
                const [first, second] = [new RecordHasher(one, oneIds), new RecordHasher(other, otherIds)];
                for (const [seq, values] of all) {
                    expectRecord(first, one, oneIds, seq, values);
                    expectRecord(second, other, otherIds, seq, values);
                }
            }),
            { numRuns: 30 },
        );
    });
    it('gives the same without lanes, and with more fields than these hold', async () => {
        const key = new Uint8Array(32).fill(9);
        const many = Array.from({ length: 200 }, (_, index) => index);
        const values = many.map((index) => 'x'.repeat(index % 40));
        expectRecord(new RecordHasher(key, many), key, many, 5, values);
        const portable = await createPortable(key, [1, 2, 65_535]);
        for (const seq of [0, 3, 2 ** 40]) expectRecord(portable, key, [1, 2, 65_535], seq, ['a', 'é', '']);
    });
    it('writes into the target it is given, and nothing later changes what it gave', () => {
        const hasher = new RecordHasher(new Uint8Array(32), [1, 2]);
        const target = new Uint8Array(64);
        expect(hasher.hash(0, ['a', 'b'], target)).toBe(target);
        const before = Uint8Array.from(target);
        expect(hasher.hash(1, ['c', 'd'])).not.toEqual(before);
        expect(target).toEqual(before);
    });
    it('refuses keys, fields, targets and numbers of another form, and endless values', () => {
        expect(() => new RecordHasher(new Uint8Array(31), [1])).toThrow(MarketplaceError);
        expect(() => new RecordHasher(new Uint8Array(32), [65_536])).toThrow(MarketplaceError);
        const hasher = new RecordHasher(new Uint8Array(32), [1]);
        for (const seq of [-1, 0.5, Number.NaN, 2 ** 53])
            expect(() => hasher.hash(seq, [''])).toThrow(MarketplaceError);
        expect(() => hasher.salts(-1)).toThrow(MarketplaceError);
        expect(() => hasher.hash(0, [''], new Uint8Array(31))).toThrow(MarketplaceError);
        expect(() => hasher.hash(0, ['x'.repeat(MAX_FIELD_VALUE_BYTES + 1)])).toThrow(MarketplaceError);
    });
});
