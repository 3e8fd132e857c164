import { describe, expect, it } from 'vitest';
import { Session } from '../src/sessions/session.js';
import { SessionService, type SessionServiceOptions } from '../src/sessions/session-service.js';
import { createWorld, fixedTopology, Viewer } from './support.js';

const SLICE = 64 * 1024;
const CREDIT = 4 * SLICE;
const AT_ONCE = 60;

/** A session of a token, and many responses of it that ask for a slice in the same moment. */
function setUp(maxBytes = 1n << 30n) {
    const world = createWorld({ creditBytes: CREDIT });
    const viewer = new Viewer(world, { maxBytes });
    const { token, tokenSignature } = viewer.openRequest() as { token: string; tokenSignature: string };
    const session = new Session({ type: 'session', token, tokenSignature, openedAtMs: 0 }, world.contract.address);
    const node = world.relays[0]?.address ?? '';
    const options = { node, topology: fixedTopology(world.view), now: Date.now };
    const service = new SessionService(options as SessionServiceOptions);
    const left = new AbortController();
    const results = () => Array.from({ length: AT_ONCE }, () => service.hand(session, SLICE, left.signal));
    const acknowledge = (bytes: number) =>
        session.applyReceipt({ type: 'receipt', ...viewer.receipt({ bytes: BigInt(bytes) }) });
    /** Lets everything run that waits for nothing. */
    const settle = () => new Promise((resolve) => setImmediate(resolve));
    return { session, left, results, acknowledge, settle };
}
const codesOf = async (results: Promise<void>[]) =>
    (await Promise.allSettled(results)).map((each) => (each.status === 'fulfilled' ? 'handed' : each.reason.code));
const count = (codes: string[], code: string) => codes.filter((each) => each === code).length;

describe('slices that are asked for at once', () => {
    it('are let through up to the credit and one more', async () => {
        const { session, left, results, settle } = setUp();
        const asked = results();
        await settle();
        expect(session.handedBytes).toBe(BigInt(CREDIT + SLICE));
        left.abort();
        const codes = await codesOf(asked);
        expect([count(codes, 'handed'), count(codes, 'MKT_NODE__CREDIT_EXHAUSTED')]).toEqual([5, AT_ONCE - 5]);
        // Who left while it waited is charged nothing.
        expect(session.handedBytes).toBe(BigInt(CREDIT + SLICE));
    });

    it('share what a receipt frees, however many of them wait for it', async () => {
        const { session, left, results, acknowledge, settle } = setUp();
        const asked = results();
        await settle();
        for (const signed of [SLICE, 3 * SLICE]) {
            acknowledge(signed);
            await settle();
            expect(session.handedBytes).toBe(BigInt(signed + CREDIT + SLICE));
        }
        left.abort();
        expect(count(await codesOf(asked), 'handed')).toBe(8);
    });

    it('end with the bytes of the token', async () => {
        const { session, results } = setUp(BigInt(2 * SLICE + 1));
        const codes = await codesOf(results());
        expect([count(codes, 'handed'), count(codes, 'MKT_NODE__TOKEN_EXHAUSTED')]).toEqual([3, AT_ONCE - 3]);
        expect(session.handedBytes).toBe(BigInt(3 * SLICE));
    });
});
