import { encodeReceipt, fromBase64, hashToken, toBase64, toHex } from '@ocm/sdk/core';
import { SESSION_HEADER, SESSIONS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeConfig } from '../src/config.js';
import { bodyOf, type House, startHouse } from './beacon-receipts-support.js';
import { ask, Cleanup, named, OPERATOR_SECRET, startOrigin, startTestNode, until } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const MEBIBYTE = 1024 * 1024;
/** Longer than the test may take. */
const NEVER_MS = 3_600_000;
/** Whole parts that a receipt is due for, without waiting for its interval. */
const SIGNED_AT_ONCE = 4 * MEBIBYTE;

/** The RELAY has a receipt for each byte that it sent, and so has the provider. */
async function untilAllIsSigned(house: House): Promise<bigint> {
    const copied = () => [...house.provider.copies.values()].reduce((sum, { bytes }) => sum + bytes, 0n);
    await until(
        async () => {
            const { served, receipted } = await house.relayBytes();
            return served > 0n && receipted === served && copied() === served;
        },
        'a receipt for all that was sent',
        15_000,
    );
    return copied();
}

describe('a BEACON whose players have no keys', () => {
    it('signs for what it fetches, with a key of its own for each token, and for what it has stored not again', async () => {
        const house = await startHouse(cleanup);
        const sizes = [1, 1000, 300_000, 10 * MEBIBYTE + 7];
        for (const size of sizes) expect((await house.play(`/${size}/a`)).body.equals(bodyOf(size))).toBe(true);
        await house.play('/1000/a');
        const signed = await untilAllIsSigned(house);
        expect(signed).toBe(BigInt(sizes.reduce((sum, size) => sum + size)));
        expect(house.provider.tokens).toHaveLength(1);
        const [receipt] = [...house.provider.copies.values()];
        // Of the long one each MiB is an object of the receipt.
        expect(receipt?.objects).toBe(3 + 11);
        expect(receipt?.errors).toBe(0);
        const metrics = (
            await ask(house.beacon.url, '/metrics', { headers: { authorization: `Bearer ${OPERATOR_SECRET}` } })
        ).body;
        expect(metrics.toString()).toContain(`ocm_node_signed_bytes_total{service="ocm-node"} ${signed}`);
        expect(house.warnings).toEqual([]);
    });

    it('gets many objects at once with a credit smaller than each of them', async () => {
        const house = await startHouse(cleanup, { creditBytes: 128 * 1024 });
        const paths = Array.from({ length: 12 }, (_, index) => `/${2 * MEBIBYTE}/${index}`);
        const answers = await Promise.all(paths.map((path) => house.play(path)));
        expect(answers.map(({ status, body }) => [status, body.length])).toEqual(paths.map(() => [200, 2 * MEBIBYTE]));
        expect(await untilAllIsSigned(house)).toBe(BigInt(24 * MEBIBYTE));
    });

    it('goes on under a fresh token when the bytes of one are used up', async () => {
        const house = await startHouse(cleanup, { provider: { maxBytes: BigInt(SIGNED_AT_ONCE) } });
        for (let index = 0; index < 8; index += 1) expect((await house.play(`/${MEBIBYTE}/${index}`)).status).toBe(200);
        expect(await untilAllIsSigned(house)).toBe(BigInt(8 * MEBIBYTE));
        expect(house.provider.copies.size).toBe(2);
        expect(new Set(house.provider.tokens.map(String)).size).toBe(2);
    });

    it('takes a fresh token for an object that the rest of one does not allow, and none if no token does', async () => {
        const house = await startHouse(cleanup, { provider: { maxBytes: BigInt(SIGNED_AT_ONCE) } });
        const sizes = [3 * MEBIBYTE, 2 * MEBIBYTE, 5 * MEBIBYTE, MEBIBYTE];
        for (const size of sizes) expect((await house.play(`/${size}/a`)).body.equals(bodyOf(size))).toBe(true);
        await house.beacon.stop();
        const signed = [...house.provider.copies.values()].map(({ bytes }) => Number(bytes));
        expect(signed.reduce((sum, bytes) => sum + bytes)).toBe(6 * MEBIBYTE);
        expect(signed[0]).toBe(3 * MEBIBYTE);
    });

    it.each([
        ['shows its session again to a RELAY that was restarted', 1, true],
        ['goes on under a fresh token at a RELAY that has lost its journal', 2, false],
    ])('%s', async (_, tokens, remembers) => {
        const house = await startHouse(cleanup);
        await house.play(`/${SIGNED_AT_ONCE}/a`);
        await untilAllIsSigned(house);
        const { port } = new URL(house.relay.url);
        await house.relay.stop();
        const again = await startTestNode({
            world: house.world,
            parentUrl: house.origin.url,
            config: { listen: { host: '127.0.0.1', port: Number(port) } },
            ...(remembers ? { dataDir: house.relay.config.dataDir } : {}),
        });
        cleanup.add(() => again.stop());
        for (const path of ['/2000/b', `/${SIGNED_AT_ONCE}/c`]) expect((await house.play(path)).status).toBe(200);
        const bytesOf = () => [...house.provider.copies.values()].map(({ bytes }) => bytes);
        const later = BigInt(SIGNED_AT_ONCE + 2000);
        const expected = remembers ? [BigInt(SIGNED_AT_ONCE) + later] : [BigInt(SIGNED_AT_ONCE), later];
        await until(() => bytesOf().at(-1) === expected.at(-1), 'a receipt for what came last');
        expect(bytesOf()).toEqual(expected);
        expect(house.provider.tokens).toHaveLength(tokens);
    });

    it('signs before it stops', async () => {
        const house = await startHouse(cleanup);
        await house.play('/5000/a');
        expect((await house.relayBytes()).receipted).toBe(0n);
        await house.beacon.stop();
        expect(await house.relayBytes()).toEqual({ served: 5000n, receipted: 5000n });
    });
});

describe('a BEACON that cannot sign', () => {
    it('serves without when the provider refuses a token, or says nothing', { timeout: 30_000 }, async () => {
        for (const refuse of [() => ({ status: 429 }), () => ({ status: 503, afterMs: NEVER_MS })]) {
            const house = await startHouse(cleanup, { provider: { refuse } });
            expect((await house.play('/1000/a')).body.length).toBe(1000);
            await until(async () => (await house.relayBytes()).served === 1000n, 'the record of it');
            expect((await house.relayBytes()).receipted).toBe(0n);
            await until(() => house.warnings.length > 0, 'a warning');
        }
    });

    it('gives the answers of the origin as they are, also those that look like a refused session', async () => {
        const house = await startHouse(cleanup, {
            serve: ({ url = '' }, response) => {
                response.statusCode = Number(url.slice(1));
                response.end(`origin says ${url}`);
            },
        });
        for (const status of [401, 403, 404, 409, 410]) {
            const answer = await house.play(`/${status}`);
            expect([answer.status, answer.body.toString()]).toEqual([status, `origin says /${status}`]);
        }
        expect(house.origin.requests).toHaveLength(5);
        expect(house.provider.tokens).toHaveLength(1);
    });

    it('does without a session that the parent refuses for ever', async () => {
        const asked: (string | undefined)[] = [];
        const parent = await startOrigin((request, response) => {
            if (request.method === 'POST') {
                response.writeHead(403, { 'content-type': 'application/json' });
                return response.end('{"code":"MKT_NODE__TOKEN_WRONG_NODE","message":"no"}');
            }
            asked.push(request.headers[SESSION_HEADER] as string | undefined);
            return response.end('here');
        });
        cleanup.add(() => parent.close());
        const house = await startHouse(cleanup, { parentUrl: parent.url });
        expect((await house.play('/a')).body.toString()).toBe('here');
        expect(asked).toEqual([undefined]);
    });

    it('does not sign a total that the parent made up', async () => {
        const posts: string[] = [];
        const parent = await startOrigin((request, response) => {
            if (request.method !== 'POST') return response.end(request.headers[SESSION_HEADER] ?? 'unsigned');
            posts.push(request.url ?? '');
            request.on('data', (chunk) => response.end(inventedTotal(JSON.parse(String(chunk)).token)));
            return undefined;
        });
        cleanup.add(() => parent.close());
        const house = await startHouse(cleanup, { parentUrl: parent.url });
        expect((await house.play('/a')).body.toString()).toBe('unsigned');
        expect(posts).toEqual([SESSIONS_PATH]);
        expect(JSON.stringify(house.warnings)).toContain('MKT_SDK__RECEIPT_FOREIGN');
        expect(house.provider.copies.size).toBe(0);
    });

    it('signs for the parts that came, when the parent breaks off', async () => {
        const house = await startHouse(cleanup, {
            serve: ({ url = '' }, response) => {
                if (url !== '/broken') return response.end('x');
                response.writeHead(200, { 'content-length': 3 * MEBIBYTE, 'cache-control': 'max-age=60' });
                response.write(bodyOf(2 * MEBIBYTE + 100), () => setTimeout(() => response.destroy(), 100));
                return undefined;
            },
        });
        const broken = await house.play('/broken').then(
            () => 'whole',
            () => 'broken off',
        );
        expect(broken).toBe('broken off');
        await house.beacon.stop();
        const { served } = await house.relayBytes();
        const [receipt] = [...house.provider.copies.values()];
        expect(receipt?.bytes).toBeGreaterThan(BigInt(2 * MEBIBYTE));
        expect(receipt?.bytes).toBeLessThanOrEqual(served);
        expect(receipt?.errors).toBeGreaterThan(0);
    });
});

/** What a node answers that says it holds a receipt over a gigabyte of this session. */
function inventedTotal(token: string): string {
    const tokenHash = hashToken(fromBase64(token));
    const receipt = encodeReceipt({
        tokenHash,
        seq: 9,
        objects: 1,
        bytes: 1n << 30n,
        lastMs: BigInt(Date.now()),
        ttfbP95Ms: 1,
        stallCentisecs: 0,
        errors: 0,
        accumulator: new Uint8Array(32),
    });
    return JSON.stringify({
        session: toHex(tokenHash),
        creditBytes: '1000000',
        receipt: toBase64(receipt),
        receiptSignature: toBase64(new Uint8Array(64)),
    });
}

describe('the config', () => {
    const config = {
        role: 'beacon',
        node: named('beacon').address,
        rpcUrl: 'http://127.0.0.1:8899',
        dataDir: '/tmp/never-made',
        listen: { host: '127.0.0.1', port: 0 },
        parentUrl: 'https://cast.example',
        operatorSecret: OPERATOR_SECRET,
        receipts: { providerUrl: 'https://provider.example' },
    };
    const parentTiers = [
        { name: 'relays', parents: [{ url: 'https://relay.example', node: named('relay 0').address }] },
    ];
    const problems = (change: object) =>
        nodeConfig
            .safeParse({ ...config, parentTiers, ...change })
            .error?.issues.map(({ path, message }) => [path.join('.'), message]);
    it('takes receipts for a BEACON with a parent that is a node, and nobody else', () => {
        expect(problems({})).toBeUndefined();
        expect(problems({ role: 'relay' })).toEqual([['receipts', 'is for the role beacon only']]);
        const nameless = [{ name: 'relays', parents: [{ url: 'https://relay.example' }] }];
        expect(problems({ parentTiers: nameless })).toEqual([
            ['receipts', 'needs a parent in parentTiers that names its node'],
        ]);
        expect(problems({ receipts: { providerUrl: 'ftp://provider.example' } })?.[0]?.[0]).toBe(
            'receipts.providerUrl',
        );
    });
});
