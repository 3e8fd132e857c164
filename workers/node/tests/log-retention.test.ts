import { existsSync } from 'node:fs';
import { cp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findLeafProof, verifyFieldProof } from '@ocm/sdk';
import { buildSettlementTree, decodeLeaf, fromBase64 } from '@ocm/sdk/core';
import { DISCLOSURES_PATH, EVIDENCE_PATH, errorBody, fieldProof, LOG_FEEDS_PATH, LOGS_PATH } from '@ocm/sdk/http';
import { afterEach, describe, expect, it } from 'vitest';
import { isExpired } from '../src/log/retention.js';
import { AFTER_EPOCH_MS, DAY_MS, evidenceOf, filesOf, type LogSetup, setUpLogs } from './log-support.js';
import { ask, Cleanup, codeOf, operator, startTestNode, tempDir, until, Viewer } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

/** Every second, so that a test waits for a second and not for an hour. */
const EACH_SECOND = { erasureCron: '* * * * * *' };

async function serveOne({ world, node, clock }: LogSetup): Promise<Viewer> {
    const viewer = new Viewer(world);
    await viewer.open(node.url);
    await viewer.get(node.url, '/s/1.ts');
    await viewer.acknowledge(node.url, { bytes: 1_000n });
    clock.shiftMs = AFTER_EPOCH_MS;
    return viewer;
}

describe('the retention of raw logs', () => {
    it('is the shorter of the contract and the node, and 30 days at most', () => {
        const at = (contract: string | null, secs: number) =>
            isExpired(
                { contract, closesAtMs: 0 } as never,
                { retentionSecs: 20 * 86_400, contractRetentionSecs: { short: 7_200, long: 25 * 86_400 } },
                secs * 1000,
            );
        expect([at('short', 7_199), at('short', 7_200)]).toEqual([false, true]);
        for (const name of ['long', 'other', null]) {
            expect([at(name, 20 * 86_400 - 1), at(name, 20 * 86_400)]).toEqual([false, true]);
        }
        const endless = { retentionSecs: 10 ** 9, contractRetentionSecs: {} };
        expect(isExpired({ contract: 'x', closesAtMs: 0 } as never, endless, 30 * DAY_MS)).toBe(true);
    });

    it('ends with key, journal and files gone, disclosures refused by 410, and proofs that still verify', async () => {
        const setup = await setUpLogs(cleanup, EACH_SECOND);
        const { world, node, clock, dataDir } = setup;
        const viewer = await serveOne(setup);
        const evidence = await evidenceOf(node.url, world);
        const committed = buildSettlementTree(evidence.sessions.map(({ leaf }) => decodeLeaf(fromBase64(leaf))));
        const manifest = {
            depth: committed.depth,
            sessions: evidence.sessions.map((session) => ({ ...session, node: evidence.node })),
        };
        const disclosure = `${DISCLOSURES_PATH}/${world.contract.address}/0/${viewer.session}/0/sc-entity-bytes`;
        const before = await ask(node.url, disclosure, { headers: operator });
        const proof = fieldProof.parse(JSON.parse(before.body.toString()));
        const [file] = await filesOf(node.url);
        const folder = join(dataDir, 'epochs', `${world.contract.address}-0`);

        clock.shiftMs = AFTER_EPOCH_MS + 30 * DAY_MS - 60_000;
        await new Promise((resolve) => setTimeout(resolve, 1_200));
        expect(existsSync(join(folder, 'epoch.key'))).toBe(true);
        clock.shiftMs = AFTER_EPOCH_MS + 30 * DAY_MS;
        await until(async () => (await readdir(folder)).join() === 'summary.json', 'erased');
        await until(async () => (await filesOf(node.url)).length === 0, 'no longer listed');
        expect(await readdir(join(dataDir, 'logs'))).toEqual([]);

        const page = `${EVIDENCE_PATH}/${world.contract.address}/0`;
        for (const [path, code] of [
            [disclosure, 'MKT_NODE__EVIDENCE_ERASED'],
            [`${LOGS_PATH}/${file?.name}`, 'MKT_NODE__EPOCH_ERASED'],
            [page, 'MKT_NODE__EVIDENCE_ERASED'],
            [`${page}/${viewer.session}`, 'MKT_NODE__EVIDENCE_ERASED'],
        ] as const) {
            const refused = await ask(node.url, path, { headers: operator });
            expect([refused.status, codeOf(refused)]).toEqual([410, code]);
        }
        const told = errorBody.parse(JSON.parse((await ask(node.url, page, { headers: operator })).body.toString()));
        expect(told.details).toMatchObject({ records: 1, logFiles: [file?.name] });
        expect(told.details?.erasedAtMs).toBeGreaterThan(Date.now() + AFTER_EPOCH_MS);
        const feed = await ask(node.url, `${LOG_FEEDS_PATH}/${world.contract.address}`, { headers: operator });
        expect([feed.status, feed.body.includes('<entry>')]).toEqual([200, false]);
        expect(node.status.read()).toMatchObject({ receiptedBytes: '1000', servedBytes: '1000', requests: 1 });
        expect(verifyFieldProof(proof, findLeafProof(manifest, viewer.session), committed).verified).toBe(true);
    });

    it('goes on where a kill between key and files cut the erasure short, at the next start', async () => {
        const setup = await setUpLogs(cleanup);
        const { world, node, dataDir, parentUrl } = setup;
        await serveOne(setup);
        await evidenceOf(node.url, world);
        await node.stop();
        const half = await tempDir();
        await cp(dataDir, half, { recursive: true });
        const folder = join(half, 'epochs', `${world.contract.address}-0`);
        await rm(join(folder, 'epoch.key'));
        await writeFile(join(folder, 'unrelated'), 'stays');
        const deps = { now: () => Date.now() + AFTER_EPOCH_MS + 30 * DAY_MS };
        const again = await startTestNode({ world, parentUrl, dataDir: half, deps });
        cleanup.add(() => again.stop());
        await until(async () => (await readdir(join(half, 'logs'))).length === 0, 'erased');
        await until(async () => (await readdir(folder)).sort().join() === 'summary.json,unrelated', 'erased');
        expect(again.status.read().receiptedBytes).toBe('1000');
    });
});
