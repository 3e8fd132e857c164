import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { mmdbOf } from './routing-mmdb.js';
import { createRouter, goesTo, healthOf, type RelayInput, viewOf } from './routing-support.js';
import { Cleanup, tempDir, until } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** As MaxMind, DB-IP and IPinfo write them; documentation ranges only. */
const asns = mmdbOf(
    {
        '192.0.2.0/24': { autonomous_system_number: 64_496, autonomous_system_organization: 'Example' },
        '198.51.100.0/24': { asn: 'AS64497', name: 'Example' },
        '2001:db8::/32': { autonomous_system_number: 64_498 },
    },
    'Test-ASN',
);
const cities = mmdbOf(
    {
        '192.0.2.0/24': { country: { iso_code: 'US' }, subdivisions: [{ iso_code: 'NY' }] },
        '192.0.2.128/25': { country: { iso_code: 'GB' }, subdivisions: [{ iso_code: 'ENG' }, { iso_code: 'WSM' }] },
        '198.51.100.0/24': { country_code: 'DE' },
        '2001:db8::/32': { country: 'JP' },
        '203.0.113.0/24': { country: { iso_code: 'not a code' }, subdivisions: 'x' },
    },
    'Test-City',
);
async function files(): Promise<{ asn: string; city: string; geo: { path: string; kind: 'asn' | 'city' }[] }> {
    const folder = await tempDir();
    const [asn, city] = [join(folder, 'asn.mmdb'), join(folder, 'city.mmdb')];
    await Promise.all([writeFile(asn, asns), writeFile(city, cities)]);
    return {
        asn,
        city,
        geo: [
            { path: asn, kind: 'asn' },
            { path: city, kind: 'city' },
        ],
    };
}
const relays: RelayInput[] = [
    { name: 'any' },
    { name: 'us', kind: 'countrycode', value: 'us' },
    { name: 'gb', kind: 'countrycode', value: 'gb' },
    { name: 'jp', kind: 'countrycode', value: 'jp' },
    { name: 'ny', kind: 'subdivisioncode', value: 'us-ny' },
    { name: 'westminster', kind: 'subdivisioncode', value: 'gb-wsm' },
    { name: 'england', kind: 'subdivisioncode', value: 'gb-eng' },
    { name: 'as64497', kind: 'asn', value: 'as64497' },
];

describe('footprints of networks and places', () => {
    it('are known by the mmdb files: network before subdivision before country before anybody', async () => {
        const { geo } = await files();
        const router = createRouter(viewOf(relays), { geo });
        const asked = ['192.0.2.1', '192.0.2.129', '198.51.100.1', '2001:db8::1', '203.0.113.1', '198.18.0.1'];
        expect(asked.map((address) => goesTo(router, address))).toEqual([
            'ny',
            'westminster',
            'as64497',
            'jp',
            'any',
            'any',
        ]);
        const sick = { ny: { healthy: false }, westminster: { healthy: false }, england: { healthy: false } };
        const other = createRouter(viewOf(relays), { geo, health: healthOf(sick) });
        expect(asked.slice(0, 2).map((address) => goesTo(other, address))).toEqual(['us', 'gb']);
    });

    it('come with source, type, date and part of the address space in the explanation', async () => {
        const { geo } = await files();
        const told = createRouter(viewOf(relays), { geo }).explain('192.0.2.200', '/');
        expect(told.viewer.country).toEqual({ value: 'gb', source: 'city.mmdb', prefixLength: 25 });
        expect(told.viewer.asns).toEqual([{ value: 64_496, source: 'asn.mmdb', prefixLength: 24 }]);
        expect(told.geo.map(({ path, databaseType, builtAtMs }) => [path, databaseType, builtAtMs])).toEqual([
            ['asn.mmdb', 'Test-ASN', 1_790_000_000_000],
            ['city.mmdb', 'Test-City', 1_790_000_000_000],
        ]);
        const none = createRouter(viewOf(relays)).explain('192.0.2.200', '/');
        expect(none.candidates.filter(({ reason }) => reason.includes('cannot be mapped'))).toHaveLength(7);
    });

    it('go by a replaced file without a restart; a damaged one is not taken over', async () => {
        const { city, geo } = await files();
        const router = createRouter(viewOf(relays), { geo });
        const replace = async (content: Uint8Array) => {
            await writeFile(`${city}.new`, content);
            await rename(`${city}.new`, city);
            await router.refreshGeo();
            await router.settled();
        };
        const whole = await readFile(city);
        for (const damaged of [Buffer.from('no mmdb'), whole.subarray(0, whole.length - 40), Buffer.alloc(0)]) {
            await replace(damaged);
            expect(goesTo(router, '192.0.2.1')).toBe('ny');
        }
        await replace(mmdbOf({ '192.0.2.0/24': { country: { iso_code: 'JP' } } }, 'Newer', 1_795_000_000));
        expect(goesTo(router, '192.0.2.1')).toBe('jp');
        expect(router.status().geo.map(({ databaseType }) => databaseType)).toEqual(['Test-ASN', 'Newer']);
    });

    it.each([
        ['is missing', null],
        ['is none', Buffer.from('x')],
    ])('stop the start if a file %s, and name it', async (_, content) => {
        const path = join(await tempDir(), 'geo.mmdb');
        if (content !== null) await writeFile(path, content);
        expect(() => createRouter(viewOf(relays), { geo: [{ path, kind: 'asn' }] })).toThrow(path);
    });
});

describe('contradictions', () => {
    it('between table, files and what nodes declare are told in status and explanation, by network only', async () => {
        const { geo, asn } = await files();
        const second = `${asn}.second`;
        await writeFile(second, mmdbOf({ '198.51.100.77/32': { country_code: 'FR' } }, 'Second'));
        const view = viewOf([
            { name: 'abroad', kind: 'ipv4cidr', value: '192.0.2.0/25', asn: 64_511 },
            { name: 'abroad', kind: 'countrycode', value: 'de' },
            { name: 'right', kind: 'ipv6cidr', value: '2001:db8::/48', asn: 64_498 },
        ]);
        const node = view.nodes.find(({ asn: declared }) => declared === 0);
        if (node) node.asn = 64_511;
        const router = createRouter(view, {
            asnPrefixes: { '64500': ['192.0.2.0/24'], '64498': ['2001:db8::/32'] },
            geo: [...geo, { path: second, kind: 'country' }],
        });
        await router.settled();
        await until(() => router.status().contradictionCount > 0, 'audited');
        const { contradictions } = router.status();
        expect(contradictions.map(({ kind, network }) => [kind, network])).toEqual([
            ['asn', '192.0.2.0/24'],
            ['declared asn', '192.0.2.0/25'],
            ['declared country', '192.0.2.0/25'],
        ]);
        expect(contradictions[0]?.says.map(({ value }) => value)).toEqual(['as64500', 'as64496']);
        const told = router.explain('198.51.100.77', '/').contradictions;
        expect(told.map(({ kind, network }) => [kind, network])).toEqual([['country', '198.51.100.0/24']]);
        expect(told[0]?.says).toEqual([
            { source: 'city.mmdb', value: 'de' },
            { source: 'asn.mmdb.second', value: 'fr' },
        ]);
    });
});
