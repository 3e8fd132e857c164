import { isIP } from 'node:net';
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import { describe, expect, it } from 'vitest';
import { AddressBits, parseAddressInto } from '../src/routing/address.js';
import { parsePrefixBits } from '../src/routing/prefix-bits.js';

/** What Node and another library read, in our form; null if it is no address. */
function other(text: string): { family: 4 | 6; words: number[] } | null {
    const family = isIP(text);
    if (family === 0) return null;
    // That library takes `::1.2.3.4` for a mapped address, so it gets what a URL makes of it.
    const plain = family === 4 ? text : new URL(`http://[${text.split('%', 1)[0] ?? ''}]/`).hostname.slice(1, -1);
    const address = ipaddr.process(plain);
    const bytes = address.toByteArray();
    const words = [0, 4, 8, 12].map((at) => {
        const [a = 0, b = 0, c = 0, d = 0] = bytes.slice(at, at + 4);
        return (a << 24) | (b << 16) | (c << 8) | d;
    });
    return { family: address.kind() === 'ipv4' ? 4 : 6, words };
}
function ours(text: string): { family: 4 | 6; words: number[] } | null {
    const bits = new AddressBits();
    return parseAddressInto(text, bits) ? { family: bits.family, words: [...bits.words] } : null;
}

const bytes = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    // Long runs of zeros are where the short forms differ; mapped addresses are IPv4.
    fc.array(fc.constantFrom(0, 0, 0, 1, 255), { minLength: 16, maxLength: 16 }).map((list) => Uint8Array.from(list)),
    fc.uint8Array({ minLength: 4, maxLength: 4 }).map((quad) => Uint8Array.of(...Array(10).fill(0), 255, 255, ...quad)),
);
const texts = bytes.map((list) => {
    const address = ipaddr.fromByteArray([...list]);
    const quad = list.slice(-4).join('.');
    const forms = [address.toString(), address.toNormalizedString(), address.toString().toUpperCase()];
    if (list.length === 16) {
        const head = ipaddr.fromByteArray([...list.slice(0, 12), 0, 1, 0, 1]).toNormalizedString();
        forms.push(`${head.slice(0, -4)}:${quad}`, `${address.toString()}%eth0`);
    }
    return forms;
});

describe('an address', () => {
    it('is read in every form as another library reads it', () => {
        fc.assert(
            fc.property(texts, (forms) => {
                for (const form of forms) expect([form, ours(form)]).toEqual([form, other(form)]);
            }),
            { numRuns: 2_000 },
        );
    });

    it('is none where a text is damaged so that Node finds none', () => {
        const damage = fc.tuple(texts, fc.nat(40), fc.constantFrom('', ':', '.', '0', 'f', '%', 'g', '1.2', '::', ' '));
        fc.assert(
            fc.property(damage, ([forms, place, piece]) => {
                const text = forms[0] ?? '';
                const damaged = text.slice(0, place) + piece + text.slice(place + 1);
                expect([damaged, ours(damaged)]).toEqual([damaged, other(damaged)]);
            }),
            { numRuns: 5_000 },
        );
    });

    it.each([
        '',
        ':',
        ':::',
        '1::2::3',
        '1:2:3:4:5:6:7:8:9',
        '1:2:3:4:5:6:7',
        '1:2:3:4:5:6:7:8::',
        '::1:2:3:4:5:6:7:8',
        '12345::',
        '::1.2.3',
        '1:2:3:4:5:6:7:1.2.3.4',
        '::1.2.3.4:5',
        '::01.2.3.4',
        '1.2.3.4.5',
        '01.2.3.4',
        '256.1.1.1',
        '1.2.3.4 ',
        '2130837504',
        '1.2.3.4%eth0',
        `::1%${'x'.repeat(64)}`,
        '\u0661.2.3.4',
        '::\u0131',
    ])('is not "%s"', (text) => expect(ours(text)).toBeNull());

    it('is kept in the same place for the next', () => {
        const bits = new AddressBits();
        parseAddressInto('2001:db8:1:2:3:4:5:6', bits);
        parseAddressInto('192.0.2.1', bits);
        expect([bits.family, ...bits.words]).toEqual([4, 0xc0000201 | 0, 0, 0, 0]);
    });
});

describe('a prefix', () => {
    it.each([
        ['192.0.2.0/24', 4, 24],
        ['0.0.0.0/0', 4, 0],
        ['::/0', 6, 0],
        ['2001:db8::/128', 6, 128],
        ['::ffff:192.0.2.0/120', 4, 24],
        ['::ffff:0:0/96', 4, 0],
        ['::ffff:0:0/95', 6, 95],
    ])('%s is of IPv%i and %i bits long', (text, family, length) => {
        const prefix = parsePrefixBits(text);
        expect([prefix?.bits.family, prefix?.length]).toEqual([family, length]);
    });

    it.each(['192.0.2.0', '192.0.2.0/33', '::/129', '::/-1', '::/01', '::/', '/8', 'x/8', '::%1/64', '1.2.3.4/8/8'])(
        'is not "%s"',
        (text) => expect(parsePrefixBits(text)).toBeNull(),
    );
});
