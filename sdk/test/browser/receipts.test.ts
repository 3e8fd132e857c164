import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/messages.json' with { type: 'json' };
import {
    decodeReceipt,
    encodeSessionProof,
    equalBytes,
    fromBase64,
    fromHex,
    type Receipt,
    sha256,
    toHex,
} from '../../src/core/index.js';
import { SESSIONS_PATH } from '../../src/http/index.js';
import { createLockedSigner, createSeedSigner, ReceiptSession } from '../../src/viewer/index.js';
import { refuse, settle, World } from './world.js';
import { createStore } from './world-store.js';

const MIB = 1024 * 1024;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const client = table.keys.find(({ name }) => name === 'client') as (typeof table.keys)[number];
const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => (index * 31 + length) % 251);
const receiptOf = (world: World): Receipt => decodeReceipt(fromBase64(world.last.receipt?.receipt ?? ''));

/** The secret half of a key as a browser holds it: WebCrypto, not extractable. */
async function lock(secretSeed: string, publicKey: string) {
    const pkcs8 = fromHex(`302e020100300506032b657004220420${secretSeed}`);
    const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8.slice(), 'Ed25519', false, ['sign']);
    return { publicKey: fromHex(publicKey), privateKey };
}

function createWorld(objects: Record<string, Uint8Array> = {}): World {
    const world = new World();
    for (const [name, bytes] of Object.entries(objects)) world.objects.set(name, bytes);
    return world;
}

describe('receipts that a service worker signs', () => {
    it('are those of the vectors, byte by byte', async () => {
        const signer = createLockedSigner(await lock(client.secretSeed, client.publicKey));
        const { tokenHash, node, timestampMs, encoded, clientSignature } = table.sessionProof;
        const proof = encodeSessionProof({
            tokenHash: fromHex(tokenHash),
            node: fromHex(node),
            timestampMs: BigInt(timestampMs),
        });
        expect(toHex(proof)).toBe(encoded);
        expect(toHex(await signer.sign(proof))).toBe(clientSignature);
        for (const row of table.receipts) {
            expect(toHex(await signer.sign(fromHex(row.encoded)))).toBe(row.clientSignature);
        }
    });

    it('are those that a process would sign for the same objects, part by part of 1 MiB', async () => {
        const objects = { 'a.mp4': bytesOf(3 * MIB + 77), 'b.m3u8': bytesOf(500), 'c.m4s': bytesOf(MIB) };
        const world = createWorld(objects);
        world.createKey = () => lock(client.secretSeed, client.publicKey);
        const worker = world.wake();
        for (const [name, bytes] of Object.entries(objects))
            expect(equalBytes((await worker.play(name)).body, bytes)).toBe(true);
        await worker.sessions.settleAll();
        const process = new ReceiptSession({
            token: world.last.token,
            signer: createSeedSigner(fromHex(client.secretSeed)),
            startedAtMs: world.nowMs,
        });
        for (const bytes of Object.values(objects))
            for (let offset = 0; offset < bytes.length; offset += MIB) {
                const part = bytes.subarray(offset, offset + MIB);
                const completedAtMs = world.nowMs;
                process.recordObject({ sha256: sha256(part), lengthBytes: part.length, ttfbMs: 0, completedAtMs });
            }
        expect(world.last.receipt).toEqual(await process.createReceipt(world.nowMs));
        expect(world.copies.at(-1)).toEqual(world.last.receipt);
    });

    it('come every 4 MiB, within 10 s, and before half of a small credit is used', async () => {
        const world = createWorld({ 'four.mp4': bytesOf(4 * MIB), 'small.m4s': bytesOf(10) });
        const worker = world.wake();
        await worker.play('four.mp4');
        await expect.poll(() => world.last.receipted).toBe(4 * MIB);
        await worker.play('small.m4s');
        await settle();
        await world.advance(9_999);
        expect(receiptOf(world).seq).toBe(1);
        await world.advance(1);
        await expect.poll(() => world.last.receipted).toBe(4 * MIB + 10);

        const poor = createWorld({ 'big.mp4': bytesOf(9 * MIB) });
        poor.creditBytes = 2 * MIB;
        await poor.wake().play('big.mp4');
        await expect.poll(() => poor.last.receipted).toBe(9 * MIB);
    });

    it('count what arrived of a response that the player left, and nothing that its browser had decoded', async () => {
        const world = createWorld({ 'big.mp4': bytesOf(2 * MIB), 'list.m3u8': bytesOf(5000) });
        const worker = world.wake();
        const leave = async (name: string) => {
            const { response } = await worker.get(name);
            const reader = (response.body as ReadableStream<Uint8Array>).getReader();
            const { value } = await reader.read();
            await reader.cancel();
            return value?.byteLength ?? 0;
        };
        const first = await leave('big.mp4');
        world.headers = { 'content-encoding': 'br', 'content-length': '700' };
        await worker.play('list.m3u8');
        // How much was sent for the part of an encoded body nobody can tell.
        await leave('big.mp4');
        await worker.sessions.settleAll();
        expect(receiptOf(world).bytes).toBe(BigInt(first + 700));
    });

    it('are sent again to a node that lost its last writes, though nothing is new', async () => {
        const world = createWorld({ 'a.m4s': bytesOf(1000) });
        const store = createStore();
        const first = world.wake(store.open());
        await first.play('a.m4s');
        await first.sessions.settleAll();
        Object.assign(world.last, { receipt: null, receipted: 0 });
        const second = world.wake(store.open());
        await second.play('a.m4s', { method: 'HEAD' });
        await second.sessions.settleAll();
        expect(receiptOf(world)).toMatchObject({ seq: 1, bytes: 1000n });
    });

    it('tell how long the first byte took and how long playback stood still', async () => {
        const world = createWorld({ 'a.m4s': bytesOf(1000) });
        const worker = world.wake();
        const { response } = await worker.get('a.m4s');
        world.nowMs += 250;
        await response.arrayBuffer();
        worker.sessions.recordStall(1_290);
        await worker.sessions.settleAll();
        expect(receiptOf(world)).toMatchObject({ ttfbP95Ms: 250, stallCentisecs: 129, errors: 0 });
    });

    it.each([
        ['fast', 3 * HOUR_MS],
        ['slow', -3 * HOUR_MS],
    ])('count for a viewer whose clock is hours %s, under as many tokens as for others', async (_, viewerAheadMs) => {
        const world = createWorld({ 'a.m4s': bytesOf(1000), 'b.m4s': bytesOf(300) });
        world.viewerAheadMs = viewerAheadMs;
        const store = createStore();
        const first = world.wake(store.open());
        await first.play('a.m4s');
        await first.sessions.settleAll();
        expect(receiptOf(world)).toMatchObject({ bytes: 1000n, lastMs: BigInt(world.nowMs + 1000) });
        await world.advance(5 * MINUTE_MS);
        const second = world.wake(store.open());
        await second.play('b.m4s');
        await second.sessions.settleAll();
        expect([world.tokens, world.last.receipted]).toEqual([1, 1300]);
        await world.advance(HOUR_MS);
        await second.play('b.m4s');
        await second.sessions.settleAll();
        expect([world.tokens, world.last.receipted]).toEqual([2, 300]);
        expect([world.codes('unsigned'), world.codes('error')]).toEqual([[], []]);
    });

    it.each([
        ['ahead', 3 * HOUR_MS],
        ['back', -3 * HOUR_MS],
    ])(
        'are complete, under one more token at most, when the viewer’s clock is set %s by hours in the middle',
        async (_, stepMs) => {
            const world = createWorld({ 'a.m4s': bytesOf(1000), 'b.m4s': bytesOf(300) });
            const worker = world.wake();
            await worker.play('a.m4s');
            await worker.sessions.settleAll();
            world.viewerAheadMs = stepMs;
            for (let turn = 0; turn < 3; turn += 1) {
                expect((await worker.play('b.m4s')).body.byteLength).toBe(300);
                await worker.sessions.settleAll();
            }
            expect(world.tokens).toBeLessThanOrEqual(2);
            expect([...world.sessions.values()].reduce((sum, { receipted }) => sum + receipted, 0)).toBe(1900);
        },
    );

    it('are not made where a node names no time at which it would take a proof', async () => {
        const world = createWorld({ 'a.m4s': bytesOf(1000) });
        for (const nowMs of [undefined, '1800000000000', -1, 1e300, null]) {
            world.answers.set(SESSIONS_PATH, () => refuse(403, 'PROOF_CLOCK', { nowMs }));
            const { body } = await world.wake().play('a.m4s');
            expect(body.byteLength).toBe(1000);
        }
        let asked = 0;
        world.answers.set(SESSIONS_PATH, () => {
            asked += 1;
            return refuse(403, 'PROOF_CLOCK', { nowMs: asked });
        });
        await world.wake().play('a.m4s');
        expect(asked).toBe(2);
        expect(world.codes('unsigned')).toEqual(Array(6).fill('MKT_SDK__PEER_REFUSED'));
    });

    it('go on in the worker’s next life from where the last one stopped, whose own signatures end', async () => {
        const world = createWorld({ 'a.m4s': bytesOf(1000), 'b.m4s': bytesOf(300) });
        const store = createStore();
        const first = world.wake(store.open());
        await first.play('a.m4s');
        await first.sessions.settleAll();
        await first.play('b.m4s');
        await settle();
        const second = world.wake(store.open());
        await second.play('a.m4s');
        await second.sessions.settleAll();
        expect(receiptOf(world)).toMatchObject({ seq: 2, bytes: 2300n, objects: 3 });
        // It learns of its successor when it saves, and plays on under a session of its own.
        await first.play('b.m4s');
        await settle();
        await first.play('b.m4s');
        await first.sessions.settleAll();
        expect([...world.sessions.values()].map(({ receipted }) => receipted)).toEqual([2300, 300]);
        expect([...store.rows.values()].every(({ session }) => !session.key.privateKey.extractable)).toBe(true);
    });
});
