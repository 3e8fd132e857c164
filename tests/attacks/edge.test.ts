import { generateKeyPair, sha256, type Token, utf8 } from '@ocm/sdk/core';
import { type IssuedToken, PROVIDER_STATUS_PATH, type ProviderStatus, RECEIPT_COPIES_PATH } from '@ocm/sdk/http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { TEST_PARAMS, testKeypair } from '../support/index.js';
import { drain } from './drain.js';
import { areWorkersBuilt, type Worker } from './processes.js';
import { type AttackViewer, askToken, craftToken, createViewer, post, readNodeStatus } from './viewer.js';
import { type AttackWorld, CAPS, createAttackWorld, MEBIBYTE, SLICE_BYTES } from './world.js';

if (!areWorkersBuilt) process.stderr.write('SKIPPED: attacks on processes need `npx tsc -b`\n');
const CREDIT = Number(TEST_PARAMS.creditBytes);
let world: AttackWorld;
let node: Worker;
let provider: Worker;

describe.skipIf(!areWorkersBuilt)('attackers at a node and at the token service', () => {
    beforeAll(async () => {
        world = await createAttackWorld();
        [node, provider] = await Promise.all([world.startNode(), world.startProvider({ caps: CAPS, clientGroup: 7 })]);
    });
    beforeEach(() => node.syncClock());
    afterAll(() => world.close());

    const crafted = (change: Partial<Token> = {}, issuerSeed?: Uint8Array) => {
        const key = generateKeyPair();
        return createViewer(world.trade, node.url, key, craftToken(world.trade, key, change, issuerSeed));
    };
    const issued = async () => {
        const key = generateKeyPair();
        const { status, body } = await askToken(provider.url, world.trade, key);
        expect(status).toBe(200);
        return createViewer(world.trade, node.url, key, body as IssuedToken);
    };
    it('A1: receipts of another key, or for bytes that never left, are kept by nobody', async () => {
        const viewer = await issued();
        expect((await viewer.open()).status).toBe(200);
        const other = generateKeyPair().secretSeed;
        expect(await viewer.acknowledge({}, other)).toMatchObject({
            status: 403,
            code: 'MKT_NODE__RECEIPT_SIGNATURE_INVALID',
        });
        expect(await viewer.acknowledge({ bytes: 1n })).toMatchObject({
            status: 409,
            code: 'MKT_NODE__RECEIPT_EXCEEDS_SENT',
        });
        const copies = provider.url + RECEIPT_COPIES_PATH;
        expect(await post(copies, viewer.receipt({}, other))).toMatchObject({
            status: 400,
            code: 'MKT_PROVIDER__RECEIPT_FORGED',
        });
        expect(await post(copies, crafted().receipt({}))).toMatchObject({ code: 'MKT_PROVIDER__TOKEN_UNKNOWN' });
    });

    const stranger = testKeypair('stranger');
    it.each<[string, string, () => AttackViewer]>([
        ['A3: a token of another epoch', 'TOKEN_NOT_YET_VALID', () => later()],
        ['A3: a token of another node', 'TOKEN_WRONG_NODE', () => crafted({ node: stranger.publicKey.toBytes() })],
        ['A3: a token of another contract', 'CONTRACT_UNKNOWN', () => crafted({ contract: sha256(utf8('other')) })],
        ['A4: a token of another cluster', 'TOKEN_WRONG_CLUSTER', () => crafted({ clusterTag: 1 })],
        [
            'A1: a token that a node has made itself',
            'TOKEN_WRONG_ISSUER',
            () => crafted({}, generateKeyPair().secretSeed),
        ],
    ])('%s opens no session', async (_what, code, make) => {
        expect(await make().open()).toMatchObject({ status: 403, code: `MKT_NODE__${code}` });
    });
    const later = () => {
        const { genesisAt, epochLengthSecs } = world.trade.contract;
        const begins = Number(genesisAt) + 5 * epochLengthSecs;
        return crafted({ epoch: 5, notBeforeSecs: begins, notAfterSecs: begins + epochLengthSecs });
    };

    it('A6: a node whose viewers are its own gets no more bytes for a token than the token says', async () => {
        // Not a whole number of slices, so that the last one may run over.
        const maxBytes = BigInt(2 * MEBIBYTE + 1);
        for (const [connections, path] of [
            [1, '/a.mp4'],
            [60, '/live/later.mp4'],
        ] as const) {
            const viewer = crafted({ maxBytes });
            await viewer.open();
            const taken = await drain(viewer, connections, () => path);
            const beyond = taken - Number(maxBytes);
            expect(taken).toBeGreaterThan(MEBIBYTE);
            console.info(`A6: ${beyond} bytes beyond max_bytes on ${connections} connections`);
            expect(beyond).toBeLessThan(SLICE_BYTES);
            expect((await viewer.acknowledge({ bytes: maxBytes + 1n })).code).toBe('MKT_NODE__RECEIPT_EXCEEDS_TOKEN');
        }
    });

    it('A7: a key, a prefix and a group get the tokens of their caps, however many keys somebody makes', async () => {
        const key = generateKeyPair();
        const ofOneKey = [1, 2, 3].map(() => askToken(provider.url, world.trade, key));
        const refused = (await Promise.all(ofOneKey)).filter(({ status }) => status !== 200);
        expect(refused).toMatchObject([{ status: 403, code: 'MKT_PROVIDER__CLIENT_KEY_CAPPED' }]);
        const askFrom = async (address: string) => {
            for (let granted = 0; ; granted += 1) {
                const answer = await askToken(provider.url, world.trade, generateKeyPair(), address);
                if (answer.status !== 200) return { granted, ...answer };
            }
        };
        const ofOnePrefix = await askFrom('127.0.1.1');
        expect(ofOnePrefix).toMatchObject({ status: 429, code: 'MKT_PROVIDER__PREFIX_TOKENS_CAPPED' });
        expect(ofOnePrefix.granted).toBe(CAPS.tokensPerPrefix);
        const ofManyPrefixes = [await askFrom('127.0.2.1'), await askFrom('127.0.3.1'), await askFrom('127.0.4.1')];
        expect(ofManyPrefixes.at(-1)).toMatchObject({ status: 429, code: 'MKT_PROVIDER__GROUP_TOKENS_CAPPED' });
        const { tokensIssued } = (await (await fetch(provider.url + PROVIDER_STATUS_PATH)).json()) as ProviderStatus;
        expect(tokensIssued).toBe(CAPS.tokensPerGroup);
        const [prefix, group] = [CAPS.tokensPerPrefix, CAPS.tokensPerGroup].map(
            (count) => count * CAPS.maxSessionBytes,
        );
        console.info(`A7: granted at most ${prefix} bytes to a prefix per window, ${group} to a group per epoch`);
    });

    it.each([
        ['one connection', 1, () => '/a.mp4'],
        ['64 connections', 64, (place: number) => `/${place % 4}.mp4`],
        ['60 connections that wait for one live object', 60, () => '/live/now.mp4'],
    ] as const)(
        'A8: a client that signs nothing gets its credit and one slice on %s',
        async (what, connections, nameOf) => {
            const viewer = crafted();
            expect((await viewer.open()).status).toBe(200);
            const taken = await drain(viewer, connections, nameOf);
            console.info(`A8: ${taken - CREDIT} bytes beyond the credit of ${CREDIT} on ${what}`);
            expect(taken).toBeGreaterThan(CREDIT / 2);
            expect(taken - CREDIT).toBeLessThanOrEqual(SLICE_BYTES);
        },
    );

    it('A8: who opens no session has no credit to end: it gets unsigned traffic, and nobody owes for it', async () => {
        const before = await readNodeStatus(node.url);
        const objects = 1 + CREDIT / MEBIBYTE;
        for (let place = 0; place < objects; place += 1)
            expect((await (await fetch(`${node.url}/a.mp4`)).arrayBuffer()).byteLength).toBe(MEBIBYTE);
        const served = BigInt(objects * MEBIBYTE);
        const total = async () => (await readNodeStatus(node.url)).servedBytes;
        await expect.poll(total).toBe(String(BigInt(before.servedBytes) + served));
        expect((await readNodeStatus(node.url)).receiptedBytes).toBe(before.receiptedBytes);
        console.info(`A8: ${served} bytes without a session and without any bound; none of them is receipted`);
    });
});
