import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import net from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@ocm/runtime';
import dnsPacket from 'dns-packet';
import { type Cleanup, tempDir, until } from './support.js';
import { issue } from './tls-support.js';

export const KEY_ID = 'operator-1';
export const HMAC_KEY = 'zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG44nMEtx3MUAsUDkMTQ12W';

/** The authority's test server of Let's Encrypt: OCM_PEBBLE, on the PATH, or where `.ci/run` and `go install` put it. */
export function findPebble(): string | null {
    const beside = fileURLToPath(new URL('../../../target/tools/pebble', import.meta.url));
    const known = [process.env.OCM_PEBBLE ?? '', beside, join(homedir(), 'go', 'bin', 'pebble')];
    const found = known.find((path) => path !== '' && existsSync(path));
    if (found !== undefined) return found;
    try {
        return execFileSync('sh', ['-c', 'command -v pebble'], { encoding: 'utf8' }).trim();
    } catch {
        return null;
    }
}

/** Says of every name that it is this machine. Over TCP, as Pebble asks. */
async function startDns(cleanup: Cleanup): Promise<number> {
    const server = net.createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (message) => {
            const { id = 0, questions = [] } = dnsPacket.streamDecode(message) ?? {};
            const answers = questions
                .filter(({ type }) => type === 'A')
                .map(({ name }) => ({ type: 'A' as const, name, ttl: 1, data: '127.0.0.1' }));
            socket.end(dnsPacket.streamEncode({ type: 'response', id, questions, answers }));
        });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanup.add(() => new Promise<void>((resolve) => server.close(() => resolve())));
    return (server.address() as net.AddressInfo).port;
}

export interface Authority {
    directoryUrl: string;
    caPath: string;
    stop(): Promise<void>;
}
/** Demands an account that is bound to {@link KEY_ID}, and proofs on this port. */
export async function startPebble(binary: string, httpPort: number, cleanup: Cleanup): Promise<Authority> {
    const folder = await tempDir();
    const { certPath, keyPath } = await issue(folder, ['localhost']);
    const [port, managementPort, dnsPort] = [await findFreePort(), await findFreePort(), await startDns(cleanup)];
    const configPath = join(folder, 'pebble.json');
    const pebble = {
        listenAddress: `127.0.0.1:${port}`,
        managementListenAddress: `127.0.0.1:${managementPort}`,
        certificate: certPath,
        privateKey: keyPath,
        httpPort,
        tlsPort: await findFreePort(),
        externalAccountBindingRequired: true,
        externalAccountMACKeys: { [KEY_ID]: HMAC_KEY },
        profiles: { default: { description: 'ninety days', validityPeriod: 90 * 86_400 } },
    };
    await writeFile(configPath, JSON.stringify({ pebble }));
    const options = ['-config', configPath, '-dnsserver', `127.0.0.1:${dnsPort}`];
    const child = spawn(binary, options, { env: { PEBBLE_VA_NOSLEEP: '1' }, stdio: ['ignore', 'pipe', 'pipe'] });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
            text += String(chunk);
        });
    }
    const ended = once(child, 'exit');
    const stop = async (): Promise<void> => {
        child.kill('SIGKILL');
        await ended;
    };
    cleanup.add(stop);
    await until(() => isOpen(port), `authority: ${text}`);
    return { directoryUrl: `https://localhost:${port}/dir`, caPath: certPath, stop };
}

const isOpen = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1', () => {
            socket.destroy();
            resolve(true);
        });
        socket.on('error', () => resolve(false));
    });
