import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressBits, parseAddressInto } from '../src/routing/address.js';
import { parsePrefixBits } from '../src/routing/prefix-bits.js';
import { MAX_COVERING, PrefixTable } from '../src/routing/table/prefix-table.js';

type Entry = { family: 4 | 6; bits: string; value: number };
const bitsOf = (text: string): { family: 4 | 6; bits: string } => {
    const out = new AddressBits();
    if (!parseAddressInto(text, out)) throw new Error(`no address: ${text}`);
    const words = out.family === 4 ? out.words.subarray(0, 1) : out.words;
    return { family: out.family, bits: [...words].map((word) => (word >>> 0).toString(2).padStart(32, '0')).join('') };
};

/** Looks at every prefix for every address. */
class Model {
    readonly entries = new Map<string, Entry>();
    set(text: string, value: number | null): void {
        const prefix = parsePrefixBits(text) ?? expect.fail(text);
        const own = bitsOf(text.slice(0, text.indexOf('/')));
        // A mapped network shorter than 96 bits is one of IPv6.
        const bits = own.family === prefix.bits.family ? own.bits : `${'0'.repeat(80)}${'1'.repeat(16)}${own.bits}`;
        const key = `${prefix.bits.family}/${prefix.length}/${bits.slice(0, prefix.length)}`;
        if (value === null) this.entries.delete(key);
        else this.entries.set(key, { family: prefix.bits.family, bits: bits.slice(0, prefix.length), value });
    }
    covering(address: string): [number, number][] {
        const { family, bits } = bitsOf(address);
        return [...this.entries.values()]
            .filter((entry) => entry.family === family && bits.startsWith(entry.bits))
            .map((entry): [number, number] => [entry.value, entry.bits.length])
            .sort((a, b) => a[1] - b[1]);
    }
}
const values = new Int32Array(MAX_COVERING);
const lengths = new Uint8Array(MAX_COVERING);
function covering(table: PrefixTable, address: string): [number, number][] {
    const out = new AddressBits();
    parseAddressInto(address, out);
    const count = table.covering(out, values, lengths);
    const found = Array.from({ length: count }, (_, i): [number, number] => [values[i] ?? -1, lengths[i] ?? -1]);
    expect(table.longest(out)).toBe(found.at(-1)?.[0] ?? -1);
    return found;
}
function change(table: PrefixTable, text: string, value: number | null): void {
    const { bits, length } = parsePrefixBits(text) ?? expect.fail(text);
    if (value === null) table.delete(bits, length);
    else table.set(bits, length, value);
}

/** Few different bits, so that prefixes meet. */
const octet = fc.constantFrom(0, 1, 127, 128, 254, 255);
const ipv4 = fc.tuple(octet, octet, octet, octet).map((quad) => quad.join('.'));
const group = fc.constantFrom('0', '1', '8000', 'ffff', 'db8');
const ipv6 = fc.array(group, { minLength: 8, maxLength: 8 }).map((all) => ['2001', ...all.slice(1)].join(':'));
const mapped = ipv4.map((quad) => `::ffff:${quad}`);
const prefix = fc.oneof(
    fc.tuple(ipv4, fc.nat(32)).map(([address, length]) => `${address}/${length}`),
    fc.tuple(ipv6, fc.nat(128)).map(([address, length]) => `${address}/${length}`),
    fc.tuple(mapped, fc.integer({ min: 90, max: 128 })).map(([address, length]) => `${address}/${length}`),
);
const address = fc.oneof(ipv4, ipv6, mapped);
const edit = fc.record({ prefix, value: fc.option(fc.nat(1_000_000), { freq: 3 }) });

describe('the table of prefixes', () => {
    it('finds what a walk over all prefixes finds, and shows a draft only when it is published', () => {
        const batches = fc.array(fc.array(edit, { maxLength: 40 }), { maxLength: 12 });
        fc.assert(
            fc.property(batches, fc.array(address, { minLength: 1, maxLength: 25 }), (all, asked) => {
                const table = new PrefixTable();
                const model = new Model();
                for (const batch of all) {
                    const before = asked.map((one) => model.covering(one));
                    for (const { prefix: text, value } of batch) {
                        change(table, text, value);
                        model.set(text, value);
                        const at = model.entries.size % asked.length;
                        expect(covering(table, asked[at] ?? '')).toEqual(before[at]);
                    }
                    expect(asked.map((one) => covering(table, one))).toEqual(before);
                    table.publish();
                    expect(asked.map((one) => covering(table, one))).toEqual(asked.map((one) => model.covering(one)));
                    expect(table.size).toBe(model.entries.size);
                }
            }),
            { numRuns: 300 },
        );
    });

    it('covers everything of one family by the prefix without bits, and nothing of the other', () => {
        const table = new PrefixTable();
        change(table, '0.0.0.0/0', 7);
        table.publish();
        expect(covering(table, '198.51.100.1')).toEqual([[7, 0]]);
        expect(covering(table, '::ffff:198.51.100.1')).toEqual([[7, 0]]);
        expect(covering(table, '2001:db8::1')).toEqual([]);
        change(table, '0.0.0.0/0', null);
        change(table, '::/0', 8);
        table.publish();
        expect([covering(table, '198.51.100.1'), covering(table, '2001:db8::1')]).toEqual([[], [[8, 0]]]);
    });

    it('names every one of the 129 prefixes that can cover an address', () => {
        const table = new PrefixTable();
        for (let length = 0; length <= 128; length += 1) change(table, `2001:db8::1/${length}`, length);
        table.publish();
        expect(covering(table, '2001:db8::1')).toEqual(Array.from({ length: 129 }, (_, length) => [length, length]));
    });

    it('takes no more memory for the thousandth replacement of its content than for the second', () => {
        const table = new PrefixTable();
        const all = Array.from({ length: 3_000 }, (_, i) => `10.${i >> 6}.${(i & 63) << 2}.0/${22 + (i % 3)}`);
        const replace = (round: number): void => {
            for (const [place, text] of all.entries()) change(table, text, (place + round) % 2 === 0 ? place : null);
            table.publish();
        };
        for (let round = 0; round < 4; round += 1) replace(round);
        const { bytes } = table;
        for (let round = 0; round < 100; round += 1) replace(round);
        expect(table.bytes).toBe(bytes);
    });
});
