import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/seeds.json' with { type: 'json' };
import { fromHex, toHex } from './bytes.js';
import { isMarketplaceError } from './error.js';
import { encodeU64, MAX_U64 } from './fields.js';
import { sha256 } from './hash.js';
import { computeRearmedSampleCount, computeSampleCount } from './sampling.js';
import { computeSeed, findSeedSlot, parseSlotHashes, type SlotHash } from './seed.js';

const CODES: Record<string, string> = {
    SeedSlotNotReached: 'MKT_CORE__SEED_SLOT_NOT_REACHED',
    SeedSlotMissed: 'MKT_CORE__SEED_SLOT_MISSED',
};
const encode = (slots: readonly bigint[]): Uint8Array => {
    const data = new Uint8Array(8 + 40 * slots.length);
    data.set(encodeU64(BigInt(slots.length)));
    slots.forEach((slot, i) => {
        data.set(encodeU64(slot), 8 + 40 * i);
        data.set(sha256(encodeU64(slot)), 16 + 40 * i);
    });
    return data;
};
const outcome = <T>(compute: () => T): T | string => {
    try {
        return compute();
    } catch (error) {
        if (!isMarketplaceError(error)) throw error;
        return error.code;
    }
};
/** The rule of protocol 6.7, entry by entry. */
const scan = (slots: readonly bigint[], target: bigint): bigint | string => {
    if (slots[0] === undefined || slots[0] < target) return 'MKT_CORE__SEED_SLOT_NOT_REACHED';
    const found = slots.find((slot, i) => {
        const older = slots[i + 1];
        return slot === target || (slot > target && older !== undefined && older < target);
    });
    return found ?? 'MKT_CORE__SEED_SLOT_MISSED';
};

describe('seeds and samples', () => {
    it('computes the seeds of the table', () => {
        for (const row of table.seeds) {
            const input = {
                slotHash: fromHex(row.slotHash),
                commitment: fromHex(row.commitment),
                root: fromHex(row.root),
            };
            expect(toHex(computeSeed(input))).toBe(row.seed);
            expect(() => computeSeed({ ...input, root: new Uint8Array(31) })).toThrow('field="root"');
        }
    });

    it('finds the seed slots of the table', () => {
        for (const row of table.lookups as { slots: string[]; target: string; slot?: string; error?: string }[]) {
            const slotHashes = parseSlotHashes(encode(row.slots.map(BigInt)));
            const found = outcome(() => findSeedSlot(slotHashes, BigInt(row.target)));
            if (row.error !== undefined) expect(found).toBe(CODES[row.error]);
            else {
                const slot = BigInt(row.slot as string);
                expect(found).toEqual({ slot, hash: sha256(encodeU64(slot)) });
            }
        }
    });

    it('refuses slot hashes that are cut off or too many', () => {
        const data = [
            ...table.malformed.map((row) => fromHex(row.data)),
            encode(Array.from({ length: 513 }, (_, i) => BigInt(600 - i))),
        ];
        for (const bytes of data) {
            expect(outcome(() => parseSlotHashes(bytes))).toBe('MKT_CORE__SLOT_HASHES_MALFORMED');
        }
        expect(parseSlotHashes(encode(Array.from({ length: 512 }, (_, i) => BigInt(600 - i))))).toHaveLength(512);
    });

    it('reads a sysvar with room behind its entries', () => {
        const data = new Uint8Array(20_488);
        data.set(encode([7n, 5n]));
        expect(parseSlotHashes(data).map(({ slot }) => slot)).toEqual([7n, 5n]);
    });

    it('finds what a scan finds, and nothing but refusals in hostile bytes', () => {
        const slots = fc.uniqueArray(fc.oneof(fc.bigInt(0n, 60n), fc.bigInt(0n, MAX_U64)), { maxLength: 40 });
        const target = fc.oneof(fc.bigInt(0n, 62n), fc.bigInt(0n, MAX_U64));
        fc.assert(
            fc.property(slots, target, (unordered, wanted) => {
                const ordered = [...unordered].sort((a, b) => (a < b ? 1 : -1));
                const found = outcome(() => findSeedSlot(parseSlotHashes(encode(ordered)), wanted));
                expect(typeof found === 'string' ? found : found.slot).toBe(scan(ordered, wanted));
            }),
        );
        fc.assert(
            fc.property(fc.uint8Array({ maxLength: 200 }), target, (bytes, wanted) => {
                const found = outcome((): SlotHash => findSeedSlot(parseSlotHashes(bytes), wanted));
                expect(typeof found === 'string' || found.slot >= wanted).toBe(true);
            }),
        );
    });

    it('counts the samples of the table', () => {
        for (const { gross, count } of table.sampleCounts) expect(computeSampleCount(BigInt(gross))).toBe(count);
        for (const { count, rearmed } of table.rearmed) expect(computeRearmedSampleCount(count)).toBe(rearmed);
        expect(outcome(() => computeSampleCount(-1n))).toBe('MKT_CORE__FIELD_OUT_OF_RANGE');
        expect(outcome(() => computeRearmedSampleCount(0.5))).toBe('MKT_CORE__FIELD_OUT_OF_RANGE');
    });
});
