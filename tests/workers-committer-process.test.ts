import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { SimulatedCluster } from '@ocm/cluster';
import { findFreePort } from '@ocm/runtime';
import { COMMITTER_STATUS_PATH, committerStatus } from '@ocm/sdk/http';
import { expect, it } from 'vitest';
import { createCampaignWorld } from './campaign/committer/world.js';
import { createRandom } from './campaign/random.js';
import { startRpcFront } from './campaign/rpc-front.js';
import { readContract, travelToCommit } from './support/index.js';

const ENTRY = fileURLToPath(new URL('../workers/committer/dist/main.js', import.meta.url));
const EVERY_SECOND = '* * * * * *';
const schedules = { commit: EVERY_SECOND, prove: EVERY_SECOND, answer: EVERY_SECOND, settle: EVERY_SECOND };

async function until(what: string, isDone: () => Promise<boolean>): Promise<void> {
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; ) {
        if (await isDone().catch(() => false)) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`not in 30 s: ${what}`);
}

it('works by its schedules as a process, tells its state, and stops cleanly when it is told to', async () => {
    const world = await createCampaignWorld(createRandom(1));
    const { trade } = world;
    const nothing = () => undefined;
    const hooks = { onRequest: nothing, onSend: () => 'pass' as const, onSent: nothing };
    const front = await startRpcFront(trade.market.cluster as SimulatedCluster, hooks);
    const configPath = await world.writeConfig(front.url);
    const { pollIntervalMs: _, ...config } = JSON.parse(readFileSync(configPath, 'utf8'));
    const port = await findFreePort();
    writeFileSync(configPath, JSON.stringify({ ...config, listen: { port }, schedules }));
    travelToCommit(trade);
    const child = spawn(process.execPath, [ENTRY, '--config', configPath], { stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
    try {
        const fetchStatus = async () =>
            committerStatus.parse(await (await fetch(`http://127.0.0.1:${port}${COMMITTER_STATUS_PATH}`)).json());
        await until('an epoch is committed and seen', async () => {
            const { commitmentsByState } = await fetchStatus();
            return commitmentsByState.committed === 1;
        });
        expect((await readContract(trade.market, trade.contract)).openCommitments).toBe(1);
        const { walletLamports, participant } = await fetchStatus();
        expect(participant).toBe(trade.seller.address.toBase58());
        expect(Object.values(walletLamports).every((lamports) => lamports > 0)).toBe(true);
        child.kill('SIGTERM');
        expect(await ended).toBe(0);
    } finally {
        child.kill('SIGKILL');
        await ended;
        await front.close();
        await world.dispose();
    }
});
