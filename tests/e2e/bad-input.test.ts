import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startMainJob } from './main-job.js';

let folder: string;
beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-bad-input-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function refusalOf(args: string[], env: Record<string, string> = {}): Promise<string> {
    const { code, stdout, stderr } = await startMainJob(args, env).ended;
    expect(code).toBe(1);
    expect(stdout).toBe('');
    return stderr;
}

describe('the main job refuses, and says why and what to do', () => {
    it('an RPC_URL that is no address', async () => {
        const told = await refusalOf(['--once', '--state', join(folder, 'a')], { RPC_URL: 'devnet' });
        expect(told).toMatch(/RPC_URL is 'devnet'.*http:/);
    });

    it('an RPC_URL where no cluster answers', async () => {
        const told = await refusalOf(['--once', '--state', join(folder, 'b')], { RPC_URL: 'http://127.0.0.1:9' });
        expect(told).toMatch(/no Solana cluster answers at RPC_URL \(http:\/\/127\.0\.0\.1:9\).*unset RPC_URL/);
    });

    it('a port that is taken', async () => {
        const server = createServer();
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        const { port } = server.address() as { port: number };
        const told = await refusalOf(['--no-app', '--rpc-port', String(port), '--state', join(folder, 'c')]);
        server.close();
        expect(told).toMatch(new RegExp(`port ${port}.*(in use|taken|busy)`, 'i'));
    });

    it('a state file that was damaged, without touching it', async () => {
        const state = await mkdtemp(join(folder, 'd-'));
        await writeFile(join(state, 'ports.json'), '{"cluster-rpc": ');
        const told = await refusalOf(['--once', '--state', state]);
        expect(told).toMatch(/ports\.json cannot be read.*--reset/);
    });

    it('a state folder that another job uses', async () => {
        const state = await mkdtemp(join(folder, 'e-'));
        await writeFile(join(state, 'main-job.pid'), String(process.pid));
        const told = await refusalOf(['--once', '--state', state]);
        expect(told).toMatch(new RegExp(`in use by process ${process.pid}.*--state`));
    });

    it('a number out of range on the command line', async () => {
        const told = await refusalOf(['--once', '--epoch-seconds', '1']);
        expect(told).toMatch(/epoch-seconds.*whole number from 2 to 3600/);
    });
});
