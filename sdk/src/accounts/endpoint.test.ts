import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEndpoints, encodeEndpoints } from './endpoint.js';

describe('endpoints', () => {
    it('of IPv4 are stored as IPv4-mapped IPv6', () => {
        const [first, second] = encodeEndpoints([{ ip: '192.0.2.7', port: 443 }]);
        expect(first).toEqual({ ip: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 192, 0, 2, 7), port: 443 });
        expect(second).toEqual({ ip: new Uint8Array(16), port: 0 });
    });

    it('come back as the text that was given', () => {
        const ip = fc.oneof(fc.ipV4(), fc.constantFrom('2001:db8::7', '::1', 'fe80::1:2', '2001:db8:1:2:3:4:5:6'));
        const endpoint = fc.record({ ip, port: fc.integer({ min: 1, max: 65_535 }) });
        fc.assert(
            fc.property(fc.array(endpoint, { minLength: 1, maxLength: 2 }), (endpoints) => {
                expect(decodeEndpoints(encodeEndpoints(endpoints))).toEqual(endpoints);
            }),
        );
    });

    it.each([
        ['no endpoint', []],
        ['three endpoints', new Array(3).fill({ ip: '192.0.2.7', port: 1 })],
        ['port 0', [{ ip: '192.0.2.7', port: 0 }]],
        ['a port above 16 bits', [{ ip: '192.0.2.7', port: 65_536 }]],
        ['a host name', [{ ip: 'node.example', port: 1 }]],
        ['an IPv4 address in short form', [{ ip: '127.1', port: 1 }]],
        ['an octal IPv4 address', [{ ip: '010.0.0.1', port: 1 }]],
        ['an address with a prefix', [{ ip: '192.0.2.0/24', port: 1 }]],
        ['an address with a zone', [{ ip: 'fe80::1%eth0', port: 1 }]],
        ['nothing', [{ ip: '', port: 1 }]],
    ])('refuse %s', (_name, endpoints) => {
        expect(() => encodeEndpoints(endpoints)).toThrow(
            expect.objectContaining({ code: 'MKT_SDK__ARGUMENT_INVALID' }),
        );
    });
});
