import { describe, expect, it, vi } from 'vitest';
import { BeaconChain } from './routing-beacon-support.js';
import { BEACON, beacon, NEIGHBOUR, PUBLIC, proofOf } from './routing-device-support.js';
import { createRouter, NOW_MS, viewOf } from './routing-support.js';
import { eventually, fixedTopology, named, silent } from './support.js';

type Options = Parameters<typeof createRouter>[1] & object;

/** @param chain what stands there before the router looks for the first time */
function setUp({ beacons = [], maxBeacons = 10, ...more }: Partial<Options> = {}, chain = new BeaconChain()) {
    const clock = { nowMs: NOW_MS };
    const view = viewOf([{ name: 'only' }]);
    const topology = { ...fixedTopology(view), findBeacon: chain.findBeacon };
    const router = createRouter(view, { topology, beacons, maxBeacons, now: () => clock.nowMs, ...more });
    const proofsOf = (name: string) => chain.register(named(name).address);
    return { chain, clock, router, proofsOf };
}
const coded = (code: string) => expect.objectContaining({ code: `MKT_NODE__${code}` });
const stale = coded('DEVICE_PROOF_STALE');

describe('a BEACON that is registered on chain and in no config', () => {
    it('gets a token by its key there, which leads its household to it', async () => {
        const { router, chain } = setUp();
        const { token } = await router.register(chain.register(BEACON)(), PUBLIC);
        expect(router.route(PUBLIC, '/a', { device: token })).toMatchObject({
            decision: 'beacon',
            node: BEACON,
            location: 'http://192.168.1.20:8080/a',
        });
        expect(router.route(PUBLIC, '/a').decision).toBe('relay');
        const [own] = router.explain(PUBLIC, '/a', { device: token }).candidates;
        expect(own).toMatchObject({ chosen: true, reason: 'the token is of its household, by its key on chain' });
        expect(router.status().beacons).toEqual({ configured: 0, registered: 1, lookups: 1, lookupFailures: 0 });
    });

    it('is not found by the address that it names: that proves nothing', async () => {
        const { router, chain } = setUp();
        await router.register(chain.register(BEACON)({ host: '198.51.100.7' }), '198.51.100.7');
        expect(router.route('198.51.100.7', '/').decision).toBe('relay');
    });

    it.each([
        ['8.8.8.8', PUBLIC],
        ['127.0.0.1', PUBLIC],
        ['169.254.169.254', PUBLIC],
        ['100.64.7.10', PUBLIC],
        ['2001:db8:1:300::1', '2001:db8:1:200::20'],
        ['2001:db8::1', PUBLIC],
    ])('may not lead viewers to %s, when it asks from %s', async (host, from) => {
        const { router, chain } = setUp();
        await expect(router.register(chain.register(BEACON)({ host }), from)).rejects.toThrow(
            coded('DEVICE_HOST_FOREIGN'),
        );
        expect(router.status().beacons?.registered).toBe(0);
    });

    it.each([
        ['10.1.2.3', PUBLIC],
        [PUBLIC, PUBLIC],
        ['fd00::20', '2001:db8:1:200::20'],
        ['2001:db8:1:2ff::1', '2001:db8:1:200::20'],
    ])('may lead its viewers to %s, when it asks from %s', async (host, from) => {
        const { router, chain } = setUp();
        const { token } = await router.register(chain.register(BEACON)({ host }), from);
        expect(router.route(from, '/', { device: token }).decision).toBe('beacon');
    });

    it('is refused if it is not there, has left, or its owner is jailed; the tokens of one that leaves end', async () => {
        const { router, chain, clock } = setUp();
        await expect(router.register(proofOf(), PUBLIC)).rejects.toThrow(coded('BEACON_UNKNOWN'));
        for (const state of ['exiting', 'jailed'] as const) {
            const address = named(state).address;
            const proofs = chain.register(address, state);
            await expect(router.register(proofs(), PUBLIC)).rejects.toThrow(coded('BEACON_INACTIVE'));
        }
        const proofs = chain.register(NEIGHBOUR);
        const { token } = await router.register(proofs(), PUBLIC);
        const device = () => router.explain(PUBLIC, '/', { device: token }).viewer.device;
        expect(device()).toBe('accepted');
        chain.set(NEIGHBOUR, 'exiting');
        clock.nowMs += 61_000;
        const again = proofs({ timestampMs: clock.nowMs });
        await expect(router.register(again, PUBLIC)).rejects.toThrow(coded('BEACON_INACTIVE'));
        expect(device()).toBe('of an unknown BEACON');
        chain.accounts.set(NEIGHBOUR, null);
        clock.nowMs += 61_000;
        const closed = proofs({ timestampMs: clock.nowMs });
        await expect(router.register(closed, PUBLIC)).rejects.toThrow(coded('BEACON_UNKNOWN'));
    });

    it('gets none by another key, nor twice for one proof, however often it comes while the chain is asked', async () => {
        const { router, chain, proofsOf } = setUp();
        const proofs = chain.register(BEACON);
        const others = proofsOf('another');
        for (const lie of [others({ beacon: BEACON }), { ...proofs(), port: 8081 }, { ...others(), beacon: BEACON }]) {
            await expect(router.register(lie, PUBLIC)).rejects.toThrow(coded('DEVICE_PROOF_INVALID'));
        }
        expect(router.status().beacons?.registered).toBe(0);
        const proof = proofs();
        const outcomes = await Promise.allSettled([1, 2, 3].map((last) => router.register(proof, `203.0.113.${last}`)));
        expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
        await expect(router.register(proof, PUBLIC)).rejects.toThrow(stale);
    });

    it('makes nobody ask the chain by a proof that is stale, nor more than once a minute', async () => {
        const { router, chain, clock } = setUp();
        for (const timestampMs of [NOW_MS - 60_001, NOW_MS + 60_001]) {
            await expect(router.register(proofOf({ timestampMs }), PUBLIC)).rejects.toThrow(stale);
        }
        expect(chain.asked).toEqual([]);
        for (let time = 0; time < 5; time += 1) {
            await expect(router.register(proofOf(), PUBLIC)).rejects.toThrow(coded('BEACON_UNKNOWN'));
        }
        expect(chain.asked).toEqual([BEACON]);
        clock.nowMs += 60_000;
        const later = chain.register(BEACON)({ timestampMs: clock.nowMs });
        await router.register(later, PUBLIC);
        expect(chain.asked).toEqual([BEACON, BEACON]);
    });

    it('takes nothing from others: a line that asks for many is bounded, and so are all lines together', async () => {
        const { router, chain, proofsOf } = setUp();
        const codes = async (count: number, from: (index: number) => string): Promise<string[]> => {
            const asked = Array.from({ length: count }, (_, index) =>
                router.register(proofOf({ beacon: named(`${from(index)} ${index}`).address }), from(index)),
            );
            const settled = await Promise.allSettled(asked);
            return settled.map((outcome) => (outcome.status === 'rejected' ? outcome.reason.code : 'token'));
        };
        const ofOneLine = await codes(12, (index) => `203.0.113.${index}`);
        expect(ofOneLine.filter((code) => code === 'MKT_NODE__BEACON_UNKNOWN')).toHaveLength(6);
        expect(ofOneLine.filter((code) => code === 'MKT_NODE__BEACON_UNREADABLE')).toHaveLength(6);
        expect((await router.register(proofsOf('a neighbour')(), PUBLIC)).token).toBeDefined();
        for (let round = 0; round < 10; round += 1) await codes(10, (index) => `198.51.${10 * round + index}.1`);
        expect(chain.asked).toHaveLength(40);
    });

    it('goes on for an hour while the chain cannot be read; a new one waits', async () => {
        const { router, chain, clock, proofsOf } = setUp();
        const proofs = chain.register(BEACON);
        await router.register(proofs(), PUBLIC);
        const down = new Error('connection refused');
        const newcomer = proofsOf('a newcomer');
        for (const address of chain.accounts.keys()) chain.accounts.set(address, down);
        clock.nowMs += 3_599_000;
        expect((await router.register(proofs({ timestampMs: clock.nowMs }), PUBLIC)).token).toBeDefined();
        const late = newcomer({ timestampMs: clock.nowMs });
        await expect(router.register(late, PUBLIC)).rejects.toThrow(coded('BEACON_UNREADABLE'));
        clock.nowMs += 1_000;
        const tooLate = proofs({ timestampMs: clock.nowMs });
        await expect(router.register(tooLate, PUBLIC)).rejects.toThrow(coded('BEACON_UNREADABLE'));
        expect(router.status().beacons?.lookupFailures).toBe(3);
    });

    it('waits where as many are known as may be, until one lapses', async () => {
        const { router, clock, proofsOf } = setUp({ maxBeacons: 2 });
        const [one, two, three] = ['one', 'two', 'three'].map(proofsOf);
        await router.register(one!(), PUBLIC);
        clock.nowMs += 1_000;
        const { token } = await router.register(two!(), PUBLIC);
        const full = coded('BEACONS_FULL');
        await expect(router.register(three!(), PUBLIC)).rejects.toThrow(full);
        clock.nowMs += 899_000;
        await router.register(three!({ timestampMs: clock.nowMs }), PUBLIC);
        expect(router.status().beacons?.registered).toBe(2);
        expect(router.explain(PUBLIC, '/', { device: token }).viewer.device).toBe('accepted');
    });

    it('is none where the operator wants only those of the config', async () => {
        const { router, chain } = setUp({ maxBeacons: 0 });
        await expect(router.register(chain.register(BEACON)(), PUBLIC)).rejects.toThrow(coded('BEACON_UNKNOWN'));
        expect(chain.asked).toEqual([]);
    });
});

describe('a BEACON of the config', () => {
    const { key: _, ...withoutKey } = beacon;

    it('registers by its key on chain where the config gives none, to any address that the operator wants', async () => {
        const chain = new BeaconChain();
        const proofs = chain.register(BEACON);
        const { router } = setUp({ beacons: [withoutKey], maxBeacons: 0 }, chain);
        await expect(router.register(proofOf(), PUBLIC)).rejects.toThrow(coded('DEVICE_PROOF_INVALID'));
        const { token } = await router.register(proofs({ host: '203.0.113.9' }), PUBLIC);
        expect(router.route(PUBLIC, '/', { device: token }).location).toBe('http://203.0.113.9:8080/');
    });

    it('registers by the key of the config, though it is not on chain or that cannot be read', async () => {
        for (const there of [null, new Error('connection refused')]) {
            const chain = new BeaconChain();
            chain.accounts.set(BEACON, there);
            const { router } = setUp({ beacons: [beacon] }, chain);
            expect((await router.register(proofOf(), PUBLIC)).token).toBeDefined();
            expect(router.status().contradictionCount).toBe(0);
        }
    });

    it('registers by the key of the config where the chain names another: that is told, once', async () => {
        const log = { ...silent, warn: vi.fn() };
        const chain = new BeaconChain();
        const onChain = chain.register(BEACON);
        const { router, clock } = setUp({ beacons: [beacon], log }, chain);
        await expect(router.register(onChain(), PUBLIC)).rejects.toThrow(coded('DEVICE_PROOF_INVALID'));
        for (let time = 0; time < 2; time += 1) {
            clock.nowMs += 61_000;
            await router.register(proofOf({ timestampMs: clock.nowMs }), PUBLIC);
        }
        const { contradictions, contradictionCount } = router.status();
        const said = (chain.accounts.get(BEACON) as { key: string }).key;
        const says = [
            { source: 'config', value: beacon.key },
            { source: 'chain', value: said },
        ];
        expect([contradictions, contradictionCount]).toEqual([
            [{ kind: 'beacon key', network: '100.64.7.0/24', says }],
            1,
        ]);
        expect(log.warn).toHaveBeenCalledTimes(1);
        await router.close();
    });

    it('is led to by nobody once the chain says that it has left, also if it never registers a household', async () => {
        const own = { ...withoutKey, host: '198.51.100.7' };
        const healthy = { isHealthy: () => true, close: async () => undefined };
        const chain = new BeaconChain();
        const before = setUp({ beacons: [own], health: healthy }, chain).router;
        await eventually(() => expect(chain.asked).toEqual([BEACON]));
        expect(before.route('198.51.100.7', '/').decision).toBe('beacon');
        await before.close();
        chain.register(BEACON, 'exiting');
        const { router } = setUp({ beacons: [own], health: healthy }, chain);
        await eventually(() => expect(router.route('198.51.100.7', '/').decision).toBe('relay'));
        const [candidate] = router.explain('198.51.100.7', '/').candidates;
        expect(candidate?.reason).toBe('has left the list on chain');
        expect(router.status().contradictions).toMatchObject([{ kind: 'beacon state', network: '198.51.100.0/24' }]);
        await router.close();
    });
});
