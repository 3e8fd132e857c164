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
const viewers = Array.from({ length: 3_000 }, (_, index) => `198.18.${index >> 8}.${index & 255}`);
const others = Array.from({ length: 200 }, (_, index) => (index % 2 ? `203.0.113.${index}` : `2001:db8:${index}::1`));
const LOADS = { near: 400_000, twin: 1_200_000, wide: 100_000, alone: 900_000 };

/** Where viewers of a node go: told beforehand, and as it comes when the node is down. */
function compare(without: string) {
    const view = viewOf(relays);
    const seen: Parameters<typeof healthOf>[0] = {};
    for (const [name, load] of Object.entries(LOADS)) seen[name] = { loadKilobitsPerSecond: load };
    const router = createRouter(view, { health: healthOf(seen) });
    const all = [...viewers, ...others];
    const moving = all.filter((viewer) => goesTo(router, viewer) === without);
    const forecast = failureForecast.parse(router.forecast(relayAddress(without)));
    seen[without] = { ...seen[without], healthy: false };
    const after = createRouter(view, { health: healthOf(seen) });
    const actual = new Map<string | null, number>();
    for (const viewer of moving) {
        const { node } = after.route(viewer, '/');
        actual.set(node, (actual.get(node) ?? 0) + 1);
    }
    return { forecast, actual, moving };
}

describe('the forecast of a failure', () => {
    it.each(['near', 'twin', 'wide', 'alone', 'six'])('says where the viewers of "%s" then go', (without) => {
        const { forecast, actual, moving } = compare(without);
        expect(forecast.viewers).toBe(moving.length);
        expect(new Map(forecast.moved.map(({ node, viewers: count }) => [node, count]))).toEqual(actual);
    });
    it('says how much each would take over, and who could not carry it', () => {
        const { forecast } = compare('alone');
        expect(forecast.loadKilobitsPerSecond).toBe(900_000);
        expect(forecast.moved).toEqual([
            {
                node: relayAddress('wide'),
                viewers: forecast.viewers,
                kilobitsPerSecond: 900_000,
                limitKilobitsPerSecond: 1_000_000,
                isOverloaded: false,
            },
        ]);
        const near = compare('twin').forecast.moved.find(({ node }) => node === relayAddress('near'));
        expect(near).toMatchObject({ kilobitsPerSecond: 1_200_000, isOverloaded: true });
    });
    it('knows nothing of a node to which nobody went', () => {
        const router = createRouter(viewOf(relays));
        expect(router.forecast(relayAddress('near'))).toMatchObject({ viewers: 0, moved: [] });
    });
});
