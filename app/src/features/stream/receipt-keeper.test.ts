import { decodeReceipt, encodeToken, fromBase64, hashToken, toBase64, toHex, verify } from '@ocm/sdk/core';
import { RECEIPT_COPIES_PATH, RECEIPTS_PATH, SESSIONS_PATH, TOKENS_PATH } from '@ocm/sdk/http';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReceiptKeeper } from './receipt-keeper';
import { IDLE_STREAM, type StreamState, withNote } from './stream-state';

const ADDRESS = 'SysvarRent111111111111111111111111111111111';
const NODE_ORIGIN = 'http://node.test';
const PROVIDER = 'http://provider.test';
const MIB = 1024 * 1024;

interface World {
    readonly keys: Uint8Array[];
    readonly receipts: string[];
    copies: number;
    refuseTokens: boolean;
    refuseReceipts: boolean;
}

/** Node and provider as far as a viewer sees them: tokens are real, signatures are checked. */
function createWorld(): World {
    const world: World = { keys: [], receipts: [], copies: 0, refuseTokens: false, refuseReceipts: false };
    const answers: Record<string, (body: Record<string, string>) => unknown> = {
        [`${PROVIDER}${TOKENS_PATH}`]: (body) => {
            if (world.refuseTokens) throw new Error('refused');
            const clientPublicKey = fromBase64(body.clientPublicKey ?? '');
            world.keys.push(clientPublicKey);
            const nowSecs = Math.floor(Date.now() / 1000);
            const token = encodeToken({
                contract: new Uint8Array(32),
                clusterTag: 1,
                epoch: 4,
                tokenId: new Uint8Array(16).fill(world.keys.length),
                node: new Uint8Array(32),
                clientPublicKey,
                maxBytes: 1n << 30n,
                notBeforeSecs: nowSecs - 1,
                notAfterSecs: nowSecs + 60,
                clientGroup: 0,
                flags: 0,
            });
            return {
                token: toBase64(token),
                tokenSignature: toBase64(new Uint8Array(64)),
                contract: ADDRESS,
                epoch: 4,
            };
        },
        [`${NODE_ORIGIN}${SESSIONS_PATH}`]: (body) => ({
            session: toHex(hashToken(fromBase64(body.token ?? ''))),
            creditBytes: '8388608',
            receipt: null,
        }),
        [`${NODE_ORIGIN}${RECEIPTS_PATH}`]: (body) => {
            if (world.refuseReceipts) throw new Error('refused');
            const bytes = fromBase64(body.receipt ?? '');
            const key = world.keys.at(-1) ?? new Uint8Array(32);
            expect(verify(key, bytes, fromBase64(body.receiptSignature ?? ''))).toBe(true);
            world.receipts.push(body.receipt ?? '');
            const receipt = decodeReceipt(bytes);
            return { seq: receipt.seq, bytes: receipt.bytes.toString() };
        },
        [`${PROVIDER}${RECEIPT_COPIES_PATH}`]: (body) => {
            world.copies += 1;
            const receipt = decodeReceipt(fromBase64(body.receipt ?? ''));
            return { seq: receipt.seq, bytes: receipt.bytes.toString() };
        },
    };
    vi.stubGlobal('fetch', async (url: string, init: { body: string }) => {
        try {
            return Response.json(answers[url]?.(JSON.parse(init.body)));
        } catch {
            return Response.json({ code: 'MKT_TEST__REFUSED', message: 'Not now.' }, { status: 409 });
        }
    });
    return world;
}

function createKeeper() {
    let state: StreamState = IDLE_STREAM;
    const update = (change: (old: StreamState) => StreamState) => {
        state = change(state);
    };
    const keeper = new ReceiptKeeper({
        node: ADDRESS,
        nodeOrigin: NODE_ORIGIN,
        providerUrl: PROVIDER,
        signal: new AbortController().signal,
        update,
        note: (words) => update((old) => withNote(old, words)),
    });
    return { keeper, state: () => state };
}

function objectOf(lengthBytes: number) {
    const sha256 = Promise.resolve(new Uint8Array(32).fill(7));
    return { url: 'http://node.test/a.ts', lengthBytes, sha256, ttfbMs: 5, completedAtMs: Date.now() };
}

let world: World;
beforeEach(() => {
    world = createWorld();
});
afterEach(() => vi.unstubAllGlobals());

describe('ReceiptKeeper', () => {
    it('signs every 4 MiB and for the rest at the end, and sends the provider a copy', async () => {
        const { keeper, state } = createKeeper();
        await keeper.ensure();
        for (let count = 0; count < 5; count += 1) keeper.record(objectOf(MIB));
        await keeper.finish();
        expect(world.receipts.map((receipt) => decodeReceipt(fromBase64(receipt)).bytes)).toEqual([
            BigInt(4 * MIB),
            BigInt(5 * MIB),
        ]);
        expect(state()).toMatchObject({
            receivedBytes: BigInt(5 * MIB),
            acknowledgedBytes: BigInt(5 * MIB),
            receiptsSigned: 2,
            receiptCopies: 2,
            objects: 5,
            epoch: 4,
        });
    });

    it('makes a fresh key for each session and signs the old one’s rest first', async () => {
        const { keeper, state } = createKeeper();
        await keeper.ensure();
        keeper.record(objectOf(1000));
        await keeper.renew();
        keeper.record(objectOf(500));
        await keeper.finish();
        expect(new Set(world.keys.map(toHex)).size).toBe(2);
        expect(world.receipts).toHaveLength(2);
        expect(state()).toMatchObject({ receivedBytes: 1500n, acknowledgedBytes: 1500n, sessions: 2 });
    });

    it('opens one session when many requests ask at once', async () => {
        const { keeper } = createKeeper();
        await Promise.all([keeper.ensure(), keeper.ensure(), keeper.ensure()]);
        expect(world.keys).toHaveLength(1);
    });

    it('goes on without receipts when the provider issues no token, and says so', async () => {
        world.refuseTokens = true;
        const { keeper, state } = createKeeper();
        await keeper.ensure();
        expect(keeper.sessionId).toBeNull();
        keeper.record(objectOf(1000));
        await keeper.finish();
        expect(state().notes.join()).toMatch(/Playing without receipts: Not now\./);
        expect(world.receipts).toEqual([]);
    });

    it('sends a receipt again that did not arrive', async () => {
        const { keeper, state } = createKeeper();
        await keeper.ensure();
        world.refuseReceipts = true;
        keeper.record(objectOf(1000));
        await keeper.finish();
        expect(state()).toMatchObject({ acknowledgedBytes: 0n });
        world.refuseReceipts = false;
        await keeper.finish();
        expect(state()).toMatchObject({ acknowledgedBytes: 1000n, receiptsSigned: 1 });
    });
});
