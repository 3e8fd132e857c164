import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apply, createRandom, mutate } from './mutate.js';
import { createWorld, type World } from './world.js';

const OCM = fileURLToPath(new URL('../../workers/verifier/bin/ocm.mjs', import.meta.url));
const SEED = 20;
/** A dozen processes on a busy machine. */
const TIMEOUT_MS = 180_000;
let world: World;
let folder: string;
let files: Map<string, Uint8Array>;

beforeAll(async () => {
    world = await createWorld();
    await world.deliver(0);
    await world.settle(0);
    await world.withdraw(0);
    ({ files } = await world.fetch());
    folder = await mkdtemp(join(tmpdir(), 'ocm-cli-'));
    await write('clean', files);
});
afterAll(async () => {
    await world.dispose();
    await rm(folder, { recursive: true, force: true });
});

async function write(name: string, content: ReadonlyMap<string, Uint8Array>): Promise<string> {
    for (const [path, bytes] of content) {
        await mkdir(dirname(join(folder, name, path)), { recursive: true });
        await writeFile(join(folder, name, path), bytes);
    }
    return join(folder, name);
}

/** Runs the command as its user would. */
function ocm(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
    const child = spawn(process.execPath, [OCM, ...args], {
        env: { ...process.env, RPC_URL: '', NO_COLOR: '1', COLUMNS: '80' },
    });
    const told = { stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
        child[stream].on('data', (chunk: Buffer) => {
            told[stream] += chunk.toString('utf8');
        });
    return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...told })));
}

describe('ocm verify --from', () => {
    it('prints the statement, exports it and ends with 0 where all agrees', async () => {
        const [json, csv] = [join(folder, 'out.json'), join(folder, 'out.csv')];
        const { code, stdout, stderr } = await ocm(
            'verify',
            '--from',
            join(folder, 'clean'),
            '--json',
            json,
            '--csv',
            csv,
        );
        expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('▸ replaying transactions') });
        expect(stdout).toContain('Everything that could be checked agrees.');
        expect(stdout).toContain('Not proved:');
        expect(stdout).not.toContain('\u001b[');
        expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
        expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({ agrees: true, lines: [{ state: 'settled' }] });
        expect(await readFile(csv, 'utf8')).toContain('settled');
    });

    it(
        'ends with 1 and names the file where one byte was changed, a dozen times',
        async () => {
            const random = createRandom(SEED);
            for (let count = 0; count < 12; count += 1) {
                const mutation = mutate(files, random);
                const at = await write(`changed-${count}`, apply(files, mutation));
                const { code, stdout } = await ocm('verify', '--from', at, '--json', join(folder, 'changed.json'));
                expect({ code, mutation }).toEqual({ code: 1, mutation });
                const { differences } = JSON.parse(await readFile(join(folder, 'changed.json'), 'utf8'));
                expect(differences.map(({ file }: { file: string }) => file)).toContain(mutation.path);
                expect(stdout).toContain('✗ ');
            }
        },
        TIMEOUT_MS,
    );

    it('follows no link out of the folder', async () => {
        const at = await write('linked', new Map([...files].filter(([path]) => path !== 'params.json')));
        await symlink(join(folder, 'clean', 'params.json'), join(at, 'params.json'));
        const { code, stdout } = await ocm('verify', '--from', at);
        expect({ code, told: stdout.includes('parameters: the configuration has changed') }).toEqual({
            code: 0,
            told: true,
        });
    });

    it('lets no text of a stranger steer the terminal', async () => {
        const at = await write('steering', new Map(files).set('accounts/\u001b[2J.json', new Uint8Array(1)));
        const { code, stdout } = await ocm('verify', '--from', at);
        expect({ code, raw: stdout.includes('\u001b') }).toEqual({ code: 1, raw: false });
    });
});

describe('ocm', () => {
    it('stops at Ctrl-C, without a verdict and without its temporary folder', async () => {
        const silent = createServer(() => undefined);
        await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
        const { port } = silent.address() as AddressInfo;
        const temporary = join(folder, 'temporary');
        await mkdir(temporary);
        const args = [OCM, 'verify', world.address, '--rpc-url', `http://127.0.0.1:${port}`];
        const child = spawn(process.execPath, args, { env: { ...process.env, TMPDIR: temporary } });
        const ended = new Promise((resolve) => child.once('close', resolve));
        await expect.poll(() => readdir(temporary), { timeout: 30_000 }).not.toEqual([]);
        child.kill('SIGINT');
        expect(await ended).toBe(130);
        expect(await readdir(temporary)).toEqual([]);
        silent.closeAllConnections();
        await new Promise((resolve) => silent.close(resolve));
    });

    it.each([
        [['verify'], 2, 'name a CONTRACT'],
        [['verify', 'not-an-address', '--rpc-url', 'http://127.0.0.1:1'], 2, 'base58 address'],
        [['verify', '--nonsense'], 2, 'unknown option'],
        [['verify', '11111111111111111111111111111112'], 2, '--rpc-url'],
        [['fetch', '11111111111111111111111111111112', '--rpc-url', 'ftp://x', '--to', '/tmp/x'], 2, 'http or https'],
        [['verify', '--from', '/nowhere/at/all'], 3, 'cannot be read'],
        [
            ['verify', '11111111111111111111111111111112', '--rpc-url', 'http://127.0.0.1:1'],
            3,
            'is the cluster running',
        ],
        [['--help'], 0, ''],
    ])('%j ends with %i and says why', async (args, code, words) => {
        const ended = await ocm(...args);
        expect(ended).toMatchObject({ code, stderr: expect.stringContaining(words) });
    });
});
