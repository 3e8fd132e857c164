import { decodeToken, fromBase64, generateKeyPair, hashToken, toBase64, toHex, verify } from '@ocm/sdk/core';
import { Keypair } from '@solana/web3.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CLUSTER_TAG, EPOCH_SECS, freshAddress, GENESIS_SECS } from '../../runtime/tests/support/sessions.js';
import { createClientGroups } from '../src/client-groups.js';
import { type IssueTokenDeps, issueToken } from '../src/issue-token.js';
import { createWorld, type World } from './support/world.js';

let world: World;
beforeEach(async () => {
    world = await createWorld();
});
afterEach(() => world.dispose());

const client = generateKeyPair();
const deps = (changes: Partial<IssueTokenDeps> = {}): IssueTokenDeps => ({
    chain: world.chain,
    ledger: world.ledger,
    contracts: [world.contract.address],
    issuer: world.issuerKeypair,
    clientGroups: createClientGroups(),
    ...changes,
});
const request = () => ({ node: world.node.toBase58(), clientPublicKey: toBase64(client.publicKey) });

describe('issuing a token', () => {
    it('binds cluster, contract, running epoch, node and client key, and remembers it across a restart', async () => {
        world.clock.nowSecs = GENESIS_SECS + 3 * EPOCH_SECS + 45;
        const answer = await issueToken(deps(), request());
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
        const { token } = await issueToken(deps(), request());
        expect(decodeToken(fromBase64(token)).maxBytes).toBe(BigInt(8 * 125 * EPOCH_SECS));
    });

    it('gives no two tokens the same id', async () => {
        const tokens = await Promise.all([issueToken(deps(), request()), issueToken(deps(), request())]);
        expect(tokens[0]?.token).not.toBe(tokens[1]?.token);
    });

    it.each(['proposed', 'underfunded', 'closing', 'settled'] as const)(
        'refuses while the contract is %s',
        async (state) => {
            world.contract.state = state;
            await expect(issueToken(deps(), request())).rejects.toMatchObject({
                code: 'MKT_PROVIDER__CONTRACT_NOT_ACTIVE',
                message: expect.stringContaining(state),
            });
            expect(world.ledger.tokenCount).toBe(0);
        },
    );

    it('refuses nodes of no contract, and text that is no address', async () => {
        const unknown = { code: 'MKT_PROVIDER__NODE_UNKNOWN' };
        await expect(issueToken(deps(), { ...request(), node: freshAddress().toBase58() })).rejects.toMatchObject(
            unknown,
        );
        await expect(issueToken(deps(), { ...request(), node: '1'.repeat(44) })).rejects.toMatchObject(unknown);
    });

    it('refuses before the first and after the last epoch', async () => {
        world.clock.nowSecs = GENESIS_SECS - 1;
        await expect(issueToken(deps(), request())).rejects.toMatchObject({ code: 'MKT_PROVIDER__EPOCH_NOT_RUNNING' });
        world.clock.nowSecs = GENESIS_SECS + 100 * EPOCH_SECS;
        await expect(issueToken(deps(), request())).rejects.toMatchObject({ code: 'MKT_PROVIDER__EPOCH_NOT_RUNNING' });
        world.clock.nowSecs -= 1;
        expect((await issueToken(deps(), request())).epoch).toBe(99);
    });

    it('refuses with a key that is not the issuer in force, because no node would take the token', async () => {
        const other = Keypair.generate();
        const wrong = { code: 'MKT_PROVIDER__ISSUER_NOT_IN_FORCE' };
        await expect(issueToken(deps({ issuer: other }), request())).rejects.toMatchObject(wrong);
        world.contract.issuer[1] = other.publicKey;
        world.contract.issuerFromEpoch[1] = 1;
        world.clock.nowSecs = GENESIS_SECS + EPOCH_SECS;
        expect((await issueToken(deps({ issuer: other }), request())).epoch).toBe(1);
        await expect(issueToken(deps(), request())).rejects.toMatchObject(wrong);
    });
});

describe('client groups', () => {
    it('hold 50 sessions and at most a day', () => {
        const groups = createClientGroups();
        const first = Array.from({ length: 50 }, () => groups.next(1_000));
        expect(new Set(first).size).toBe(1);
        const second = groups.next(1_000);
        expect(second).not.toBe(first[0]);
        expect(groups.next(1_000)).toBe(second);
        expect(groups.next(1_000 + 86_400)).not.toBe(second);
    });
});
