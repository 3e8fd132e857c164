import { describe, expect, it } from 'vitest';
import { decodeReceipt, fromBase64, generateKeyPair, toBase64 } from '../../src/core/index.js';
import { RECEIPT_COPIES_PATH, RECEIPTS_PATH, SESSIONS_PATH, TOKENS_PATH } from '../../src/http/index.js';
import { A, createWorld, refuse, settle } from './world.js';
import { createStore } from './world-store.js';

describe('a service worker never signs', () => {
    it('for a total that a node made up, and leaves that session', async () => {
        const world = createWorld();
        const store = createStore();
        await world.wake(store.open()).play('a.m4s');
        await settle();
        const held = world.last;
        const stranger = generateKeyPair();
        const forged = new Uint8Array(112).fill(1);
        held.receipt = { receipt: toBase64(forged), receiptSignature: toBase64(stranger.publicKey) };
        const next = world.wake(store.open());
        expect((await next.play('a.m4s')).body).toEqual(A);
        await next.sessions.settleAll();
        expect(held.receipted).toBe(0);
        expect(world.codes('unsigned').length).toBeGreaterThan(0);
    });

    it('a second copy for the provider of what the node refused for counting more than it sent', async () => {
        const world = createWorld();
        const worker = world.wake();
        await worker.play('a.m4s');
        world.last.handed = 999;
        await worker.sessions.settleAll();
        expect(world.copies).toEqual([]);
        expect(world.codes('error')).toEqual(['MKT_SDK__PEER_REFUSED']);
    });

    it.each([
        ['less than was signed', RECEIPTS_PATH, () => Response.json({ seq: 1, bytes: '1' })],
        [
            'another session',
            SESSIONS_PATH,
            () => Response.json({ session: 'a'.repeat(64), creditBytes: '1', receipt: null }),
        ],
        ['a token that is none', TOKENS_PATH, () => Response.json({ token: 'x', tokenSignature: 'x' })],
    ])('anything false when a peer answers %s: it plays, and the page is told', async (_, path, answer) => {
        const world = createWorld();
        world.answers.set(path, answer);
        const worker = world.wake();
        expect((await worker.play('a.m4s')).body).toEqual(A);
        await worker.sessions.settleAll();
        expect([...world.codes('error'), ...world.codes('unsigned')]).toContain('MKT_SDK__ANSWER_INVALID');
    });

    it('less often because the provider’s copy fails: the next one, or a repetition, makes up for it', async () => {
        const world = createWorld();
        const worker = world.wake();
        world.answers.set(RECEIPT_COPIES_PATH, () => refuse(503, 'AWAY'));
        await worker.play('a.m4s');
        await world.advance(10_000);
        expect([world.last.receipted, world.copies.length]).toEqual([1000, 0]);
        world.answers.clear();
        await world.advance(2_000);
        const copies = world.copies.map(({ receipt }) => decodeReceipt(fromBase64(receipt)).bytes);
        expect(copies).toEqual([1000n]);
    });
});
