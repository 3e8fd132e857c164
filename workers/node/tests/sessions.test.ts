import { randomBytes } from 'node:crypto';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fromBase64, fromHex, generateKeyPair, sign, toBase64, toHex } from '@ocm/sdk/core';
import { openSessionResponse, RECEIPTS_PATH, receiptResponse, SESSIONS_PATH } from '@ocm/sdk/http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { filesIn } from './storage-support.js';
import {
    ask,
    Cleanup,
    codeOf,
    createWorld,
    eventually,
    named,
    type Origin,
    post,
    startOrigin,
    startTestNode,
    tempDir,
    until,
    Viewer,
    type World,
} from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const MIB = 1024 * 1024;
const object = randomBytes(MIB);
let from: Origin;
beforeEach(async () => {
    from = await startOrigin((_, response) => {
        response.writeHead(200, { 'content-length': object.length, 'cache-control': 'max-age=60' });
        response.end(object);
    });
    cleanup.add(() => from.close());
});
type RelayOptions = Pick<Parameters<typeof startTestNode>[0], 'dataDir' | 'deps'>;
async function relay(world: World, options: RelayOptions = {}): ReturnType<typeof startTestNode> {
    const node = await startTestNode({ world, parentUrl: from.url, ...options });
    cleanup.add(() => node.stop());
    return node;
}
const contractOf = (world: World) => world.view.contracts[0] ?? expect.fail('no contract');

describe('opening a session', () => {
    it('answers with the session and its credit', async () => {
        const world = createWorld();
        const node = await relay(world);
        const viewer = new Viewer(world);
        const answer = await viewer.open(node.url);
        expect(answer.status).toBe(200);
        expect(openSessionResponse.parse(JSON.parse(answer.body.toString()))).toEqual({
            session: viewer.session,
            creditBytes: String(8 * MIB),
            receipt: null,
            receiptSignature: null,
        });
        expect(node.status.read().openSessions).toBe(1);
    });

    const now = () => Math.floor(Date.now() / 1000);
    it.each<[string, number, (world: World) => Viewer]>([
        ['TOKEN_WRONG_NODE', 403, (world) => new Viewer(world, { node: fromHex(world.relays[1]?.addressHex ?? '') })],
        ['TOKEN_WRONG_CLUSTER', 403, (world) => new Viewer(world, { clusterTag: 1 })],
        ['TOKEN_WRONG_ISSUER', 403, (world) => new Viewer(world, {}, generateKeyPair().secretSeed)],
        ['CONTRACT_UNKNOWN', 403, (world) => new Viewer(world, { contract: new Uint8Array(32) })],
        ['TOKEN_EXPIRED', 403, (world) => new Viewer(world, { notBeforeSecs: now() - 9, notAfterSecs: now() - 1 })],
        [
            'TOKEN_NOT_YET_VALID',
            403,
            (world) => new Viewer(world, { notBeforeSecs: now() + 60, notAfterSecs: now() + 99 }),
        ],
        ['TOKEN_NOT_YET_VALID', 403, (world) => new Viewer(world, { epoch: 1 })],
        ['TOKEN_TIMES', 403, (world) => new Viewer(world, { notAfterSecs: now() + 3600 + 700 })],
        ['TOKEN_TIMES', 403, (world) => new Viewer(world, { notBeforeSecs: 1 })],
        ['TOKEN_TIMES', 403, (world) => new Viewer(world, { epoch: 1000, notAfterSecs: now() + 10 })],
        ['TOKEN_TIMES', 403, (world) => new Viewer(world, { notBeforeSecs: now() + 10, notAfterSecs: now() + 9 })],
        ['TOKEN_TOO_LARGE', 403, (world) => new Viewer(world, { maxBytes: 1n << 40n })],
        ['TOKEN_TOO_LARGE', 403, (world) => new Viewer(world, { maxBytes: 0n })],
        ['TOKEN_FLAGS', 403, (world) => new Viewer(world, { flags: 1 })],
    ])('refuses a token: %s', async (code, status, make) => {
        const world = createWorld();
        const node = await relay(world);
        const answer = await make(world).open(node.url);
        expect([answer.status, codeOf(answer)]).toEqual([status, `MKT_NODE__${code}`]);
        expect(node.status.read().openSessions).toBe(0);
    });

    it.each<[string, number, Partial<ReturnType<typeof contractOf>>]>([
        ['CONTRACT_NOT_FUNDED', 402, { state: 'proposed' }],
        ['CONTRACT_NOT_FUNDED', 402, { state: 'underfunded' }],
        ['CONTRACT_ENDED', 403, { state: 'closing' }],
        ['CONTRACT_ENDED', 403, { state: 'cancelled' }],
        ['CONTRACT_NOT_OURS', 403, { seller: named('stranger').address }],
    ])('refuses a contract: %s', async (code, status, change) => {
        const world = createWorld();
        Object.assign(contractOf(world), change);
        const node = await relay(world);
        const answer = await new Viewer(world).open(node.url);
        expect([answer.status, codeOf(answer)]).toEqual([status, `MKT_NODE__${code}`]);
    });

    it('takes the issuer that is in force in the epoch, and no other', async () => {
        const world = createWorld({ epochLengthSecs: 1, graceSecs: 600 });
        const next = generateKeyPair();
        const contract = contractOf(world);
        contract.epochLengthSecs = 3600;
        contract.genesisSecs -= 2 * 3600;
        contract.issuers[1] = { publicKeyHex: toHex(next.publicKey), fromEpoch: 2 };
        const node = await relay(world);
        expect(codeOf(await new Viewer(world).open(node.url))).toBe('MKT_NODE__TOKEN_WRONG_ISSUER');
        expect((await new Viewer(world, {}, next.secretSeed).open(node.url)).status).toBe(200);
        contract.issuers[1].fromEpoch = 3;
        expect((await new Viewer(world).open(node.url)).status).toBe(200);
    });

    it('refuses malformed tokens without harm', async () => {
        const world = createWorld();
        const node = await relay(world);
        const viewer = new Viewer(world);
        const good = viewer.openRequest();
        const bent = (index: number) => {
            const bytes = Uint8Array.from(viewer.tokenBytes);
            bytes[index] = (bytes[index] ?? 0) ^ 0xff;
            return toBase64(bytes);
        };
        for (const token of [bent(0), bent(15), bent(158), bent(159), bent(156)]) {
            expect(codeOf(await post(node.url, SESSIONS_PATH, { ...good, token }))).toBe('MKT_NODE__TOKEN_MALFORMED');
        }
        for (const token of ['', 'AAAA', `${String(good.token)}AAAA`, String(good.token).replace(/.$/, '!'), 5, null]) {
            expect(codeOf(await post(node.url, SESSIONS_PATH, { ...good, token }))).toBe('MKT_NODE__BODY_INVALID');
        }
        // Every byte of the token is under the issuer's signature or decides who may use it.
        for (let index = 16; index < 156; index += 7) {
            const answer = await post(node.url, SESSIONS_PATH, { ...good, token: bent(index) });
            expect(answer.status).toBeGreaterThanOrEqual(400);
        }
        expect((await post(node.url, SESSIONS_PATH, good)).status).toBe(200);
    });

    it('refuses proofs that are replayed, old, of the future, for another node or by another key', async () => {
        const world = createWorld();
        const node = await relay(world);
        const viewer = new Viewer(world);
        const other = toBase64(sign(generateKeyPair().secretSeed, new Uint8Array(88)));
        expect(codeOf(await post(node.url, SESSIONS_PATH, { ...viewer.openRequest(), proof: other }))).toBe(
            'MKT_NODE__PROOF_INVALID',
        );
        const foreign = viewer.openRequest(Date.now(), fromHex(world.relays[1]?.addressHex ?? ''));
        expect(codeOf(await post(node.url, SESSIONS_PATH, foreign))).toBe('MKT_NODE__PROOF_INVALID');
        const shifted = { ...viewer.openRequest(), timestampMs: Date.now() - 1_000 };
        expect(codeOf(await post(node.url, SESSIONS_PATH, shifted))).toBe('MKT_NODE__PROOF_INVALID');
        for (const skew of [-31_000, 31_000]) {
            expect(codeOf(await post(node.url, SESSIONS_PATH, viewer.openRequest(Date.now() + skew)))).toBe(
                'MKT_NODE__PROOF_CLOCK',
            );
        }
        const request = viewer.openRequest();
        expect((await post(node.url, SESSIONS_PATH, request)).status).toBe(200);
        expect(codeOf(await post(node.url, SESSIONS_PATH, request))).toBe('MKT_NODE__PROOF_REPLAYED');
        expect((await post(node.url, SESSIONS_PATH, viewer.openRequest(Date.now() + 5))).status).toBe(200);
        const fresh = new Viewer(world).openRequest();
        const twice = await Promise.all([1, 2, 3].map(() => post(node.url, SESSIONS_PATH, fresh)));
        expect(twice.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
        expect(node.status.read().openSessions).toBe(2);
    });

    it('still knows a used proof after a restart', async () => {
        const world = createWorld();
        const dataDir = await tempDir();
        const before = await startTestNode({ world, parentUrl: from.url, dataDir });
        const request = new Viewer(world).openRequest();
        await post(before.url, SESSIONS_PATH, request);
        await before.stop();
        const after = await relay(world, { dataDir });
        expect(codeOf(await post(after.url, SESSIONS_PATH, request))).toBe('MKT_NODE__PROOF_REPLAYED');
    });
});

describe('a request with a session', () => {
    it.each([
        ['x', 400, 'MKT_NODE__SESSION_MALFORMED'],
        ['A'.repeat(64), 400, 'MKT_NODE__SESSION_MALFORMED'],
        ['0'.repeat(64), 401, 'MKT_NODE__SESSION_UNKNOWN'],
    ])('"%s" is refused', async (session, status, code) => {
        const node = await relay(createWorld());
        const answer = await ask(node.url, '/a', { headers: { 'ocm-session': session } });
        expect([answer.status, codeOf(answer)]).toEqual([status, code]);
    });

    it('is stopped when the credit is used, and goes on after a receipt', async () => {
        const world = createWorld({ creditBytes: 2 * MIB });
        const node = await relay(world);
        const viewer = new Viewer(world);
        await viewer.open(node.url);
        for (const path of ['/1', '/2']) expect((await viewer.get(node.url, path)).status).toBe(200);
        // Exactly the credit is still allowed; the slice after it waits.
        const waiting = viewer.get(node.url, '/3');
        await until(() => from.requests.length === 3, 'third object begun');
        await new Promise((resolve) => setTimeout(resolve, 200));
        const refused = await viewer.get(node.url, '/4');
        expect([refused.status, codeOf(refused)]).toEqual([402, 'MKT_NODE__CREDIT_EXHAUSTED']);
        expect((await viewer.acknowledge(node.url, { objects: 2, bytes: BigInt(2 * MIB) })).status).toBe(200);
        expect((await waiting).body.equals(object)).toBe(true);
        expect((await viewer.get(node.url, '/5')).status).toBe(200);
    });

    it('is stopped at the bytes of its token', async () => {
        const world = createWorld();
        const node = await relay(world);
        const viewer = new Viewer(world, { maxBytes: BigInt(MIB) });
        await viewer.open(node.url);
        expect((await viewer.get(node.url, '/1')).body.equals(object)).toBe(true);
        const refused = await viewer.get(node.url, '/2');
        expect([refused.status, codeOf(refused)]).toEqual([402, 'MKT_NODE__TOKEN_EXHAUSTED']);
    });

    it('is cut off within an object when the bytes of its token are used up', async () => {
        const world = createWorld();
        const node = await relay(world);
        const viewer = new Viewer(world, { maxBytes: BigInt(MIB / 2) });
        await viewer.open(node.url);
        await expect(viewer.get(node.url, '/1')).rejects.toThrow();
        await until(() => node.status.read().requests === 1, 'recorded');
        expect(Number(node.status.read().servedBytes)).toBeLessThanOrEqual(MIB / 2 + 64 * 1024);
        expect((await viewer.acknowledge(node.url, { bytes: BigInt(MIB / 2 + 1) })).status).toBe(400);
    });

    it('ends with its token', async () => {
        const world = createWorld();
        const clock = { shiftMs: 0 };
        const node = await relay(world, { deps: { now: () => Date.now() + clock.shiftMs } });
        const viewer = new Viewer(world, { notAfterSecs: Math.floor(Date.now() / 1000) + 60 });
        await viewer.open(node.url);
        expect((await viewer.get(node.url, '/1')).status).toBe(200);
        clock.shiftMs = 60_000;
        expect(codeOf(await viewer.get(node.url, '/1'))).toBe('MKT_NODE__SESSION_EXPIRED');
    });
});

describe('a receipt', () => {
    async function served(): Promise<{ node: Awaited<ReturnType<typeof relay>>; viewer: Viewer; world: World }> {
        const world = createWorld();
        const node = await relay(world);
        const viewer = new Viewer(world);
        await viewer.open(node.url);
        for (const path of ['/1', '/2', '/3']) await viewer.get(node.url, path);
        return { node, viewer, world };
    }
    const two = { seq: 5, objects: 2, bytes: BigInt(2 * MIB) };

    it('is taken, told back on opening again, and counted', async () => {
        const { node, viewer } = await served();
        const signed = viewer.receipt(two);
        const answer = await post(node.url, RECEIPTS_PATH, signed);
        expect(receiptResponse.parse(JSON.parse(answer.body.toString()))).toEqual({ seq: 5, bytes: String(2 * MIB) });
        expect(node.status.read().receiptedBytes).toBe(String(2 * MIB));
        const again = openSessionResponse.parse(JSON.parse((await viewer.open(node.url)).body.toString()));
        expect([again.receipt, again.receiptSignature]).toEqual([signed.receipt, signed.receiptSignature]);
    });

    it('is idempotent, also when sent many times at once', async () => {
        const { node, viewer } = await served();
        const signed = viewer.receipt(two);
        const answers = await Promise.all(Array.from({ length: 10 }, () => post(node.url, RECEIPTS_PATH, signed)));
        expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    });

    it.each<[string, number, Parameters<Viewer['receipt']>[0]]>([
        ['RECEIPT_STALE', 409, { ...two, seq: 5, objects: 3 }],
        ['RECEIPT_STALE', 409, { ...two, seq: 4 }],
        ['RECEIPT_DECREASED', 400, { ...two, seq: 6, bytes: two.bytes - 1n }],
        ['RECEIPT_DECREASED', 400, { ...two, seq: 6, objects: 1 }],
        ['RECEIPT_DECREASED', 400, { ...two, seq: 6, lastMs: BigInt(Date.now() - 50_000) }],
        ['RECEIPT_EXCEEDS_SENT', 409, { ...two, seq: 6, bytes: BigInt(3 * MIB + 1) }],
        ['RECEIPT_EXCEEDS_TOKEN', 400, { ...two, seq: 6, bytes: (1n << 30n) + 1n }],
        ['RECEIPT_TIME_OUTSIDE', 400, { ...two, seq: 6, lastMs: BigInt(Date.now()) * 2n }],
    ])('that breaks a rule is refused and changes nothing: %s', async (code, status, change) => {
        const { node, viewer } = await served();
        expect((await viewer.acknowledge(node.url, two)).status).toBe(200);
        const answer = await viewer.acknowledge(node.url, change);
        expect([answer.status, codeOf(answer)]).toEqual([status, `MKT_NODE__${code}`]);
        expect(node.status.read().receiptedBytes).toBe(String(2 * MIB));
        expect((await viewer.acknowledge(node.url, { seq: 7, objects: 3, bytes: BigInt(3 * MIB) })).status).toBe(200);
        expect(node.status.read().receiptedBytes).toBe(String(3 * MIB));
    });

    it('that is malformed, foreign or forged has a precise code', async () => {
        const { node, viewer, world } = await served();
        const { receipt, receiptSignature } = viewer.receipt(two);
        const bytes = fromBase64(receipt);
        bytes[0] = 0;
        const send = async (body: unknown) => codeOf(await post(node.url, RECEIPTS_PATH, body));
        expect(await send({ receipt: toBase64(bytes), receiptSignature })).toBe('MKT_NODE__RECEIPT_MALFORMED');
        expect(await send({ receipt: receipt.slice(4), receiptSignature })).toBe('MKT_NODE__BODY_INVALID');
        expect(await send({ receipt })).toBe('MKT_NODE__BODY_INVALID');
        expect(await send(new Viewer(world).receipt(two))).toBe('MKT_NODE__SESSION_UNKNOWN');
        const other = toBase64(sign(generateKeyPair().secretSeed, fromBase64(receipt)));
        expect(await send({ receipt, receiptSignature: other })).toBe('MKT_NODE__RECEIPT_SIGNATURE_INVALID');
        expect(await send({ receipt, receiptSignature: toBase64(new Uint8Array(64)) })).toBe(
            'MKT_NODE__RECEIPT_SIGNATURE_INVALID',
        );
        for (let index = 16; index < 112; index += 5) {
            const bent = fromBase64(receipt);
            bent[index] = (bent[index] ?? 0) ^ 1;
            expect(
                (await post(node.url, RECEIPTS_PATH, { receipt: toBase64(bent), receiptSignature })).status,
            ).toBeGreaterThanOrEqual(400);
        }
        expect(node.status.read().receiptedBytes).toBe('0');
        expect(await send({ receipt, receiptSignature })).toBeUndefined();
    });

    it('survives a kill: counters are the same, and bytes under way at the kill may still be acknowledged', async () => {
        const world = createWorld();
        const dataDir = await tempDir();
        const node = await relay(world, { dataDir });
        const viewer = new Viewer(world);
        await viewer.open(node.url);
        for (const path of ['/1', '/2', '/1']) await viewer.get(node.url, path);
        await ask(node.url, '/3');
        await viewer.acknowledge(node.url, { seq: 3, objects: 2, bytes: BigInt(2 * MIB) });
        // Objects are written behind.
        await eventually(async () => expect(await filesIn(join(dataDir, 'cache'))).toHaveLength(3));
        // What a killed process leaves is what is on disk at one moment; its lock names a process that is not its own.
        const crashed = await tempDir();
        await cp(dataDir, crashed, { recursive: true, filter: (path) => !path.endsWith('.lock') });
        const before = node.status.read();
        const after = await relay(world, { dataDir: crashed });
        const { requests, servedBytes, receiptedBytes, openSessions } = after.status.read();
        expect({ requests, servedBytes, receiptedBytes, openSessions }).toEqual({
            requests: before.requests,
            servedBytes: before.servedBytes,
            receiptedBytes: before.receiptedBytes,
            openSessions: 1,
        });
        expect(requests).toBe(4);
        expect((await viewer.get(after.url, '/1')).headers['ocm-cache']).toBe('hit');
        expect((await viewer.acknowledge(after.url, { seq: 4, objects: 5, bytes: BigInt(5 * MIB) })).status).toBe(200);
        const tooMuch = await viewer.acknowledge(after.url, { seq: 5, objects: 5, bytes: BigInt(13 * MIB) });
        expect(codeOf(tooMuch)).toBe('MKT_NODE__RECEIPT_EXCEEDS_SENT');
    });
});
