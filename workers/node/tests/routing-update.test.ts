import { describe, expect, it } from 'vitest';
import type { TopologyView } from '../src/index.js';
import { createRouter, goesTo, type RelayInput, relayAddress, viewOf } from './routing-support.js';

const CLAIMS = 5_000;
const prefixOf = (i: number): string => `10.${i >> 8}.${i & 255}.0/24`;
const asked = Array.from(
    { length: 60 },
    (_, i) => `10.${((i * 149 * 60) % CLAIMS) >> 8}.${((i * 149 * 60) % CLAIMS) & 255}.9`,
);

/** Every prefix claimed by one RELAY; claims keep their addresses. */
function allOf(name: string): TopologyView {
    const relays: RelayInput[] = [{ name: 'a' }, { name: 'b' }];
    const view = viewOf(relays);
    const [pattern] = view.claims;
    if (pattern === undefined) throw new Error('a view has claims');
    const claims = Array.from({ length: CLAIMS }, (_, i) => ({
        ...pattern,
        address: `claim${String(i).padStart(39, '0')}`,
        node: relayAddress(name),
        footprint: { kind: 'ipv4cidr' as const, value: prefixOf(i) },
    }));
    const [contract] = view.contracts;
    if (contract === undefined) throw new Error('a view has a contract');
    return { ...view, claims, contracts: [{ ...contract, claims: claims.map(({ address }) => address) }] };
}
function routerOver(first: TopologyView | null) {
    const holder = { view: first };
    const topology = { current: () => holder.view, close: async () => undefined };
    return { holder, router: createRouter(null, { topology }) };
}
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a router whose view of the chain changes', () => {
    it('answers by the old one or by the new one, never by half of each, and answers meanwhile', async () => {
        const { holder, router } = routerOver(allOf('a'));
        await router.settled();
        expect(asked.every((address) => goesTo(router, address) === 'a')).toBe(true);
        holder.view = allOf('b');
        const rounds: string[] = [];
        for (let i = 0; i < 2_000 && rounds.at(-1) !== 'b'; i += 1) {
            rounds.push([...new Set(asked.map((address) => goesTo(router, address)))].join());
            await turn();
        }
        expect(new Set(rounds)).toEqual(new Set(['a', 'b']));
        expect(rounds.filter((round) => round === 'a').length).toBeGreaterThan(3);
        await router.close();
    });

    it('takes the newest over when it changes again meanwhile, and drops what is gone', async () => {
        const { holder, router } = routerOver(allOf('a'));
        holder.view = allOf('b');
        router.route('10.0.0.9', '/');
        await turn();
        const half = allOf('a');
        holder.view = { ...half, claims: half.claims.slice(0, CLAIMS / 2) };
        await router.settled();
        expect([goesTo(router, '10.0.0.9'), goesTo(router, '10.16.0.9')]).toEqual(['a', 'traditional']);
        expect(router.status()).toMatchObject({ claims: CLAIMS / 2, prefixes: CLAIMS / 2 });
        holder.view = { ...half, claims: [] };
        await router.settled();
        expect(router.status()).toMatchObject({ claims: 0, prefixes: 0 });
        await router.close();
    });

    it('keeps its table when a view says the same, and begins to route with its first view at once', async () => {
        const { holder, router } = routerOver(null);
        expect(goesTo(router, '10.0.0.9')).toBe('traditional');
        holder.view = allOf('a');
        expect(goesTo(router, '10.0.0.9')).toBe('a');
        const { tableVersion, tableBytes } = router.status();
        for (let i = 0; i < 3; i += 1) {
            holder.view = allOf('a');
            await router.settled();
        }
        expect(router.status()).toMatchObject({ tableVersion, tableBytes });
        await router.close();
    });

    it('notices what changes of a claim or its node besides the footprint', async () => {
        const changes: ((view: TopologyView) => unknown)[] = [
            ({ claims }) => Object.assign(claims[0] ?? {}, { isActive: false }),
            ({ claims }) => Object.assign(claims[0] ?? {}, { validUntilSecs: 1 }),
            ({ nodes }) => Object.assign(nodes[1] ?? {}, { isActive: false }),
            ({ nodes }) => Object.assign(nodes[1] ?? {}, { endpoints: [] }),
            ({ contracts }) => Object.assign(contracts[0] ?? {}, { state: 'closing' }),
            ({ contracts }) => Object.assign(contracts[0] ?? {}, { claims: [] }),
        ];
        for (const change of changes) {
            const { holder, router } = routerOver(viewOf([{ name: 'a' }]));
            expect(goesTo(router, '10.0.0.9')).toBe('a');
            const next = viewOf([{ name: 'a' }]);
            change(next);
            holder.view = next;
            await router.settled();
            expect(goesTo(router, '10.0.0.9')).toBe('traditional');
        }
    });
});
