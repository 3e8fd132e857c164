import { createMetrics, listen } from '@ocm/runtime';
import { fromBase64, generateKeyPair, sign, toBase64 } from '@ocm/sdk/core';
import {
    errorBody,
    ISSUED_TOKENS_PATH,
    PROVIDER_STATUS_PATH,
    providerStatus,
    RECEIPT_COPIES_PATH,
    TOKENS_PATH,
    tokenResponse,
} from '@ocm/sdk/http';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { continueSession, createSession, type SessionFixture } from '../../runtime/tests/support/sessions.js';
import { createApp } from '../src/app.js';
import { createWorld, log, type World } from './support/world.js';

const SECRET = 'a secret of the provider';
let world: World;
let server: FastifyInstance;
let url: string;
beforeEach(async () => {
    world = await createWorld();
    server = createApp({
        chain: world.chain,
        ledger: world.ledger,
        contracts: [world.contract.address],
        issuer: world.tokenIssuer({ openTokensPerClientKey: 4, tokensPerPrefix: 4 }),
        providerSecret: SECRET,
        trustedProxies: ['127.0.0.1'],
        log,
        metrics: createMetrics({ service: 'test', processMetrics: false }),
        readiness: () => ({ ready: true }),
        tokenRateLimit: { burst: 6, perSecond: 0.001 },
        receiptRateLimit: { burst: 100, perSecond: 100 },
    });
    ({ url } = await listen({ server, host: '127.0.0.1', port: 0 }));
});
afterEach(async () => {
    await server.close();
    await world.dispose();
});

async function post(path: string, body: unknown, more: Record<string, string> = {}) {
    const headers = { 'content-type': 'application/json', ...more };
    const response = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    const retryAfter = response.headers.get('retry-after');
    return { status: response.status, retryAfter, body: (await response.json()) as Record<string, unknown> };
}
const codeOf = (answer: { body: unknown }) => errorBody.parse(answer.body).code;
const receiptOf = ({ evidence }: SessionFixture) => ({
    receipt: evidence.receipt,
    receiptSignature: evidence.receiptSignature,
});
const issued = () =>
    world.issue(createSession({ contract: world.contract, issuer: world.issuer, node: world.node, bytes: 1_000n }));

describe('token interface', () => {
    const key = toBase64(generateKeyPair().publicKey);

    it('issues a token by contract and counts it', async () => {
        const answer = await post(TOKENS_PATH, { node: world.node.toBase58(), clientPublicKey: key });
        expect(answer.status).toBe(200);
        const { token, clusterTimeSecs } = tokenResponse.parse(answer.body);
        expect(fromBase64(token)).toHaveLength(160);
        expect(clusterTimeSecs).toBe(world.clock.nowSecs);
        const status = providerStatus.parse(await (await fetch(url + PROVIDER_STATUS_PATH)).json());
        expect(status).toMatchObject({ tokensIssued: 1, contracts: [world.contract.address.toBase58()] });
    });

    it('refuses wrong shapes and large bodies', async () => {
        expect((await post(TOKENS_PATH, { node: 'x', clientPublicKey: key })).status).toBe(400);
        expect((await post(TOKENS_PATH, { node: world.node.toBase58(), clientPublicKey: 'AAAA' })).status).toBe(400);
        expect((await post(TOKENS_PATH, { node: 'a'.repeat(5_000), clientPublicKey: key })).status).toBe(413);
    });

    it('says 429 to a network that asks too much', async () => {
        const ask = () => post(TOKENS_PATH, { node: world.node.toBase58(), clientPublicKey: key });
        // The caps answer first; the limit on requests comes before any of their work.
        for (const status of [200, 200, 200, 200, 403, 403]) expect((await ask()).status).toBe(status);
        const refused = await ask();
        expect([refused.status, codeOf(refused)]).toEqual([429, 'MKT_PROVIDER__RATE_LIMITED']);
        expect(refused.retryAfter).toBe('1000');
    });

    it('counts by the address that a trusted proxy names, and tells when to come again', async () => {
        const ask = (address: string) =>
            post(
                TOKENS_PATH,
                { node: world.node.toBase58(), clientPublicKey: toBase64(generateKeyPair().publicKey) },
                { 'x-forwarded-for': address },
            );
        for (const host of [1, 2, 3, 4]) expect((await ask(`192.0.2.${host}`)).status).toBe(200);
        const refused = await ask('192.0.2.5');
        expect([refused.status, codeOf(refused)]).toEqual([429, 'MKT_PROVIDER__PREFIX_TOKENS_CAPPED']);
        // Half of the epoch of 60 s is over.
        expect(refused.retryAfter).toBe('30');
        expect((await ask('198.51.100.1')).status).toBe(200);
    });

    it('says 409 for a contract without escrow', async () => {
        world.contract.state = 'proposed';
        const refused = await post(TOKENS_PATH, { node: world.node.toBase58(), clientPublicKey: key });
        expect([refused.status, codeOf(refused)]).toEqual([409, 'MKT_PROVIDER__CONTRACT_NOT_ACTIVE']);
    });
});

describe('receipt copies', () => {
    it('keep the highest receipt per token and survive a restart', async () => {
        const first = await issued();
        const second = continueSession(first, world.issuer, 5_000n, 2);
        expect((await post(RECEIPT_COPIES_PATH, receiptOf(second))).body).toEqual({ seq: 2, bytes: '5000' });
        expect((await post(RECEIPT_COPIES_PATH, receiptOf(first))).body).toEqual({ seq: 2, bytes: '5000' });
        expect((await post(RECEIPT_COPIES_PATH, receiptOf(second))).status).toBe(200);
        await world.restart();
        expect(world.ledger.findCopy(first.key)?.receipt.bytes).toBe(5_000n);
        expect(world.ledger.listCopies(world.contract.address, 0)).toHaveLength(1);
        expect(world.ledger.listCopies(world.contract.address, 1)).toHaveLength(0);
    });

    it('are refused for tokens of others, with a wrong signature, going back, and as noise', async () => {
        const foreign = createSession({ contract: world.contract, issuer: world.issuer, node: world.node });
        expect(codeOf(await post(RECEIPT_COPIES_PATH, receiptOf(foreign)))).toBe('MKT_PROVIDER__TOKEN_UNKNOWN');
        const mine = await issued();
        const forged = {
            ...receiptOf(mine),
            receiptSignature: toBase64(sign(generateKeyPair().secretSeed, mine.receiptBytes)),
        };
        expect(codeOf(await post(RECEIPT_COPIES_PATH, forged))).toBe('MKT_PROVIDER__RECEIPT_FORGED');
        await post(RECEIPT_COPIES_PATH, receiptOf(continueSession(mine, world.issuer, 5_000n, 2)));
        const less = await post(RECEIPT_COPIES_PATH, receiptOf(continueSession(mine, world.issuer, 4_000n, 3)));
        expect([less.status, codeOf(less)]).toEqual([409, 'MKT_CORE__RECEIPT_NOT_NEXT']);
        const noise = {
            receipt: toBase64(new Uint8Array(112).fill(255)),
            receiptSignature: toBase64(new Uint8Array(64)),
        };
        expect((await post(RECEIPT_COPIES_PATH, noise)).status).toBe(400);
        expect(world.ledger.findCopy(mine.key)?.receipt.bytes).toBe(5_000n);
    });

    it('are refused above what the token allows', async () => {
        const greedy = await world.issue(
            createSession({
                contract: world.contract,
                issuer: world.issuer,
                node: world.node,
                bytes: 10n,
                token: { maxBytes: 9n },
            }),
        );
        expect(codeOf(await post(RECEIPT_COPIES_PATH, receiptOf(greedy)))).toBe('MKT_PROVIDER__RECEIPT_TOO_LARGE');
    });
});

describe('tokens issued elsewhere', () => {
    const tell = (session: SessionFixture, secret = SECRET) => {
        const { token, tokenSignature } = session.evidence;
        return post(ISSUED_TOKENS_PATH, { token, tokenSignature }, { authorization: `Bearer ${secret}` });
    };
    const session = (options: Partial<Parameters<typeof createSession>[0]> = {}) =>
        createSession({ contract: world.contract, issuer: world.issuer, node: world.node, ...options });

    it('are remembered once, so that what is delivered under them is co-signed', async () => {
        const told = session();
        for (const _ of [1, 2]) expect((await tell(told)).body).toEqual({ tokenHash: told.key });
        expect(world.ledger.tokenCount).toBe(1);
        expect((await post(RECEIPT_COPIES_PATH, receiptOf(told))).status).toBe(200);
    });

    it('are refused without the secret, with another signature, and for other contracts, epochs and clusters', async () => {
        expect((await tell(session(), 'a secret of the providers')).status).toBe(401);
        expect((await post(ISSUED_TOKENS_PATH, {})).status).toBe(401);
        expect(codeOf(await tell(session({ issuer: generateKeyPair() })))).toBe('MKT_PROVIDER__TOKEN_FORGED');
        for (const token of [{ contract: new Uint8Array(32) }, { epoch: 100 }, { clusterTag: 1 }])
            expect(codeOf(await tell(session({ token })))).toBe('MKT_PROVIDER__TOKEN_FOREIGN');
        expect(world.ledger.tokenCount).toBe(0);
    });
});
