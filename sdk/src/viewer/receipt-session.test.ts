import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    decodeReceipt,
    encodeToken,
    extendAccumulator,
    fromBase64,
    generateKeyPair,
    hashToken,
    initialAccumulator,
    publicKeyOf,
    toBase64,
    toHex,
    verify,
} from '../core/index.js';
import {
    createReceiptSession,
    RECEIPT_INTERVAL_BYTES,
    RECEIPT_INTERVAL_MS,
    ReceiptSession,
} from './receipt-session.js';
import { createLockedKey, createLockedSigner, createSeedSigner } from './signer.js';

const SEED = new Uint8Array(32).fill(7);
const START_MS = 1_800_000_000_000;

function tokenOf(clientPublicKey: Uint8Array, maxBytes = 1n << 30n): Uint8Array {
    return encodeToken({
        contract: new Uint8Array(32).fill(1),
        clusterTag: 1,
        epoch: 2,
        tokenId: new Uint8Array(16).fill(3),
        node: new Uint8Array(32).fill(4),
        clientPublicKey,
        maxBytes,
        notBeforeSecs: START_MS / 1000 - 10,
        notAfterSecs: START_MS / 1000 + 3600,
        clientGroup: 5,
        flags: 0,
    });
}
const signer = createSeedSigner(SEED);
const TOKEN = tokenOf(signer.publicKey);
const start = (token = TOKEN) => createReceiptSession({ token, signer, startedAtMs: START_MS });
const objectOf = (lengthBytes: number, completedAtMs = START_MS, fill = lengthBytes % 256) => ({
    sha256: new Uint8Array(32).fill(fill),
    lengthBytes,
    ttfbMs: lengthBytes % 300,
    completedAtMs,
});

/** What may happen to a session, in any order. */
const event = fc.oneof(
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('object' as const), value: fc.nat({ max: 3_000_000 }) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('receipt' as const), value: fc.constant(0) }) },
    fc.record({ kind: fc.constant('stall' as const), value: fc.nat({ max: 20_000 }) }),
    fc.record({ kind: fc.constant('error' as const), value: fc.constant(0) }),
);
type Event = typeof event extends fc.Arbitrary<infer T> ? T : never;

async function apply(session: ReceiptSession, { kind, value }: Event, nowMs: number) {
    if (kind === 'object') session.recordObject(objectOf(value, nowMs));
    else if (kind === 'stall') session.recordStall(value);
    else if (kind === 'error') session.recordError();
    else return session.createReceipt(nowMs);
    return undefined;
}

describe('a receipt session', () => {
    it('acknowledges every recorded object in one cumulative receipt that its key signed', async () => {
        const session = start();
        session.recordObject(objectOf(1000, START_MS + 5));
        session.recordObject(objectOf(234, START_MS + 9));
        session.recordStall(129);
        session.recordError();
        const { receipt, receiptSignature } = await session.createReceipt(START_MS + 10);
        const body = fromBase64(receipt);
        const tokenHash = hashToken(TOKEN);
        let accumulator = extendAccumulator(initialAccumulator(tokenHash), new Uint8Array(32).fill(1000 % 256), 1000);
        accumulator = extendAccumulator(accumulator, new Uint8Array(32).fill(234), 234);
        expect(verify(publicKeyOf(SEED), body, fromBase64(receiptSignature))).toBe(true);
        expect(decodeReceipt(body)).toEqual({
            tokenHash,
            seq: 1,
            objects: 2,
            bytes: 1234n,
            lastMs: BigInt(START_MS + 9),
            ttfbP95Ms: 234,
            stallCentisecs: 13,
            errors: 1,
            accumulator,
        });
    });

    it('only ever raises its totals, by receipts of rising numbers, and never beyond what was recorded', async () => {
        await fc.assert(
            fc.asyncProperty(fc.array(event, { maxLength: 40 }), async (events) => {
                const session = start();
                let recorded = 0n;
                let last = { seq: 0, bytes: 0n, objects: 0, lastMs: 0n, errors: 0, stallCentisecs: 0 };
                for (const [index, next] of events.entries()) {
                    const signed = await apply(session, next, START_MS + index);
                    if (next.kind === 'object') recorded += BigInt(next.value);
                    if (signed === undefined) continue;
                    const receipt = decodeReceipt(fromBase64(signed.receipt));
                    expect(receipt.seq).toBe(last.seq + 1);
                    expect(receipt.bytes).toBe(recorded);
                    expect(receipt.bytes >= last.bytes && receipt.lastMs >= last.lastMs).toBe(true);
                    expect(receipt.objects).toBeGreaterThanOrEqual(last.objects);
                    expect(receipt.errors).toBeGreaterThanOrEqual(last.errors);
                    expect(receipt.stallCentisecs).toBeGreaterThanOrEqual(last.stallCentisecs);
                    last = receipt;
                }
                expect(session.acknowledgedBytes <= recorded).toBe(true);
            }),
            { numRuns: 60 },
        );
    });

    it('goes on after a restart at any point exactly as without one', async () => {
        await fc.assert(
            fc.asyncProperty(fc.array(event, { maxLength: 25 }), fc.nat({ max: 25 }), async (events, cut) => {
                const whole = start();
                let resumed = start();
                for (const [index, next] of events.entries()) {
                    if (index === cut) {
                        const state: unknown = JSON.parse(JSON.stringify(resumed.toState()));
                        resumed = ReceiptSession.fromState(state, { token: TOKEN, signer });
                    }
                    const now = START_MS + index;
                    expect(await apply(resumed, next, now)).toEqual(await apply(whole, next, now));
                }
                expect(resumed.toState()).toEqual(whole.toState());
                const end = START_MS + 1000;
                expect(await resumed.createReceipt(end)).toEqual(await whole.createReceipt(end));
            }),
            { numRuns: 60 },
        );
    });

    it('is due every 4 MiB or 10 s, and never with nothing new to say', async () => {
        const session = start();
        expect(session.isReceiptDue(START_MS + RECEIPT_INTERVAL_MS)).toBe(false);
        session.recordObject(objectOf(Number(RECEIPT_INTERVAL_BYTES) - 1));
        expect(session.isReceiptDue(START_MS + RECEIPT_INTERVAL_MS - 1)).toBe(false);
        expect(session.isReceiptDue(START_MS + RECEIPT_INTERVAL_MS)).toBe(true);
        session.recordObject(objectOf(1));
        expect(session.isReceiptDue(START_MS + 1)).toBe(true);
        await session.createReceipt(START_MS + 1);
        expect(session.isReceiptDue(START_MS + 1_000_000)).toBe(false);
    });

    it('records nothing beyond the bytes or the time of its token', () => {
        const session = start(tokenOf(signer.publicKey, 1000n));
        session.recordObject(objectOf(999));
        expect(session.canRecord(1, START_MS)).toBe(true);
        expect(session.canRecord(2, START_MS)).toBe(false);
        expect(session.canRecord(1, START_MS + 3_600_000)).toBe(false);
        expect(() => session.recordObject(objectOf(2))).toThrowError(
            expect.objectContaining({ code: 'MKT_SDK__TOKEN_EXHAUSTED' }),
        );
        expect(session.bytes).toBe(999n);
    });

    it.each([
        ['a short hash', { sha256: new Uint8Array(31) }],
        ['a negative length', { lengthBytes: -1 }],
        ['a fractional length', { lengthBytes: 0.5 }],
        ['a length that is no number', { lengthBytes: Number.NaN }],
        ['a time that is no number', { completedAtMs: Number.NaN }],
        ['a negative time to first byte', { ttfbMs: -1 }],
    ])('refuses an object with %s', (_, change) => {
        expect(() => start().recordObject({ ...objectOf(1), ...change })).toThrowError(
            expect.objectContaining({ code: 'MKT_SDK__OBJECT_INVALID' }),
        );
    });

    it('refuses a token for another key', () => {
        const token = tokenOf(generateKeyPair().publicKey);
        expect(() => start(token)).toThrowError(expect.objectContaining({ code: 'MKT_SDK__TOKEN_KEY_MISMATCH' }));
    });

    it('signs with a key that the page cannot read', async () => {
        const webCrypto = createLockedSigner(await createLockedKey());
        const session = createReceiptSession({
            token: tokenOf(webCrypto.publicKey),
            signer: webCrypto,
            startedAtMs: START_MS,
        });
        session.recordObject(objectOf(10));
        const { receipt, receiptSignature } = await session.createReceipt(START_MS);
        expect(verify(webCrypto.publicKey, fromBase64(receipt), fromBase64(receiptSignature))).toBe(true);
    });
});

describe('a receipt that a node holds', () => {
    it('is taken over with its totals if this client signed it', async () => {
        const before = start();
        before.recordObject(objectOf(5000));
        const held = await before.createReceipt(START_MS);
        const after = start();
        expect(after.adoptReceipt(held)).toBe(true);
        after.recordObject(objectOf(1));
        const next = decodeReceipt(fromBase64((await after.createReceipt(START_MS)).receipt));
        expect(next).toMatchObject({ seq: 2, bytes: 5001n, objects: 2 });
    });

    it('is refused if it is ahead and not signed by this client, whatever the node says', async () => {
        const before = start();
        before.recordObject(objectOf(5000));
        const { receipt } = await before.createReceipt(START_MS);
        const forged = toBase64(new Uint8Array(64).fill(1));
        for (const receiptSignature of [undefined, null, forged]) {
            const session = start();
            expect(() => session.adoptReceipt({ receipt, receiptSignature })).toThrowError(
                expect.objectContaining({ code: 'MKT_SDK__RECEIPT_FOREIGN' }),
            );
            expect(session.bytes).toBe(0n);
        }
    });

    it('is refused if it belongs to another token', async () => {
        const other = createReceiptSession({ token: tokenOf(signer.publicKey, 77n), signer, startedAtMs: START_MS });
        other.recordObject(objectOf(5));
        const held = await other.createReceipt(START_MS);
        expect(() => start().adoptReceipt(held)).toThrowError(
            expect.objectContaining({ code: 'MKT_SDK__RECEIPT_FOREIGN' }),
        );
    });

    it('moves only the number on if its totals are behind', async () => {
        const session = start();
        session.recordObject(objectOf(10));
        const early = start();
        early.recordObject(objectOf(10));
        await early.createReceipt(START_MS);
        const { receipt } = await early.createReceipt(START_MS);
        session.recordObject(objectOf(20));
        expect(session.adoptReceipt({ receipt })).toBe(false);
        const next = decodeReceipt(fromBase64((await session.createReceipt(START_MS)).receipt));
        expect(next).toMatchObject({ seq: 3, bytes: 30n });
    });
});

describe('a stored receipt session', () => {
    const stored = () => {
        const session = start();
        session.recordObject(objectOf(100));
        return session.toState();
    };
    it.each([
        ['nothing', null],
        ['another version', { ...stored(), version: 2 }],
        ['bytes that are no u64', { ...stored(), bytes: '-1' }],
        ['an endless list of samples', { ...stored(), ttfbSamplesMs: new Array(10_000).fill(1) }],
        ['another token', { ...stored(), tokenHash: toHex(new Uint8Array(32)) }],
        ['more bytes than the token allows', { ...stored(), bytes: ((1n << 30n) + 1n).toString() }],
    ])('is refused with %s', (_, state) => {
        expect(() => ReceiptSession.fromState(state, { token: TOKEN, signer })).toThrowError(
            expect.objectContaining({ code: 'MKT_SDK__RECEIPT_STATE_INVALID' }),
        );
    });
});
