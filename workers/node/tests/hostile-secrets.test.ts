import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { findFreePort } from '@ocm/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeConfig } from '../src/index.js';
import { isBuilt, launchNode, MAIN } from './process-support.js';
import { ask, Cleanup, createWorld, OPERATOR_SECRET, startOrigin, tempDir, until, Viewer } from './support.js';
import { ask2, connect2, issue } from './tls-support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());
const HMAC_KEY = 'an-hmac-key-that-nobody-may-see';
const RPC_KEY = 'rpc-provider-key';

async function* filesBelow(folder: string): AsyncGenerator<string> {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) yield* filesBelow(path);
        else yield path;
    }
}
async function setUp() {
    const from = await startOrigin((_, response) => {
        response.writeHead(200, { 'content-length': 5, 'cache-control': 'max-age=600' });
        response.end('hello');
    });
    cleanup.add(() => from.close());
    const certificate = await issue(await tempDir(), ['localhost']);
    const { certPath, keyPath } = certificate;
    const port = await findFreePort();
    const tls = {
        listen: { host: '::', port },
        certificates: [{ certPath, keyPath }],
        acme: {
            directoryUrl: 'https://127.0.0.1:9/dir',
            domains: ['edge.ocm.example'],
            termsOfServiceAgreed: true,
            externalAccount: { keyId: 'operator-1', hmacKey: HMAC_KEY },
        },
    };
    const keyText = await readFile(keyPath, 'utf8');
    const secrets = [OPERATOR_SECRET, HMAC_KEY, ...keyText.split('\n').slice(1, 4)];
    return {
        input: { world: createWorld(), parentUrl: from.url, cleanup, config: { tls } },
        certificate,
        port,
        secrets,
    };
}

describe.skipIf(!isBuilt)('what a node writes', () => {
    it('holds no address of a viewer and no secret: output, metrics, status, files that others may read', async () => {
        const { input, certificate, port, secrets } = await setUp();
        const program = await launchNode(input);
        const viewer = new Viewer(input.world);
        const from4 = { localAddress: '127.77.66.55' };
        expect((await viewer.open(program.url)).status).toBe(200);
        expect((await viewer.get(program.url, '/a', from4)).status).toBe(200);
        // Refusals and errors are where addresses slip out.
        await ask(program.url, '/../..', from4);
        await ask(program.url, '/.well-known/ocm/operator/logs', {
            ...from4,
            headers: { authorization: 'Bearer wrong' },
        });
        await ask(program.url, '/.well-known/ocm/sessions', { ...from4, method: 'POST', body: '{' });
        for (const host of ['127.77.66.55', '[::1]']) {
            const session = connect2(`https://${host}:${port}`, { ca: certificate.cert });
            expect((await ask2(session, '/a')).status).toBe(200);
            session.destroy();
        }
        await new Promise<void>((resolve) => {
            const options = { host: '127.0.0.1', port, localAddress: '127.77.66.55' };
            http.get(options).on('error', () => resolve());
        });
        await until(() => program.output().includes('certificate not renewed'), 'authority is away');
        const told = [
            (await ask(program.url, '/metrics', from4)).body.toString(),
            (await ask(program.url, '/.well-known/ocm/status', from4)).body.toString(),
            (await ask(program.url, '/readyz', from4)).body.toString(),
        ];
        program.child.kill('SIGTERM');
        expect((await program.ended).code).toBe(0);
        told.push(program.output());
        let readable = 0;
        for await (const path of filesBelow(program.dataDir)) {
            const isOthers = ((await stat(path)).mode & 0o044) !== 0;
            const text = await readFile(path, 'latin1');
            // Addresses must be in no file at all; secrets in none that another user may read.
            expect(text, path).not.toContain('127.77.66.55');
            if (!isOthers) continue;
            readable += 1;
            told.push(text);
        }
        expect(readable).toBeGreaterThan(0);
        for (const text of told) {
            expect(text).not.toContain('127.77.66.55');
            expect(text).not.toMatch(/(^|[^0-9a-f:])::1([^0-9a-f:/]|$)/im);
            for (const secret of secrets) expect(text).not.toContain(secret);
        }
    });

    it('is the effective config without its secrets, for --check-config', async () => {
        const { input, secrets } = await setUp();
        const env = { OCM_HEALTH_INTERVAL_MS: '4321', OCM_LIMITS: '{"maxStreams":7}' };
        const program = await launchNode({ ...input, argv: ['--check-config'], env, waits: false });
        expect((await program.ended).code).toBe(0);
        const shown = JSON.parse(program.output());
        expect(shown).toMatchObject({
            operatorSecret: '[redacted]',
            rpcUrl: 'http://127.0.0.1:9/[redacted]',
            healthIntervalMs: 4321,
            limits: { maxStreams: 7, maxHeaderBytes: 16_384 },
            tls: { acme: { externalAccount: { keyId: 'operator-1', hmacKey: '[redacted]' } } },
            drain: { announceMs: 3_000, graceMs: 30_000 },
        });
        for (const secret of [...secrets, RPC_KEY]) expect(program.output()).not.toContain(secret);
    });

    it('names the file that --check-config cannot use', async () => {
        const { input } = await setUp();
        const tls = { ...input.config.tls, certificates: [{ certPath: '/nowhere.pem', keyPath: '/nowhere.key' }] };
        const program = await launchNode({ ...input, config: { tls }, argv: ['--check-config'], waits: false });
        expect((await program.ended).code).toBe(1);
        expect(program.output()).toMatch(/nowhere\.pem.*tls\.certificates.*MKT_NODE__TLS_UNUSABLE/);
        const wrong = nodeConfig.shape.limits.safeParse({ headersTimeoutMs: 30_000 });
        expect(wrong.error?.issues[0]?.message).toBe('must not be longer than requestTimeoutMs');
    });

    it('lists every field with its variable for --help', () => {
        const help = execFileSync(process.execPath, [MAIN, '--help'], { encoding: 'utf8' });
        for (const name of ['OCM_TLS', 'OCM_LIMITS', 'OCM_DRAIN', 'OCM_OPERATOR_SECRET', '--check-config', 'SIGHUP']) {
            expect(help).toContain(name);
        }
    });
});
