import { decodeToken, fromBase64, generateKeyPair, hashToken, toBase64, toHex, verify } from '@ocm/sdk/core';
import { Keypair } from '@solana/web3.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLUSTER_TAG, EPOCH_SECS, freshAddress, GENESIS_SECS } from '../../runtime/tests/support/sessions.js';
import type { IssueRequest } from '../src/tokens/token-issuer.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeEach(async () => {
    world = await createWorld();
});
afterEach(() => world.dispose());

const client = generateKeyPair();
const request = (changes: Partial<IssueRequest> = {}) => ({
    node: world.node.toBase58(),
    clientPublicKey: toBase64(client.publicKey),
    address: '192.0.2.7',
    ...changes,
});
const issue = (changes?: Partial<IssueRequest>) => world.tokenIssuer().issue(request(changes));

describe('issuing a token', () => {
    it('binds cluster, contract, running epoch, node and client key, and remembers it across a restart', async () => {
        world.clock.nowSecs = GENESIS_SECS + 3 * EPOCH_SECS + 45;
        const answer = await issue();
        const bytes = fromBase64(answer.token);
        expect(verify(world.issuer.publicKey, bytes, fromBase64(answer.tokenSignature))).toBe(true);
        expect(answer).toMatchObject({ contract: world.contract.address.toBase58(), epoch: 3 });
        expect(decodeToken(bytes)).toMatchObject({
            contract: world.contract.address.toBytes(),
            clusterTag: CLUSTER_TAG,
            epoch: 3,
            node: world.node.toBytes(),
            clientPublicKey: client.publicKey,
            maxBytes: 1_000_000_000n,
            notBeforeSecs: GENESIS_SECS + 3 * EPOCH_SECS,
            notAfterSecs: GENESIS_SECS + 4 * EPOCH_SECS + 10,
            flags: 0,
        });
        await world.restart();
        expect(world.ledger.findToken(toHex(hashToken(bytes)))?.epoch).toBe(3);
    });

    it('never allows more bytes than the cap carries in one epoch', async () => {
        world.contract.capKilobitsPerSecond = 8n;
        const { token } = await issue();
        expect(decodeToken(fromBase64(token)).maxBytes).toBe(BigInt(8 * 125 * EPOCH_SECS));
    });

    it('gives no two tokens the same id', async () => {
        const tokens = await Promise.all([issue(), issue()]);
        expect(tokens[0]?.token).not.toBe(tokens[1]?.token);
    });

    it.each(['proposed', 'underfunded', 'closing', 'settled'] as const)(
        'refuses while the contract is %s',
        async (state) => {
            world.contract.state = state;
            await expect(issue()).rejects.toMatchObject({
                code: 'MKT_PROVIDER__CONTRACT_NOT_ACTIVE',
                message: expect.stringContaining(state),
            });
            expect(world.ledger.tokenCount).toBe(0);
        },
    );

    it('refuses nodes of no contract, and text that is no address', async () => {
        const unknown = { code: 'MKT_PROVIDER__NODE_UNKNOWN' };
        await expect(issue({ node: freshAddress().toBase58() })).rejects.toMatchObject(unknown);
        await expect(issue({ node: '1'.repeat(44) })).rejects.toMatchObject(unknown);
    });

    it('refuses before the first and after the last epoch', async () => {
        world.clock.nowSecs = GENESIS_SECS - 1;
        await expect(issue()).rejects.toMatchObject({ code: 'MKT_PROVIDER__EPOCH_NOT_RUNNING' });
        world.clock.nowSecs = GENESIS_SECS + 100 * EPOCH_SECS;
        await expect(issue()).rejects.toMatchObject({ code: 'MKT_PROVIDER__EPOCH_NOT_RUNNING' });
        world.clock.nowSecs -= 1;
        expect((await issue()).epoch).toBe(99);
    });

    it('signs with the held key that is in force in the epoch, and refuses without it', async () => {
        const other = Keypair.generate();
        world.contract.issuer[1] = other.publicKey;
        world.contract.issuerFromEpoch[1] = 1;
        const signerOf = async () => {
            const { token, tokenSignature } = await issue();
            const keys = [world.issuerKeypair, other].map(({ publicKey }) => publicKey.toBytes());
            return keys.findIndex((key) => verify(key, fromBase64(token), fromBase64(tokenSignature)));
        };
        expect(await signerOf()).toBe(0);
        world.clock.nowSecs = GENESIS_SECS + EPOCH_SECS - 1;
        expect(await signerOf()).toBe(0);
        world.clock.nowSecs += 1;
        await expect(issue()).rejects.toMatchObject({
            code: 'MKT_PROVIDER__ISSUER_NOT_IN_FORCE',
            message: expect.stringContaining(other.publicKey.toBase58()),
        });
        world.keys.push(other);
        expect(await signerOf()).toBe(1);
    });

    it('refuses what is no IP address and no Ed25519 key, before anything is counted', async () => {
        for (const address of ['', 'localhost', '192.0.2.256', '192.0.2.1/24', '1'.repeat(5_000)])
            await expect(issue({ address })).rejects.toMatchObject({ code: 'MKT_PROVIDER__ADDRESS_INVALID' });
        for (const clientPublicKey of ['', 'AAAA', `${'A'.repeat(43)}*`, `${'A'.repeat(44)}`, '\u0000'.repeat(44)])
            await expect(issue({ clientPublicKey })).rejects.toMatchObject({
                code: 'MKT_PROVIDER__CLIENT_KEY_INVALID',
            });
        expect(world.ledger.tokenCount).toBe(0);
    });
});
