import { describe, expect, it } from 'vitest';
import { readViewerAddress } from './server/viewer-address';

const from = (value: string) => readViewerAddress(new Headers({ 'x-forwarded-for': value }));

describe('readViewerAddress', () => {
    it('gives the first address, IPv4 without its IPv6 clothes', () => {
        expect(from('192.0.2.1, 10.0.0.1')).toBe('192.0.2.1');
        expect(from('::ffff:127.0.0.1')).toBe('127.0.0.1');
        expect(from('2001:db8::1')).toBe('2001:db8::1');
    });

    it('gives none for anything else', () => {
        expect(readViewerAddress(new Headers())).toBeNull();
        expect(from('<script>')).toBeNull();
        expect(from('1'.repeat(100))).toBeNull();
    });
});
