import { rename, writeFile } from 'node:fs/promises';
import tls from 'node:tls';
import { findFreePort } from '@ocm/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { isBuilt, launchNode } from './process-support.js';
import { ask, Cleanup, createWorld, startTestNode, tempDir, until } from './support.js';
import { ask2, connect2, connectTls, issue } from './tls-support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function start(certificates: { certPath: string; keyPath: string }[], extra = {}) {
    const node = await startTestNode({
        world: createWorld(),
        parentUrl: 'http://127.0.0.1:9',
        config: { tls: { listen: { port: 0 }, certificates, reloadIntervalMs: 100, ...extra } },
    });
    cleanup.add(() => node.stop());
    return { node, base: node.tlsUrl ?? '' };
}
const files = ({ certPath, keyPath }: { certPath: string; keyPath: string }) => ({ certPath, keyPath });
/** Serial number of what a client that asks for this name is shown. */
async function shown(base: string, servername: string): Promise<string> {
    const socket = await connectTls(base, {
        servername,
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
    });
    const { serialNumber } = socket.getPeerCertificate();
    socket.destroy();
    return serialNumber;
}

describe('certificates', () => {
    it('are chosen by the name that a client asks for, the first for all others', async () => {
        const folder = await tempDir();
        const one = await issue(folder, ['a.example', '*.b.example'], { file: 'one' });
        const two = await issue(folder, ['c.example'], { file: 'two' });
        const { base } = await start([files(one), files(two)]);
        expect(await shown(base, 'a.example')).toBe(one.serial);
        expect(await shown(base, 'x.b.example')).toBe(one.serial);
        expect(await shown(base, 'c.example')).toBe(two.serial);
        expect(await shown(base, 'unknown.example')).toBe(one.serial);
        expect(await shown(base, '')).toBe(one.serial);
    });

    it('are replaced while connections go on, by name and without one', async () => {
        const folder = await tempDir();
        const old = await issue(folder, ['localhost']);
        const { base, node } = await start([files(old)]);
        const session = connect2(base, { ca: old.cert });
        cleanup.add(() => session.destroy());
        expect((await ask2(session, '/healthz')).status).toBe(200);
        const next = await issue(folder, ['localhost'], { file: 'next', toMs: 20 * 86_400_000 });
        await rename(next.keyPath, old.keyPath);
        await rename(next.certPath, old.certPath);
        await until(async () => (await shown(base, 'localhost')) === next.serial, 'the new one is shown');
        expect(await shown(base, '')).toBe(next.serial);
        expect((await ask2(session, '/healthz')).status).toBe(200);
        expect(JSON.parse((await ask(node.url, '/readyz')).body.toString())).toMatchObject({ certificateDaysLeft: 19 });
    });

    it('stay as they are when what replaces them cannot be used', async () => {
        const folder = await tempDir();
        const old = await issue(folder, ['localhost']);
        const { base, node } = await start([files(old)], { reloadIntervalMs: 3_600_000 });
        await writeFile(old.certPath, 'no certificate');
        await node.reload();
        expect(await shown(base, 'localhost')).toBe(old.serial);
    });

    it.skipIf(!isBuilt)('are read again by the process on SIGHUP', async () => {
        const folder = await tempDir();
        const old = await issue(folder, ['localhost']);
        const port = await findFreePort();
        const tls = { listen: { port }, certificates: [files(old)], reloadIntervalMs: 3_600_000 };
        const input = { world: createWorld(), parentUrl: 'http://127.0.0.1:9', cleanup, config: { tls } };
        const program = await launchNode(input);
        const base = `https://127.0.0.1:${port}`;
        expect(await shown(base, 'localhost')).toBe(old.serial);
        const next = await issue(folder, ['localhost']);
        program.child.kill('SIGHUP');
        await until(async () => (await shown(base, 'localhost')) === next.serial, 'the new one is shown');
    });

    it('that have ended make the node unready, and say so', async () => {
        const ended = await issue(await tempDir(), ['localhost'], { toMs: -1_000 });
        const { node } = await start([files(ended)]);
        const answer = await ask(node.url, '/readyz');
        expect(answer.status).toBe(503);
        expect(JSON.parse(answer.body.toString())).toMatchObject({
            status: 'degraded',
            reasons: [{ code: 'certificate_expired' }],
            certificateDaysLeft: -1,
        });
        const metrics = (await ask(node.url, '/metrics')).body.toString();
        expect(metrics).toMatch(/^ocm_node_ready\{service="ocm-node"\} 0$/m);
        expect(metrics).toMatch(/^ocm_node_certificate_end_timestamp_seconds\{[^}]*\} 1[0-9]{9}$/m);
    });

    it('that cannot be used at the start are named, and so is a node without any', async () => {
        const folder = await tempDir();
        const [one, two] = [await issue(folder, ['a.example'], { file: 'a' }), await issue(folder, ['b.example'])];
        const mixed = [{ certPath: one.certPath, keyPath: two.keyPath }];
        await expect(start(mixed)).rejects.toThrow(/cannot be used.*tls\.certificates/);
        await expect(start([])).rejects.toThrow(/must list a certificate, or acme must be set/);
    });

    it('are shown to nobody who does not speak TLS', async () => {
        const { base } = await start([files(await issue(await tempDir(), ['localhost']))]);
        await expect(ask(base.replace('https', 'http'), '/healthz')).rejects.toThrow();
        expect(tls.DEFAULT_MIN_VERSION).toBe('TLSv1.2');
    });
});
