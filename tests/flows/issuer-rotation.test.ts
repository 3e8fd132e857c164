import { join } from 'node:path';
import { assertIssuersHeld, createRotationChain, openKeyring, rotateIssuer } from '@ocm/provider';
import { createLogger } from '@ocm/runtime';
import { computeEpochBounds } from '@ocm/sdk';
import { decodeToken, encodeToken, fromBase64, sign, toBase64, verify } from '@ocm/sdk/core';
import { PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
    commitDelivery,
    cosignDelivery,
    readContract,
    settleDelivery,
    TEST_PARAMS,
    testIssuer,
    testKeypair,
    travelTo,
} from '../support/index.js';
import { createIssuingWorld, type IssuingWorld, writeKeypair } from './provider-world.js';

const log = createLogger({ name: 'test', level: 'silent' });
const LEAD_EPOCHS = 2;

let world: IssuingWorld;
beforeAll(async () => {
    world = await createIssuingWorld();
});
afterAll(() => world.close());

const rotate = (leadEpochs = LEAD_EPOCHS) =>
    rotateIssuer(
        {
            chain: createRotationChain({
                gateway: world.gateway,
                chain: world.chain(),
                owner: world.trade.contentProvider.owner,
            }),
            keys: world.keys,
            log,
        },
        { contract: world.trade.contract.address, leadEpochs },
        new AbortController().signal,
    );
const boundsOf = (epoch: number) => computeEpochBounds(world.trade.contract, epoch);
const isSignedBy = (issuer: PublicKey, { token, tokenSignature }: { token: string; tokenSignature: string }) =>
    verify(issuer.toBytes(), fromBase64(token), fromBase64(tokenSignature));

/** One story: each test goes on where the one before ended. */
describe('rotating an issuer', () => {
    let next: PublicKey;

    it('names a new key of a later epoch once, however often it is asked', async () => {
        const first = await rotate();
        expect(first).toMatchObject({ outcome: 'rotated', fromEpoch: LEAD_EPOCHS });
        next = new PublicKey(first.issuer ?? '');
        expect(await rotate()).toMatchObject({ outcome: 'pending', issuer: next.toBase58(), fromEpoch: LEAD_EPOCHS });
        const contract = await readContract(world.trade.market, world.trade.contract);
        expect(contract).toMatchObject({ issuer: [testIssuer.publicKey, next], issuerFromEpoch: [0, LEAD_EPOCHS] });
    });

    it('lets a node take tokens of the old key to its last second and of the new one from its first', async () => {
        travelTo(world.trade.market, boundsOf(LEAD_EPOCHS).beginsAt - 1n);
        const old = await world.issue();
        expect(old.answer.epoch).toBe(LEAD_EPOCHS - 1);
        expect(isSignedBy(testIssuer.publicKey, old.answer)).toBe(true);
        expect(await world.open(old)).toBe(200);

        travelTo(world.trade.market, boundsOf(LEAD_EPOCHS).beginsAt);
        const fresh = await world.issue();
        expect(fresh.answer.epoch).toBe(LEAD_EPOCHS);
        expect(isSignedBy(next, fresh.answer)).toBe(true);
        expect(await world.open(fresh)).toBe(200);
        // The epoch before is open for the token's grace, and its key still counts for it.
        expect(await world.open(old)).toBe(200);
    });

    it('leaves no way to use the old key in a new epoch', async () => {
        const { client, answer } = await world.issue();
        const token = encodeToken({ ...decodeToken(fromBase64(answer.token)), tokenId: new Uint8Array(16).fill(7) });
        const byOld = {
            token: toBase64(token),
            tokenSignature: toBase64(sign(testIssuer.secretKey.subarray(0, 32), token)),
        };
        expect(await world.open({ client, answer: byOld })).toBe('MKT_NODE__TOKEN_WRONG_ISSUER');
    });

    it('refuses to start without the key in force or a coming one, and names both key and remedy', async () => {
        const contract = await readContract(world.trade.market, world.trade.contract);
        const held = await writeKeypair(join(world.folder, 'other.json'), testKeypair('other issuer'));
        const keys = openKeyring({ paths: [world.issuerPath, held], folder: join(world.folder, 'empty') });
        const check = (epoch: number) => () => assertIssuersHeld([contract], Number(boundsOf(epoch).beginsAt), keys);
        for (const epoch of [0, LEAD_EPOCHS - 1, LEAD_EPOCHS, 49])
            expect(check(epoch)).toThrow(
                expect.objectContaining({
                    code: 'MKT_PROVIDER__ISSUER_KEY_MISSING',
                    message: expect.stringMatching(new RegExp(`${next.toBase58()}.*issuerKeypairPaths.*rotate`)),
                }),
            );
        // Nothing more is issued once the contract is over.
        expect(check(50)).not.toThrow();
        expect(() => assertIssuersHeld([contract], Number(boundsOf(0).beginsAt), world.keys)).not.toThrow();
    });

    it('does not give up the old key while its epochs can be committed or disputed', async () => {
        const tooEarly = { code: 'MKT_PROVIDER__ROTATION_TOO_EARLY' };
        await expect(rotate()).rejects.toMatchObject(tooEarly);
        const { market, contract } = world.trade;
        const commitment = await commitDelivery(world.trade, { epoch: LEAD_EPOCHS - 1 });
        const committableUntil =
            boundsOf(LEAD_EPOCHS - 1).endsAt + BigInt(TEST_PARAMS.commitDelaySecs + TEST_PARAMS.commitWindowSecs);
        travelTo(market, committableUntil);
        await expect(rotate()).rejects.toMatchObject(tooEarly);
        travelTo(market, committableUntil + 1n);
        await expect(rotate()).rejects.toMatchObject({
            ...tooEarly,
            message: expect.stringContaining(`commitment of epoch ${LEAD_EPOCHS - 1} is still open`),
        });
        await cosignDelivery(world.trade, commitment);
        await settleDelivery(world.trade, commitment);
        expect(await rotate()).toMatchObject({ outcome: 'rotated' });
        const rotated = await readContract(market, contract);
        expect(rotated.issuer[1]).toEqual(next);
        expect(rotated.issuer[0]).not.toEqual(testIssuer.publicKey);
        expect(rotated.issuerFromEpoch[0]).toBeGreaterThan(LEAD_EPOCHS);
    });

    it('ends with the contract', async () => {
        travelTo(world.trade.market, boundsOf(49).beginsAt);
        expect(await rotate()).toMatchObject({ outcome: 'over' });
    });
});
