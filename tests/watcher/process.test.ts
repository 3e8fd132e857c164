import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fundWallet, mintTokens, readCommitment, testKeypair } from '../support/index.js';
import { clusterFetch } from '../verifier/copies.js';
import { createWorld, type World } from '../verifier/world.js';

const MAIN = fileURLToPath(new URL('../../workers/watcher/dist/main.js', import.meta.url));
let world: World;
let rpc: Server;
let folder: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
    world = await createWorld();
    folder = await mkdtemp(join(tmpdir(), 'ocm-watcher-process-'));
    rpc = await serveRpc();
});
afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await new Promise((resolve) => rpc.close(resolve));
    await world.dispose();
    await rm(folder, { recursive: true, force: true });
});

/** The embedded cluster of this process, for others. */
async function serveRpc(): Promise<Server> {
    const answer = clusterFetch(world.trade);
    const server = createServer(async (request, response) => {
        const chunks: Buffer[] = [];
        for await (const chunk of request) chunks.push(chunk as Buffer);
        const body = Buffer.concat(chunks).toString('utf8');
        const told = await answer('http://127.0.0.1:8899', {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body,
        });
        response.writeHead(told.status, { 'content-type': 'application/json' }).end(await told.text());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return server;
}

function start(config: string) {
    const child = spawn(process.execPath, [MAIN, '--config', config], { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    let told = '';
    for (const stream of [child.stdout, child.stderr])
        stream.on('data', (chunk: Buffer) => {
            told += chunk.toString('utf8');
        });
    const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
    return { child, ended, told: () => told };
}

async function writeConfig(changes: Record<string, unknown> = {}): Promise<string> {
    const wallet = testKeypair('watcher');
    const [keypairPath, path] = [join(folder, 'wallet.json'), join(folder, 'config.json')];
    await writeFile(keypairPath, JSON.stringify([...wallet.secretKey]));
    const config = {
        rpcUrl: `http://127.0.0.1:${(rpc.address() as AddressInfo).port}`,
        dataDir: join(folder, 'data'),
        listen: { port: 0 },
        keypairPath,
        committerUrl: world.committerUrl,
        maxBonds: '2000000',
        cron: '* * * * * *',
        ...changes,
    };
    await writeFile(path, JSON.stringify(config));
    return path;
}

describe('the watcher as a process', () => {
    it('challenges a forged leaf once, though it is killed, and stops in good order', async () => {
        const { market } = world.trade;
        const wallet = testKeypair('watcher');
        await fundWallet(market, wallet);
        await mintTokens(market, { mint: market.mint, owner: wallet.publicKey, amount: 5_000_000n });
        const forged = await world.forge(0, 2);
        const commitment = { address: new PublicKey(forged.address) };
        const count = async () => (await readCommitment(world.trade, commitment)).challengeCount;
        const config = await writeConfig();
        const first = start(config);
        await expect.poll(count, { timeout: 30_000, interval: 50 }).toBe(1);
        first.child.kill('SIGKILL');
        await first.ended;

        const second = start(config);
        await expect.poll(() => second.told(), { timeout: 30_000 }).toContain('watcher ready');
        await new Promise((resolve) => setTimeout(resolve, 2_500));
        expect(await count()).toBe(1);
        second.child.kill('SIGTERM');
        expect(await second.ended).toBe(0);
        const files = await readdir(join(folder, 'data', 'findings'));
        expect(files.filter((name) => !name.startsWith('report-'))).toHaveLength(1);
    });

    it.each([
        [{ maxBonds: '-1' }, 'maxBonds'],
        [{ contracts: ['nobody'] }, 'contracts'],
        [{ cron: 'x' }, 'cron'],
        [{ surprise: true }, 'surprise'],
    ])('refuses the configuration %j and names the field', async (changes, field) => {
        const { ended, told } = start(await writeConfig(changes));
        expect(await ended).toBe(1);
        expect(told()).toContain(field);
    });
});
