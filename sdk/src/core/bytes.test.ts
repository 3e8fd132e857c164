import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    compareBytes,
    concatBytes,
    equalBytes,
    fromBase64,
    fromHex,
    fromUtf8,
    toBase64,
    toHex,
    utf8,
} from './bytes.js';
import { isMarketplaceError, MarketplaceError } from './error.js';
import { CORE_ERROR_MESSAGES } from './error-messages.js';

const anyBytes = fc.uint8Array({ maxLength: 100 });

describe('byte helpers', () => {
    it('writes hex and base64 as the platform does and reads them back', () => {
        fc.assert(
            fc.property(anyBytes, (bytes) => {
                expect(toHex(bytes)).toBe(Buffer.from(bytes).toString('hex'));
                expect(toBase64(bytes)).toBe(Buffer.from(bytes).toString('base64'));
                expect(fromHex(toHex(bytes))).toEqual(bytes);
                expect(fromHex(toHex(bytes).toUpperCase())).toEqual(bytes);
                expect(fromBase64(toBase64(bytes))).toEqual(bytes);
            }),
        );
    });

    it.each(['0', '0g', ' 00', '0x00', '00 00', '\u0660\u0660'])('refuses the hex "%s"', (text) => {
        expect(() => fromHex(text)).toThrow(MarketplaceError);
    });

    it.each(['A', 'AA', 'AA=', 'AAA', 'AB==', 'AAB=', 'AA=A', '====', 'A-A=', 'AAAA\n', ' AAAA'])(
        'refuses the base64 "%s"',
        (text) => {
            expect(() => fromBase64(text)).toThrow(MarketplaceError);
        },
    );

    it('orders, joins and compares bytes', () => {
        fc.assert(
            fc.property(anyBytes, anyBytes, (left, right) => {
                expect(Math.sign(compareBytes(left, right))).toBe(Buffer.compare(left, right));
                expect(equalBytes(left, right)).toBe(Buffer.from(left).equals(right));
                expect(toHex(concatBytes(left, right))).toBe(toHex(left) + toHex(right));
            }),
        );
    });

    it('reads text only from valid UTF-8', () => {
        expect(fromUtf8(utf8('\ufeffä€😀'))).toBe('\ufeffä€😀');
        expect(() => fromUtf8(Uint8Array.of(0xc3, 0x28))).toThrow(MarketplaceError);
    });
});

describe('MarketplaceError', () => {
    it('names the input and the remedy and keeps its cause', () => {
        const cause = new Error('below');
        const error = new MarketplaceError('MKT_CORE__SPLITS_SUM_WRONG', { sum: 9999 }, { cause });
        expect(error.message).toBe('The splits do not add up to 10000 basis points; correct the shares. (sum=9999)');
        expect(error.cause).toBe(cause);
        const own = new MarketplaceError('MKT_RUNTIME__PORT_BUSY', { port: 80 }, { message: 'Choose another port.' });
        expect(own.message).toBe('Choose another port. (port=80)');
    });

    it('is guarded by name and code, also across copies of the package', () => {
        const error = new MarketplaceError('MKT_CORE__LEAF_EMPTY');
        expect(isMarketplaceError(error)).toBe(true);
        expect(isMarketplaceError(error, 'MKT_CORE__LEAF_EMPTY')).toBe(true);
        expect(isMarketplaceError(error, 'MKT_CORE__HEX_INVALID')).toBe(false);
        const copy = Object.assign(new Error('x'), { name: 'MarketplaceError', code: 'MKT_CORE__LEAF_EMPTY' });
        expect(isMarketplaceError(copy, 'MKT_CORE__LEAF_EMPTY')).toBe(true);
        for (const other of [new Error('x'), null, undefined, 'x', { name: 'MarketplaceError', code: 'x' }]) {
            expect(isMarketplaceError(other)).toBe(false);
        }
    });

    it('describes any context within bounds and never throws', () => {
        fc.assert(
            fc.property(fc.dictionary(fc.string({ maxLength: 5 }), fc.anything(), { maxKeys: 4 }), (context) => {
                expect(new MarketplaceError('MKT_CORE__LEAF_EMPTY', context).message.length).toBeLessThan(6000);
            }),
        );
        const cyclic: Record<string, unknown> = {};
        cyclic.self = cyclic;
        expect(new MarketplaceError('MKT_CORE__LEAF_EMPTY', { cyclic }).message).toContain('unprintable');
    });

    it('has a well-formed code for every message of the table', () => {
        for (const code of Object.keys(CORE_ERROR_MESSAGES)) expect(code).toMatch(/^MKT_[A-Z]+__[A-Z0-9_]+$/);
    });
});
