import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@ocm/runtime';
import { nodeStatus, STATUS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import {
    ask,
    Cleanup,
    createWorld,
    OPERATOR_SECRET,
    startOrigin,
    tempDir,
    until,
    Viewer,
    type World,
} from './support.js';

/** The built program; `npx tsc -b workers/node` makes it. */
const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const isBuilt = existsSync(MAIN);
if (!isBuilt) process.stderr.write('SKIPPED: tests of the ocm-node process need `npx tsc -b workers/node`\n');

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

interface Process {
    child: ChildProcess;
    url: string;
    stderr: () => string;
    ended: Promise<{ code: number | null; signal: string | null }>;
}
async function launch(world: World, dataDir: string, parentUrl: string, port: number, waits = true): Promise<Process> {
    const configPath = join(await tempDir(), 'node.json');
    const config = {
        role: 'relay',
        node: world.relays[0]?.address,
        // Nobody listens there: the node lives on what it knew.
        rpcUrl: `http://127.0.0.1:${await findFreePort()}`,
        dataDir,
        listen: { host: '127.0.0.1', port },
        parentUrl,
        operatorSecret: OPERATOR_SECRET,
    };
    await writeFile(configPath, JSON.stringify(config));
    const child = spawn(process.execPath, [MAIN, '--config', configPath], { stdio: ['ignore', 'ignore', 'pipe'] });
    let text = '';
    child.stderr?.on('data', (chunk) => {
        text += String(chunk);
    });
    const ended = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
    cleanup.add(async () => {
        child.kill('SIGKILL');
        await ended;
    });
    const url = `http://127.0.0.1:${port}`;
    if (waits)
        await until(
            () =>
                ask(url, '/readyz').then(
                    ({ status }) => status === 200,
                    () => false,
                ),
            () => `ready: ${text}`,
            40_000,
        );
    return { child, url, stderr: () => text, ended };
}
async function folderWithView(world: World): Promise<string> {
    const dataDir = await tempDir();
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, 'topology.json'), JSON.stringify(world.view));
    return dataDir;
}
const isRefused = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
        const socket = net.connect(port, '127.0.0.1', () => {
            socket.destroy();
            resolve(false);
        });
        socket.on('error', () => resolve(true));
    });
const statusOf = async (url: string) => nodeStatus.parse(JSON.parse((await ask(url, STATUS_PATH)).body.toString()));

describe.skipIf(!isBuilt)('the process', () => {
    const object = Buffer.alloc(50_000, 'x');
    const startObjects = async (): Promise<string> => {
        const from = await startOrigin((_, response) => {
            response.writeHead(200, { 'content-length': object.length, 'cache-control': 'max-age=600' });
            response.end(object);
        });
        cleanup.add(() => from.close());
        return from.url;
    };

    it('serves without RPC on what it knew, and keeps every acknowledged receipt through kill -9 under load', {
        timeout: 180_000,
    }, async () => {
        const world = createWorld();
        const dataDir = await folderWithView(world);
        const parentUrl = await startObjects();
        const port = await findFreePort();
        let node = await launch(world, dataDir, parentUrl, port);
        const viewer = new Viewer(world);
        expect((await viewer.open(node.url)).status).toBe(200);
        let acknowledged = 0n;
        let seq = 0;
        let fetched = 0n;
        for (let round = 0; round < 3; round += 1) {
            const enough = acknowledged + BigInt(3 * object.length);
            let killed: Promise<unknown> = Promise.resolve();
            for (let isDoomed = false; ; ) {
                if (acknowledged >= enough && !isDoomed) {
                    isDoomed = true;
                    killed = new Promise((resolve) => setTimeout(resolve, 3 * round)).then(() =>
                        node.child.kill('SIGKILL'),
                    );
                }
                const answer = await viewer.get(node.url, `/${round}`).catch(() => null);
                if (answer === null) break;
                expect(answer.status).toBe(200);
                fetched += BigInt(answer.body.length);
                seq += 1;
                const taken = await viewer
                    .acknowledge(node.url, { seq, objects: seq, bytes: fetched })
                    .catch(() => null);
                if (taken === null) break;
                expect(taken.status).toBe(200);
                acknowledged = fetched;
            }
            await killed;
            await node.ended;
            node = await launch(world, dataDir, parentUrl, port);
            const status = await statusOf(node.url);
            expect(BigInt(status.receiptedBytes)).toBeGreaterThanOrEqual(acknowledged);
            expect(status.openSessions).toBe(1);
            seq += 1;
        }
        expect(acknowledged).toBeGreaterThan(0n);
        const last = await viewer.acknowledge(node.url, { seq: seq + 1, objects: seq, bytes: fetched });
        expect(last.status).toBe(200);
        expect((await statusOf(node.url)).receiptedBytes).toBe(fetched.toString());
    });

    it('ends responses under way on SIGTERM, records them, and exits with 0', async () => {
        const world = createWorld();
        const dataDir = await folderWithView(world);
        let finish: () => void = () => undefined;
        const from = await startOrigin((_, response) => {
            response.writeHead(200, { 'content-length': 4, 'cache-control': 'max-age=600' });
            response.write('ab');
            finish = () => response.end('cd');
        });
        cleanup.add(() => from.close());
        const port = await findFreePort();
        const node = await launch(world, dataDir, from.url, port);
        const answer = ask(node.url, '/slow');
        await until(() => from.requests.length === 1, 'under way');
        node.child.kill('SIGTERM');
        await until(() => isRefused(port), 'no longer listening');
        finish();
        expect((await answer).body.toString()).toBe('abcd');
        expect(await node.ended).toEqual({ code: 0, signal: null });
        const again = await launch(world, dataDir, from.url, port);
        expect((await statusOf(again.url)).servedBytes).toBe('4');
    });

    it('names a busy port, a folder in use and a wrong field, and exits with 1', async () => {
        const world = createWorld();
        const parentUrl = await startObjects();
        const port = await findFreePort();
        const dataDir = await folderWithView(world);
        await launch(world, dataDir, parentUrl, port);
        const second = await launch(world, await folderWithView(world), parentUrl, port, false);
        expect((await second.ended).code).toBe(1);
        expect(second.stderr()).toMatch(new RegExp(`ocm-node: .*${port}.*\\[MKT_RUNTIME__PORT_BUSY\\]`));
        const third = await launch(world, dataDir, parentUrl, await findFreePort(), false);
        expect((await third.ended).code).toBe(1);
        expect(third.stderr()).toContain('[MKT_RUNTIME__DATA_DIR_IN_USE]');
        const fourth = await launch(world, dataDir, 'ftp://127.0.0.1', port, false);
        expect((await fourth.ended).code).toBe(1);
        expect(fourth.stderr()).toMatch(/parentUrl.*\[MKT_RUNTIME__CONFIG_INVALID\]/);
    });
});
