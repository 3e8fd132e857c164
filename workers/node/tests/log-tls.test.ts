import { rename, writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { LOG_FEEDS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { setUpLogs, writeCertificate } from './log-support.js';
import { type Answer, ask, Cleanup, operator, tempDir, until } from './support.js';
import { connectTls, issue } from './tls-support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

describe('the listener with TLS', () => {
    it('serves feed and files over HTTPS, and neither objects nor clear text', async () => {
        const { cert, ...files } = await writeCertificate(await tempDir());
        const { node, world } = await setUpLogs(cleanup, { listen: { port: 0, ...files } });
        const feed = `${LOG_FEEDS_PATH}/${world.contract.address}`;
        const { port, protocol } = new URL(node.logUrl ?? '');
        expect(protocol).toBe('https:');
        const get = (path: string, ca: string | undefined) =>
            new Promise<Answer>((resolve, reject) => {
                const options = {
                    host: '127.0.0.1',
                    servername: 'localhost',
                    port,
                    path,
                    headers: operator,
                    ca,
                    agent: false,
                };
                const sent = request({ ...options, checkServerIdentity: () => undefined } as object, (response) => {
                    const chunks: Buffer[] = [];
                    response.on('data', (chunk: Buffer) => chunks.push(chunk));
                    response.on('end', () =>
                        resolve({
                            status: response.statusCode ?? 0,
                            headers: response.headers,
                            body: Buffer.concat(chunks),
                        }),
                    );
                });
                sent.on('error', reject);
                sent.end();
            });
        const answer = await get(feed, cert);
        expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/atom+xml; charset=utf-8']);
        expect((await get('/s/1.ts', cert)).status).toBe(404);
        await expect(get(feed, undefined)).rejects.toThrow(/self-signed/i);
        await expect(ask(`http://127.0.0.1:${port}`, feed, { headers: operator })).rejects.toThrow();
    });

    it('shows a renewed certificate without a restart, and keeps the old one where the new cannot be used', async () => {
        const folder = await tempDir();
        const old = await issue(folder, ['localhost']);
        const { certPath, keyPath } = old;
        const { node } = await setUpLogs(cleanup, { listen: { port: 0, certPath, keyPath, reloadIntervalMs: 100 } });
        const shown = async () => {
            const socket = await connectTls(node.logUrl ?? '', { rejectUnauthorized: false });
            const { serialNumber } = socket.getPeerCertificate();
            socket.destroy();
            return serialNumber;
        };
        expect(await shown()).toBe(old.serial);
        await writeFile(certPath, 'no certificate');
        await node.reload();
        expect(await shown()).toBe(old.serial);
        const next = await issue(folder, ['localhost'], { file: 'next' });
        await rename(next.keyPath, keyPath);
        await rename(next.certPath, certPath);
        await until(async () => (await shown()) === next.serial, 'the new one is shown');
    });

    it('does not start without a usable certificate, and says which', async () => {
        const files = await writeCertificate(await tempDir());
        const other = await writeCertificate(await tempDir());
        const listen = { port: 0, certPath: files.certPath, keyPath: other.keyPath };
        await expect(setUpLogs(cleanup, { listen })).rejects.toThrow(/cannot be used.*log\.listen/);
        await expect(setUpLogs(cleanup, { listen: { ...listen, keyPath: '/nowhere' } })).rejects.toThrow(/nowhere/);
    });
});
