import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '@ocm/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { findPebble, HMAC_KEY, KEY_ID, startPebble } from './acme-support.js';
import { ask, Cleanup, createWorld, fixedTopology, startTestNode, tempDir, until } from './support.js';
import { connectTls } from './tls-support.js';

const pebble = findPebble();
if (pebble === null) {
    process.stderr.write(
        'SKIPPED: ACME needs Pebble (go install github.com/letsencrypt/pebble/v2/cmd/pebble@v2.10.1)\n',
    );
}
const DAY_MS = 86_400_000;
const NAMES = ['edge-1.ocm.example', 'www.ocm.example'];
const cleanup = new Cleanup();
afterEach(() => cleanup.run());

interface Setup {
    directoryUrl: string;
    caPath: string;
    httpPort: number;
    dataDir: string;
    hmacKey?: string;
    shiftMs?: number;
    lines?: string[];
}
async function start(setup: Setup) {
    const { directoryUrl, caPath, httpPort, dataDir, hmacKey = HMAC_KEY, shiftMs = 0, lines = [] } = setup;
    const note = (fields: object, message: string): void => void lines.push(JSON.stringify({ ...fields, message }));
    const world = createWorld({ nowMs: Date.now() + shiftMs });
    const node = await startTestNode({
        world,
        parentUrl: 'http://127.0.0.1:9',
        dataDir,
        config: {
            listen: { host: '127.0.0.1', port: httpPort },
            tls: {
                listen: { port: 0 },
                acme: {
                    directoryUrl,
                    caPath,
                    domains: NAMES,
                    email: 'operator@ocm.example',
                    termsOfServiceAgreed: true,
                    externalAccount: { keyId: KEY_ID, hmacKey },
                },
            },
        },
        deps: {
            topology: fixedTopology(world.view),
            now: () => Date.now() + shiftMs,
            log: { debug: note, info: note, warn: note, error: note },
        },
    });
    cleanup.add(() => node.stop());
    return node;
}
const readiness = async (url: string) => JSON.parse((await ask(url, '/readyz')).body.toString());
async function shown(base: string): Promise<{ serial: string; names: string }> {
    const socket = await connectTls(base, { servername: NAMES[1] ?? '', rejectUnauthorized: false });
    const { serialNumber, subjectaltname } = socket.getPeerCertificate();
    socket.destroy();
    return { serial: serialNumber, names: subjectaltname ?? '' };
}

describe.skipIf(pebble === null)('an ACME authority', () => {
    it('issues a certificate over HTTP-01, which is kept, renewed in time, and outlives the authority', async () => {
        const [httpPort, dataDir] = [await findFreePort(), await tempDir()];
        const authority = await startPebble(pebble ?? '', httpPort, cleanup);
        const lines: string[] = [];
        const setup = { ...authority, httpPort, dataDir, lines };
        const first = await start(setup);
        await until(async () => (await readiness(first.url)).certificateDaysLeft === 89, 'issued', 30_000);
        expect((await readiness(first.url)).status).toBe('ready');
        const issued = await shown(first.tlsUrl ?? '');
        for (const name of NAMES) expect(issued.names).toContain(`DNS:${name}`);
        expect(first.status.read().certificateDaysLeft).toBe(89);
        for (const name of ['account.key', 'account.json', 'certificate.pem']) {
            expect((await stat(join(dataDir, 'acme', name))).mode & 0o777).toBe(0o600);
        }
        const account = await readFile(join(dataDir, 'acme', 'account.json'), 'utf8');
        await first.stop();

        const again = await start(setup);
        expect((await shown(again.tlsUrl ?? '')).serial).toBe(issued.serial);
        await again.stop();

        const later = await start({ ...setup, shiftMs: 61 * DAY_MS });
        await until(async () => (await shown(later.tlsUrl ?? '')).serial !== issued.serial, 'renewed', 30_000);
        expect(await readFile(join(dataDir, 'acme', 'account.json'), 'utf8')).toBe(account);
        const renewed = await shown(later.tlsUrl ?? '');
        await later.stop();

        await authority.stop();
        const alone = await start({ ...setup, shiftMs: 70 * DAY_MS });
        const failures = async () => (await ask(alone.url, '/metrics')).body.toString();
        await until(async () => /renewal_failures\{[^}]*\} 1$/m.test(await failures()), 'failure told', 30_000);
        expect((await shown(alone.tlsUrl ?? '')).serial).toBe(renewed.serial);
        expect((await readiness(alone.url)).status).toBe('ready');

        const told = lines.join('\n');
        const secrets = await readFile(join(dataDir, 'acme', 'account.key'), 'utf8');
        expect(told).toContain('certificate not renewed');
        for (const secret of [HMAC_KEY, ...secrets.split('\n').slice(1, 3)]) expect(told).not.toContain(secret);
        expect(told).not.toContain('PRIVATE KEY');
    });

    it('that refuses leaves the node serving without TLS, unready, and telling why', async () => {
        const [httpPort, dataDir] = [await findFreePort(), await tempDir()];
        const authority = await startPebble(pebble ?? '', httpPort, cleanup);
        const lines: string[] = [];
        const hmacKey = Buffer.alloc(48, 7).toString('base64url');
        const node = await start({ ...authority, httpPort, dataDir, hmacKey, lines });
        await until(() => lines.some((line) => line.includes('certificate not renewed')), 'refused', 30_000);
        expect(await readiness(node.url)).toMatchObject({
            status: 'degraded',
            reasons: [{ code: 'certificate_missing' }],
        });
        expect((await ask(node.url, '/healthz')).status).toBe(200);
        await expect(connectTls(node.tlsUrl ?? '', { rejectUnauthorized: false })).rejects.toThrow();
        expect((await ask(node.url, '/.well-known/acme-challenge/nobody-asked')).status).toBe(404);
        expect((await ask(node.url, '/.well-known/acme-challenge/../../etc/passwd')).status).toBe(404);
    });
});
