import { createMetrics, listen } from '@ocm/runtime';
import { deliveryReport, errorBody, REPORT_KEY_HEADER, REPORT_SIGNATURE_HEADER } from '@ocm/sdk/http';
import { Keypair } from '@solana/web3.js';
import type { FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EPOCH_SECS, GENESIS_SECS, namedAddress } from '../../runtime/tests/support/sessions.js';
import { createApp } from '../src/app.js';
import { createPdfSigner, type PdfSigner } from '../src/report/pdf-signer.js';
import type { ReportChain } from '../src/report/ports.js';
import { assertReportSigned, hashReport } from '../src/report/sign.js';
import { createWorld, log, type World } from './support/world.js';

const SECRET = 'a secret of the provider';
const signer = Keypair.generate();
const auth = { authorization: `Bearer ${SECRET}` };
const stop = new AbortController();

let world: World;
let servers: FastifyInstance[];
let held: Promise<void> | undefined;
let pdfSigner: PdfSigner;

beforeEach(async () => {
    world = await createWorld();
    pdfSigner = createPdfSigner({ p12: null, dataDir: world.folder, reportKey: signer.publicKey.toBase58() });
    world.clock.nowSecs = GENESIS_SECS + 2 * EPOCH_SECS;
    servers = [];
    held = undefined;
});
afterEach(async () => {
    for (const server of servers) await server.close();
    await world.dispose();
});

/** What a contract that nothing was delivered under looks like; the flows read real ones from a cluster. */
function createChain(): ReportChain {
    const fields = {
        mint: namedAddress('mint'),
        treasury: namedAddress('treasury'),
        splits: [],
        historySize: 0n,
        sla: { quorum: 1, maxPenaltyBasisPoints: 0, severeBasisPoints: 1, slashBasisPoints: 0, tiers: [] },
    };
    return {
        clusterTimeSecs: async () => world.clock.nowSecs,
        fetchContract: async () =>
            ({ ...world.contract, ...fields }) as unknown as Awaited<ReturnType<ReportChain['fetchContract']>>,
        fetchClaims: async () => [],
        readHistory: async () => {
            await held;
            return { commitments: [], settlements: [] };
        },
    };
}

async function start(providerSecret: string | undefined = SECRET): Promise<string> {
    const server = createApp({
        chain: world.chain,
        ledger: world.ledger,
        contracts: [world.contract.address],
        issuer: world.tokenIssuer(),
        ...(providerSecret === undefined || providerSecret === '' ? {} : { providerSecret }),
        reports: {
            chain: createChain(),
            manifests: { find: async () => null },
            logs: { tally: async () => null },
            signer,
            pdfSigner: async () => pdfSigner,
            signal: stop.signal,
        },
        log,
        metrics: createMetrics({ service: 'test', processMetrics: false }),
        readiness: () => ({ ready: true }),
        tokenRateLimit: { burst: 10, perSecond: 10 },
        receiptRateLimit: { burst: 10, perSecond: 10 },
    });
    servers.push(server);
    const { url } = await listen({ server, host: '127.0.0.1', port: 0 });
    return `${url}/v1/contracts/${world.contract.address.toBase58()}/report`;
}
async function ask(url: string, headers: Record<string, string> = auth) {
    const response = await fetch(url, { headers });
    const body = Buffer.from(await response.arrayBuffer());
    const told = response.ok ? undefined : errorBody.parse(JSON.parse(body.toString()));
    return { status: response.status, headers: response.headers, body, code: told?.code };
}

describe('the report interface', () => {
    it('gives each format with a signature of the body, and the same again', async () => {
        const url = await start();
        for (const [format, type] of [
            ['json', 'application/json; charset=utf-8'],
            ['csv', 'text/csv; charset=utf-8'],
            ['pdf', 'application/pdf'],
        ]) {
            const { status, headers, body } = await ask(`${url}?format=${format}&timezone=America/New_York`);
            expect([status, headers.get('content-type')]).toEqual([200, type]);
            const signature = {
                format: 'OCM/report/v1',
                algorithm: 'ed25519',
                sha256: hashReport(body),
                publicKey: headers.get(REPORT_KEY_HEADER),
                signature: headers.get(REPORT_SIGNATURE_HEADER),
            };
            expect(() => assertReportSigned(body, signature, signer.publicKey.toBase58())).not.toThrow();
            const again = (await ask(`${url}?format=${format}&timezone=America/New_York`)).body;
            // To a PDF the signature inside is appended, which tells its time; up to there it is the same too.
            const compared = format === 'pdf' ? body.indexOf('%%EOF') : Math.max(body.length, again.length);
            expect(compared).toBeGreaterThan(0);
            expect(again.subarray(0, compared).equals(body.subarray(0, compared))).toBe(true);
        }
    });

    it('tells of epochs that have ended, from the first to the last unless told', async () => {
        const url = await start();
        const range = async (query: string) => {
            const { from, to } = deliveryReport.parse(JSON.parse((await ask(url + query)).body.toString()));
            return [from, to];
        };
        expect(await range('')).toEqual([0, 1]);
        expect(await range('?from=1')).toEqual([1, 1]);
        expect(await range('?from=0&to=0')).toEqual([0, 0]);
        world.clock.nowSecs -= 1;
        expect(await range('')).toEqual([0, 0]);
        expect((await ask(`${url}?to=1`)).code).toBe('MKT_PROVIDER__REPORT_RANGE_INVALID');
        world.clock.nowSecs = GENESIS_SECS;
        expect((await ask(url)).code).toBe('MKT_PROVIDER__REPORT_RANGE_INVALID');
    });

    it('is closed without the secret, and off where none is set', async () => {
        const url = await start();
        for (const headers of [
            {},
            { authorization: SECRET },
            { authorization: `Bearer ${SECRET}x` },
            { authorization: 'Bearer ' },
        ])
            expect(await ask(url, headers)).toMatchObject({ status: 401, code: 'MKT_PROVIDER__SECRET_WRONG' });
        const off = await start('');
        expect(await ask(off)).toMatchObject({ status: 403, code: 'MKT_PROVIDER__SECRET_NOT_SET' });
        expect(await ask(off, { authorization: 'Bearer undefined' })).toMatchObject({ status: 403 });
    });

    it.each([
        '?format=exe',
        '?format=json&format=pdf',
        '?from=-1',
        '?from=1e3',
        '?from=0x1',
        '?to=4294967296000',
        '?from=1&to=0',
        '?from=&to=',
        '?timezone=',
        '?timezone=Mars/Olympus',
        `?timezone=${'A'.repeat(65)}`,
        '?timezone=..%2F..%2Fetc%2Fpasswd%00',
        '?timezone=UTC%0d%0aset-cookie:x',
        '?other=1',
        '?__proto__=1',
        '?from[]=1',
    ])('refuses %s', async (query) => {
        const { status, code } = await ask((await start()) + query);
        expect(status).toBe(400);
        expect(code).toMatch(/^MKT_(HTTP__INPUT_INVALID|PROVIDER__(REPORT_RANGE_INVALID|TIMEZONE_UNKNOWN))$/);
    });

    it('refuses other contracts and what is no address', async () => {
        const url = await start();
        const at = (name: string) => ask(url.replace(world.contract.address.toBase58(), name));
        expect(await at(namedAddress('another').toBase58())).toMatchObject({ status: 404 });
        for (const name of ['x', '..%2f..%2fetc', '%00', 'a'.repeat(300)]) {
            const { status } = await at(name);
            expect([400, 404, 414]).toContain(status);
        }
    });

    it('makes one at a time and sends the fourth away with a time to come again', async () => {
        const url = await start();
        let release: () => void = () => undefined;
        held = new Promise((resolve) => {
            release = resolve;
        });
        const asked = [1, 2, 3, 4].map(() => ask(url));
        const refused = await Promise.race(asked);
        expect(refused).toMatchObject({ status: 429, code: 'MKT_PROVIDER__REPORT_BUSY' });
        expect(refused.headers.get('retry-after')).toBe('5');
        release();
        expect((await Promise.all(asked)).map(({ status }) => status).sort()).toEqual([200, 200, 200, 429]);
    });
});
