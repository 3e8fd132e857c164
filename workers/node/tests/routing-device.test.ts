import { generateKeyPair } from '@ocm/sdk/core';
import { describe, expect, it } from 'vitest';
import { BEACON, beacon, key, NEIGHBOUR, PUBLIC, proofOf } from './routing-device-support.js';
import { createRouter, goesTo, NOW_MS, viewOf } from './routing-support.js';

function setUp({ nowMs = NOW_MS, beacons = [beacon], healthy = false } = {}) {
    const clock = { nowMs };
    const router = createRouter(viewOf([{ name: 'only' }]), {
        beacons,
        now: () => clock.nowMs,
        health: { isHealthy: (node) => healthy || node !== BEACON, close: async () => undefined },
    });
    return { router, clock };
}

describe("a household's token", () => {
    it('leads its viewers to their BEACON where the address does not tell, and nobody else', async () => {
        const { router } = setUp({ healthy: true });
        expect(goesTo(router, PUBLIC)).toBe('only');
        const { token, expiresAtMs } = await router.register(proofOf(), PUBLIC);
        expect(expiresAtMs).toBe(NOW_MS + 900_000);
        expect(router.route(PUBLIC, '/a?b', { device: token })).toEqual({
            decision: 'beacon',
            node: BEACON,
            location: 'http://192.168.1.20:8080/a?b',
        });
        // A carrier has several addresses for one line; the neighbour has no token.
        expect(router.route('100.64.7.200', '/', { device: token }).decision).toBe('beacon');
        expect(router.route('100.64.7.200', '/').decision).toBe('relay');
        const [own] = router.explain(PUBLIC, '/').candidates;
        expect(own?.reason).toContain('many lines share the address');
    });

    it('knows a household by any of its IPv6 addresses', async () => {
        const { router } = setUp();
        const { token } = await router.register(proofOf({ host: 'fd00::20' }), '2001:db8:1:200::20');
        const viewer = '2001:db8:1:2ab:9c4f:1:2:3';
        expect(router.route(viewer, '/', { device: token }).location).toBe('http://[fd00::20]:8080/');
        expect(router.route('2001:db8:1:300::1', '/', { device: token }).decision).toBe('relay');
    });

    it('is the word of a BEACON that cannot be asked from outside, for as long as it registers', async () => {
        const { router, clock } = setUp();
        const { token } = await router.register(proofOf(), PUBLIC);
        clock.nowMs += 899_000;
        expect(router.route(PUBLIC, '/', { device: token }).decision).toBe('beacon');
        clock.nowMs += 1_000;
        expect(router.route(PUBLIC, '/', { device: token }).decision).toBe('relay');
    });

    it.each([
        ['expired', (token: string) => ({ token, laterMs: 900_000, from: PUBLIC })],
        ['of another network', (token: string) => ({ token, laterMs: 0, from: '100.64.8.9' })],
        ['of another network', (token: string) => ({ token, laterMs: 0, from: '2001:db8::1' })],
        ['malformed', (token: string) => ({ token: `${token}A`, laterMs: 0, from: PUBLIC })],
        ['malformed', (token: string) => ({ token: token.replace(/.$/, '='), laterMs: 0, from: PUBLIC })],
        ['malformed', () => ({ token: '../../etc/passwd', laterMs: 0, from: PUBLIC })],
        ['none', () => ({ token: '', laterMs: 0, from: PUBLIC })],
    ])('that is %s is ignored, and the explanation says so', async (verdict, change) => {
        const { router, clock } = setUp();
        const { token, laterMs, from } = change((await router.register(proofOf(), PUBLIC)).token);
        clock.nowMs += laterMs;
        expect(router.route(from, '/', { device: token }).decision).toBe('relay');
        expect(router.explain(from, '/', { device: token }).viewer.device).toBe(verdict);
    });

    it('that differs in any character is forged', async () => {
        const { router } = setUp();
        const { token } = await router.register(proofOf(), PUBLIC);
        for (let i = 0; i < token.length - 1; i += 1) {
            const other = token[i] === 'A' ? 'B' : 'A';
            const forged = token.slice(0, i) + other + token.slice(i + 1);
            expect(router.explain(PUBLIC, '/', { device: forged }).viewer.device).toBe('forged');
        }
    });

    it('of a BEACON that the operator has taken out is ignored', async () => {
        const { token } = await setUp().router.register(proofOf(), PUBLIC);
        const { router } = setUp({ beacons: [] });
        expect(router.explain(PUBLIC, '/', { device: token }).viewer.device).toBe('of an unknown BEACON');
        expect(router.route(PUBLIC, '/', { device: token }).decision).toBe('relay');
    });

    it('is needed where two BEACONs have one address', async () => {
        const shared = { node: NEIGHBOUR, host: '198.51.100.1', port: 1 };
        const { router } = setUp({
            healthy: true,
            beacons: [{ ...beacon, host: '198.51.100.1' }, shared as typeof beacon],
        });
        expect(router.route('198.51.100.1', '/').decision).toBe('relay');
        const { token } = await router.register(proofOf(), '198.51.100.1');
        expect(router.route('198.51.100.1', '/', { device: token }).node).toBe(BEACON);
    });
});

describe('a BEACON that asks for a token', () => {
    it.each([
        ['is not known', { beacon: NEIGHBOUR }, 'MKT_NODE__BEACON_UNKNOWN'],
        ['signed too long ago', { timestampMs: NOW_MS - 60_001 }, 'MKT_NODE__DEVICE_PROOF_STALE'],
        ['signed for later', { timestampMs: NOW_MS + 60_001 }, 'MKT_NODE__DEVICE_PROOF_STALE'],
    ])('gets none if it %s', async (_, change, code) => {
        await expect(setUp().router.register(proofOf(change), PUBLIC)).rejects.toThrow(
            expect.objectContaining({ code }),
        );
    });

    it('gets none for what another key, another CAST or another field was signed for, nor twice for one proof', async () => {
        const { router } = setUp();
        const refused = expect.objectContaining({ code: 'MKT_NODE__DEVICE_PROOF_INVALID' });
        await expect(router.register(proofOf({}, generateKeyPair().secretSeed), PUBLIC)).rejects.toThrow(refused);
        await expect(router.register(proofOf({}, key.secretSeed, NEIGHBOUR), PUBLIC)).rejects.toThrow(refused);
        await expect(router.register({ ...proofOf(), port: 8081 }, PUBLIC)).rejects.toThrow(refused);
        const proof = proofOf();
        await router.register(proof, PUBLIC);
        const stale = expect.objectContaining({ code: 'MKT_NODE__DEVICE_PROOF_STALE' });
        await expect(router.register(proof, '203.0.113.66')).rejects.toThrow(stale);
    });
});
