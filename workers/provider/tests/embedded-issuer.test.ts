import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, failure, listen } from '@ocm/runtime';
import { decodeToken, fromBase64, generateKeyPair, hashToken, toBase64, toHex } from '@ocm/sdk/core';
import { type TokenRequest, tokenResponse } from '@ocm/sdk/http';
import { type FastifyInstance, fastify } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
    createApp,
    createTokenIssuer,
    type GrantBook,
    openGrantBook,
    rememberAtWorker,
    resolveCaps,
} from '../src/index.js';
import { createWorld, log, type World } from './support/world.js';

const SECRET = 'a secret of the provider';
let world: World;
let worker: FastifyInstance;
let login: FastifyInstance;
let loginUrl: string;
let grants: GrantBook;
let folder: string;

beforeEach(async () => {
    world = await createWorld();
    folder = await mkdtemp(join(tmpdir(), 'ocm-login-'));
    worker = createApp({
        chain: world.chain,
        ledger: world.ledger,
        contracts: [world.contract.address],
        issuer: world.tokenIssuer(),
        providerSecret: SECRET,
        log,
        metrics: createMetrics({ service: 'test', processMetrics: false }),
        readiness: () => ({ ready: true }),
        tokenRateLimit: { burst: 10, perSecond: 10 },
        receiptRateLimit: { burst: 10, perSecond: 10 },
    });
    const { url } = await listen({ server: worker, host: '127.0.0.1', port: 0 });
    grants = await openGrantBook({ dataDir: folder, log });
    login = startLogin(url);
    ({ url: loginUrl } = await listen({ server: login, host: '127.0.0.1', port: 0 }));
});
afterEach(async () => {
    await login.close();
    await worker.close();
    await grants.close();
    await world.dispose();
    await rm(folder, { recursive: true, force: true });
});

/** The example of docs/tokens.md: a service of the content provider's own that knows its users. */
function startLogin(workerUrl: string): FastifyInstance {
    const issuer = createTokenIssuer({
        chain: world.chain,
        contracts: [world.contract.address],
        keys: world.issuerKeys,
        grants,
        caps: (contract) => resolveCaps(contract, { tokensPerPrefix: 200 }),
        remember: rememberAtWorker({ url: workerUrl, secret: SECRET }),
    });
    const server = fastify();
    server.post<{ Body: TokenRequest; Headers: { user?: string } }>('/watch', async ({ body, headers, ip }) => {
        if (headers.user === undefined) throw failure('MKT_LOGIN__UNKNOWN', 'log in first');
        return issuer.issue({ ...body, address: ip, subject: headers.user });
    });
    return server;
}

async function watch(user?: string) {
    const clientPublicKey = toBase64(generateKeyPair().publicKey);
    const response = await fetch(`${loginUrl}/watch`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(user === undefined ? {} : { user }) },
        body: JSON.stringify({ node: world.node.toBase58(), clientPublicKey }),
    });
    return response.ok ? tokenResponse.parse(await response.json()) : response.status;
}

describe('a login service with the library', () => {
    it('issues tokens that the worker knows before the viewer has them', async () => {
        const answer = await watch('alice');
        if (typeof answer === 'number') throw new Error('a token is issued');
        const key = toHex(hashToken(fromBase64(answer.token)));
        expect(world.ledger.findToken(key)?.epoch).toBe(0);
        expect(await watch()).toBe(500);
        expect(world.ledger.tokenCount).toBe(1);
    });

    it('hands out nothing that the worker does not acknowledge', async () => {
        await worker.close();
        expect(await watch('alice')).toBe(500);
        expect(world.ledger.tokenCount).toBe(0);
    });

    it('makes groups of people: fifty logins of one address fill a group, one login does not', async () => {
        const issuer = createTokenIssuer({
            chain: world.chain,
            contracts: [world.contract.address],
            keys: world.issuerKeys,
            grants,
            caps: (contract) => resolveCaps(contract),
            remember: async () => undefined,
        });
        const groupOf = async (address: string, subject: string) => {
            const clientPublicKey = toBase64(generateKeyPair().publicKey);
            const request = { node: world.node.toBase58(), clientPublicKey, address, subject };
            return decodeToken(fromBase64((await issuer.issue(request)).token)).clientGroup;
        };
        const first = await groupOf('192.0.2.1', 'one');
        for (let time = 0; time < 55; time += 1) await groupOf('192.0.2.1', 'one');
        expect(await groupOf('192.0.3.1', 'two')).toBe(first);
        for (let person = 0; person < 48; person += 1) await groupOf('192.0.2.1', `person ${person}`);
        expect(await groupOf('192.0.4.1', 'late')).not.toBe(first);
    });
});
