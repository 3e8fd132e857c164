import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@ocm/runtime';
import { ask, type Cleanup, OPERATOR_SECRET, tempDir, until, type World } from './support.js';

/** The built program; `npx tsc -b workers/node` makes it. */
export const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
export const isBuilt = existsSync(MAIN);
if (!isBuilt) process.stderr.write('SKIPPED: tests of the ocm-node process need `npx tsc -b workers/node`\n');

export interface Program {
    child: ChildProcess;
    configPath: string;
    url: string;
    dataDir: string;
    output: () => string;
    ended: Promise<{ code: number | null; signal: string | null }>;
}
export interface Launch {
    world: World;
    parentUrl: string;
    cleanup: Cleanup;
    config?: Record<string, unknown>;
    argv?: string[];
    env?: Record<string, string>;
    dataDir?: string;
    /** False for a start that is to fail, or to end by itself. */
    waits?: boolean;
}

export async function launchNode(input: Launch): Promise<Program> {
    const { world, parentUrl, cleanup, config = {}, argv = [], env = {}, waits = true } = input;
    const dataDir = input.dataDir ?? (await tempDir());
    await writeFile(join(dataDir, 'topology.json'), JSON.stringify(world.view));
    const configPath = join(await tempDir(), 'node.json');
    const port = await findFreePort();
    const full = {
        role: 'relay',
        node: world.relays[0]?.address,
        // Nobody listens there: the node lives on what it knew.
        rpcUrl: 'http://127.0.0.1:9/rpc-provider-key',
        dataDir,
        listen: { host: '127.0.0.1', port },
        parentUrl,
        operatorSecret: OPERATOR_SECRET,
        ...config,
    };
    await writeFile(configPath, JSON.stringify(full), { mode: 0o600 });
    const child = spawn(process.execPath, [MAIN, '--config', configPath, ...argv], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, OCM_LOG_LEVEL: 'trace', ...env },
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
        stream.on('data', (chunk) => {
            text += String(chunk);
        });
    }
    const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    cleanup.add(async () => {
        child.kill('SIGKILL');
        await ended;
    });
    const url = `http://127.0.0.1:${port}`;
    const isReady = (): Promise<boolean> =>
        ask(url, '/readyz').then(
            ({ status }) => status === 200,
            () => false,
        );
    // Long, for machines that do much else at the time.
    if (waits) await until(isReady, () => `ready: ${text}`, 40_000);
    return { child, configPath, url, dataDir, output: () => text, ended };
}
