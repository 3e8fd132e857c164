import { failureForecast } from '@ocm/sdk/http';
import { describe, expect, it } from 'vitest';
import { createRouter, goesTo, healthOf, type RelayInput, relayAddress, viewOf } from './routing-support.js';

const relays: RelayInput[] = [
    { name: 'near', kind: 'ipv4cidr', value: '198.18.0.0/16', kilobitsPerSecond: 1_000_000 },
    { name: 'twin', kind: 'ipv4cidr', value: '198.18.0.0/16', kilobitsPerSecond: 3_000_000 },
    { name: 'wide', kilobitsPerSecond: 1_000_000 },
    { name: 'alone', kind: 'ipv4cidr', value: '203.0.113.0/24' },
    { name: 'six', kind: 'ipv6cidr', value: '2001:db8::/32' },
];
const LOADS = { near: 400_000, twin: 1_200_000, wide: 100_000, alone: 900_000 };
const WITH_HTTPS = ['twin', 'wide', 'six'];
const addresses = [
    ...Array.from({ length: 3_000 }, (_, index) => `198.18.${index >> 8}.${index & 255}`),
    ...Array.from({ length: 200 }, (_, index) => (index % 2 ? `203.0.113.${index}` : `2001:db8:${index}::1`)),
];
/** Every third asks by https, in every network. */
const viewers = addresses.map((address, index) => ({ address, isSecure: index % 3 === 0 }));

interface Counts {
    viewers: number;
    httpsViewers: number;
}
/** Where viewers of a node go: told beforehand, and as it comes when the node is down. */
function compare(without: string) {
    const view = viewOf(relays);
    const seen: Parameters<typeof healthOf>[0] = {};
    for (const [name, load] of Object.entries(LOADS)) seen[name] = { loadKilobitsPerSecond: load };
    for (const name of WITH_HTTPS) seen[name] = { ...seen[name], publicUrl: `https://${name}.example` };
    const router = createRouter(view, { health: healthOf(seen) });
    const moving = viewers.filter((viewer) => goesTo(router, viewer.address, viewer) === without);
    const forecast = failureForecast.parse(router.forecast(relayAddress(without)));
    seen[without] = { ...seen[without], healthy: false };
    const after = createRouter(view, { health: healthOf(seen) });
    const actual = new Map<string | null, Counts>();
    for (const { address, isSecure } of moving) {
        const { node } = after.route(address, '/', { isSecure });
        const { viewers: all, httpsViewers } = actual.get(node) ?? { viewers: 0, httpsViewers: 0 };
        actual.set(node, { viewers: all + 1, httpsViewers: httpsViewers + Number(isSecure) });
    }
    return { forecast, actual, moving };
}

describe('the forecast of a failure', () => {
    it.each(['near', 'twin', 'wide', 'alone', 'six'])('says where the viewers of "%s" then go', (without) => {
        const { forecast, actual, moving } = compare(without);
        expect(moving.length).toBeGreaterThan(30);
        expect(forecast.viewers).toBe(moving.length);
        expect(forecast.httpsViewers).toBe(moving.filter(({ isSecure }) => isSecure).length);
        const told = forecast.moved.map(({ node, viewers: all, httpsViewers }) => [
            node,
            { viewers: all, httpsViewers },
        ]);
        expect(Object.fromEntries(told)).toEqual(Object.fromEntries(actual));
    });
    it.each([
        ['near', { twin: 'http' }],
        ['twin', { near: 'http', wide: 'https' }],
        ['wide', { traditional: 'https' }],
        ['alone', { wide: 'http' }],
        ['six', { wide: 'both' }],
    ])('leads who asks "%s" by https to https alone', (without, expected) => {
        const { moved } = compare(without).forecast;
        const nameOf = (node: string | null): string =>
            relays.find(({ name }) => relayAddress(name) === node)?.name ?? 'traditional';
        const schemeOf = ({ viewers: all, httpsViewers }: Counts): string => {
            if (httpsViewers === 0) return 'http';
            return httpsViewers === all ? 'https' : 'both';
        };
        expect(Object.fromEntries(moved.map((to) => [nameOf(to.node), schemeOf(to)]))).toEqual(expected);
    });
    it('says how much each would take over, and who could not carry it', () => {
        const { forecast } = compare('alone');
        expect(forecast.loadKilobitsPerSecond).toBe(900_000);
        expect(forecast.moved).toEqual([
            {
                node: relayAddress('wide'),
                viewers: forecast.viewers,
                httpsViewers: 0,
                kilobitsPerSecond: 900_000,
                limitKilobitsPerSecond: 1_000_000,
                isOverloaded: false,
            },
        ]);
        const { moved, viewers: all } = compare('twin').forecast;
        for (const { viewers: count, kilobitsPerSecond } of moved)
            expect(kilobitsPerSecond).toBe(Math.round((1_200_000 * count) / all));
        // What asks by https does not come to it, and still it is too much.
        const near = moved.find(({ node }) => node === relayAddress('near'));
        expect(near?.kilobitsPerSecond).toBeLessThan(1_200_000);
        expect(near).toMatchObject({ limitKilobitsPerSecond: 1_000_000, isOverloaded: true });
    });
    it('knows nothing of a node to which nobody went', () => {
        const router = createRouter(viewOf(relays));
        expect(router.forecast(relayAddress('near'))).toMatchObject({ viewers: 0, httpsViewers: 0, moved: [] });
    });
});
