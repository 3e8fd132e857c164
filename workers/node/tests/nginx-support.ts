import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '@ocm/runtime';
import { generateNginxConfig } from '../src/proxy-adapter/nginx-config.js';
import { ask, type Cleanup, createWorld, startTestNode, tempDir, until, type World } from './support.js';
import { issue } from './tls-support.js';

const candidates = [process.env.OCM_NGINX ?? '', '/usr/sbin/nginx', '/usr/local/sbin/nginx', '/usr/bin/nginx'];
export const NGINX = candidates.find((path) => path !== '' && existsSync(path)) ?? null;
if (NGINX === null) process.stderr.write('SKIPPED: the proxy that delivers needs nginx (nginx-light, 1.18 or later)\n');

export interface Proxied {
    world: World;
    node: Awaited<ReturnType<typeof startTestNode>>;
    /** Of nginx. */
    url: string;
    tlsUrl: string;
    cert: string;
    runDir: string;
    accessLog: string;
    errorLog: () => Promise<string>;
    signal: (name: NodeJS.Signals) => void;
    restartNode(): Promise<void>;
}
export interface ProxiedInput {
    parentUrl: string;
    cleanup: Cleanup;
    clock?: { shiftMs: number };
    world?: World;
    connectionsPerSession?: number;
}

/** A RELAY whose bytes nginx delivers. */
export async function startProxied(input: ProxiedInput): Promise<Proxied> {
    const { parentUrl, cleanup, clock = { shiftMs: 0 }, world = createWorld(), connectionsPerSession = 4 } = input;
    const [runDir, dataDir, port, nodePort] = [
        await tempDir(),
        await tempDir(),
        await findFreePort(),
        await findFreePort(),
    ];
    const { cert, certPath, keyPath } = await issue(runDir, ['localhost']);
    const tlsPort = await findFreePort();
    const proxy = {
        kind: 'nginx',
        tlsListen: { host: '127.0.0.1', port: tlsPort },
        listen: { host: '127.0.0.1', port },
        runDir,
        connectionsPerSession,
        pollIntervalMs: 50,
        // Root's workers would not get into a folder that is root's.
        ...(process.getuid?.() === 0 ? { user: 'root' } : {}),
    };
    const start = () =>
        startTestNode({
            world,
            parentUrl,
            dataDir,
            config: {
                listen: { host: '127.0.0.1', port: nodePort },
                proxy,
                tls: { listen: { port: 0 }, certificates: [{ certPath, keyPath }] },
            },
            deps: { now: () => Date.now() + clock.shiftMs },
        });
    const proxied = { node: await start() };
    cleanup.add(() => proxied.node.stop());
    const configPath = join(runDir, 'nginx.conf');
    await writeFile(configPath, generateNginxConfig(proxied.node.config));
    const errorPath = join(runDir, 'error.log');
    const child = spawn(NGINX ?? '', ['-c', configPath, '-e', errorPath, '-p', runDir], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    cleanup.add(async () => {
        child.kill('SIGTERM');
        await ended;
    });
    const url = `http://127.0.0.1:${port}`;
    const errorLog = () => readFile(errorPath, 'utf8').catch(() => '');
    const isUp = (): Promise<boolean> =>
        ask(url, '/healthz').then(
            ({ status }) => status === 200,
            () => false,
        );
    await until(isUp, 'nginx serves').catch(async (error: unknown) => {
        throw new Error(`${String(error)}: ${await errorLog()}`);
    });
    return Object.assign(proxied, {
        world,
        url,
        tlsUrl: `https://127.0.0.1:${tlsPort}`,
        cert,
        runDir,
        accessLog: join(runDir, 'access.log'),
        errorLog,
        signal: (name: NodeJS.Signals) => void child.kill(name),
        async restartNode() {
            await proxied.node.stop();
            proxied.node = await start();
        },
    });
}
