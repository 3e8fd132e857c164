import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findFreePort } from '@ocm/runtime';
import { nodeStatus, STATUS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import {
    ask,
    Cleanup,
    codeOf,
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
const canLimit = existsSync(MAIN) && existsSync('/usr/bin/prlimit') && existsSync('/bin/bash');
if (!canLimit) process.stderr.write('SKIPPED: tests of a full disk need a built ocm-node, bash and prlimit\n');

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** No file of the process may grow beyond: a disk that is full, without filling one. */
const LIMIT_KIBIBYTES = 24;

async function launch(
    world: World,
    dataDir: string,
    parentUrl: string,
    port: number,
    limitKibibytes = LIMIT_KIBIBYTES,
) {
    const configPath = join(await tempDir(), 'node.json');
    const config = {
        role: 'relay',
        node: world.relays[0]?.address,
        // Nobody listens there: the node lives on what it knew.
        rpcUrl: 'http://127.0.0.1:9',
        dataDir,
        listen: { host: '127.0.0.1', port },
        parentUrl,
        operatorSecret: OPERATOR_SECRET,
        cache: { diskBytes: 0 },
    };
    await writeFile(configPath, JSON.stringify(config));
    const command = `ulimit -S -f ${limitKibibytes}; exec "$0" "$@"`;
    const child = spawn('/bin/bash', ['-c', command, process.execPath, MAIN, '--config', configPath], {
        stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    child.stderr.on('data', (chunk) => {
        text += String(chunk);
    });
    const ended = once(child, 'exit');
    cleanup.add(async () => {
        child.kill('SIGKILL');
        await ended;
    });
    const url = `http://127.0.0.1:${port}`;
    const isReady = () =>
        ask(url, '/readyz').then(
            ({ status }) => status === 200,
            () => false,
        );
    await until(async () => child.exitCode !== null || (await isReady()), 'ready');
    if (child.exitCode !== null) throw new Error(text.trim().split('\n').at(-1));
    return { child, url, ended, isReady, stderr: () => text };
}

const receiptedBytes = async (url: string) =>
    BigInt(nodeStatus.parse(JSON.parse((await ask(url, STATUS_PATH)).body.toString())).receiptedBytes);

describe.skipIf(!canLimit)('a node without room', () => {
    it('that does not start says by which file, and leaves nothing locked behind', async () => {
        const world = createWorld();
        const dataDir = await tempDir();
        await writeFile(join(dataDir, 'topology.json'), JSON.stringify(world.view));
        const port = await findFreePort();
        await expect(launch(world, dataDir, 'http://127.0.0.1:9', port, 0)).rejects.toThrow(/\[MKT_RUNTIME__NO_ROOM/);
        const node = await launch(world, dataDir, 'http://127.0.0.1:9', port);
        expect(await node.isReady()).toBe(true);
    }, 60_000);

    it('takes no sessions and says why, keeps all that it acknowledged, and goes on when there is room', async () => {
        const world = createWorld();
        const from = await startOrigin((_, response) => {
            response.writeHead(200, { 'content-length': 1_000, 'cache-control': 'max-age=600' });
            response.end(Buffer.alloc(1_000));
        });
        cleanup.add(() => from.close());
        const dataDir = await tempDir();
        await writeFile(join(dataDir, 'topology.json'), JSON.stringify(world.view));
        const port = await findFreePort();
        let node = await launch(world, dataDir, from.url, port);
        const viewer = new Viewer(world);
        expect((await viewer.open(node.url)).status).toBe(200);
        let acknowledged = 0n;
        let full = await viewer.get(node.url, '/s/1.ts');
        for (let seq = 1; full.status === 200 && seq < 500; seq += 1) {
            await viewer.get(node.url, '/s/1.ts');
            full = await viewer.acknowledge(node.url, { seq, objects: seq, bytes: BigInt(1_000 * seq) });
            if (full.status === 200) acknowledged = BigInt(1_000 * seq);
        }
        expect([full.status, codeOf(full)]).toEqual([503, 'MKT_NODE__STORAGE_FULL']);
        expect(acknowledged).toBeGreaterThan(10_000n);
        // What is shorter may still find room: until not even a proof does.
        await until(async () => (await viewer.open(node.url)).status === 503, 'full to the last');
        expect(await receiptedBytes(node.url)).toBe(acknowledged);
        for (const answer of [
            await new Viewer(world).open(node.url),
            await viewer.get(node.url, '/s/1.ts'),
            await viewer.acknowledge(node.url, { seq: 900, objects: 900, bytes: acknowledged + 1n }),
        ]) {
            expect([answer.status, codeOf(answer)]).toEqual([503, 'MKT_NODE__STORAGE_FULL']);
        }
        expect(await node.isReady()).toBe(false);

        // Killed while full: what was acknowledged is there, and nothing torn keeps the node from starting.
        node.child.kill('SIGKILL');
        await node.ended;
        node = await launch(world, dataDir, from.url, port);
        expect(await receiptedBytes(node.url)).toBe(acknowledged);
        await until(async () => (await viewer.open(node.url)).status === 503, 'full again');

        await promisify(execFile)('/usr/bin/prlimit', ['--pid', String(node.child.pid), '--fsize=unlimited:']);
        expect((await viewer.open(node.url)).status).toBe(200);
        expect((await viewer.get(node.url, '/s/1.ts')).status).toBe(200);
        const next = { seq: 1_000, objects: 1_000, bytes: acknowledged + 1_000n };
        expect((await viewer.acknowledge(node.url, next)).status).toBe(200);
        expect(await node.isReady()).toBe(true);
        expect(await receiptedBytes(node.url)).toBe(acknowledged + 1_000n);
        expect(node.stderr()).not.toContain('unhandled');
    }, 60_000);
});
