import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createEpochKey } from '../src/log/epoch-key.js';
import { readSessions } from '../src/log/evidence.js';
import { EvidenceShelf } from '../src/log/evidence-shelf.js';
import { eraseEpoch } from '../src/log/retention.js';
import type { EpochSummary } from '../src/log/summary.js';
import { createSession, requestOf, terms, writeGroups } from './journal-support.js';
import { silent, tempDir } from './support.js';

const REQUESTS = 4_000;
const GROUPS = 40;
const query = { after: null, limit: 500 };
let dataDir: string;
let folder: string;
let summary: EpochSummary;
beforeEach(async () => {
    dataDir = await tempDir();
    folder = join(dataDir, 'epoch');
    for (const path of [folder, join(dataDir, 'logs')]) await mkdir(path);
    await writeEpoch();
    const totals = { servedBytes: '1', receiptedBytes: '500', unreceiptedBytes: '0', requests: REQUESTS };
    const times = { closesAtMs: 0, sealedAtMs: 1, erasedAtMs: null };
    summary = { ...terms, ...totals, ...times, logFiles: [] };
});

async function writeEpoch(): Promise<void> {
    await createEpochKey(folder);
    const own = createSession(500n);
    const requests = Array.from({ length: REQUESTS }, (_, index) => requestOf(own.hash, index));
    const groups = Array.from({ length: GROUPS }, (_, group) =>
        requests.slice((group * REQUESTS) / GROUPS, ((group + 1) * REQUESTS) / GROUPS),
    );
    await writeGroups(folder, [[own.session], ...groups, [own.receipt, { type: 'close' }]]);
}

const createShelf = () => new EvidenceShelf({ keys: new Map(), log: silent, folderOf: () => folder });
const evidenceFiles = async () => (await readdir(folder)).filter((name) => name.startsWith('evidence'));

describe('evidence that is being made', () => {
    it('is made once for all who ask meanwhile', async () => {
        const shelf = createShelf();
        const ask = () => shelf.use(terms, summary, (index) => readSessions(index, query));
        const pages = await Promise.all([ask(), ask(), ask()]);
        expect(pages.map(({ sessions }) => sessions[0]?.recordCount)).toEqual(Array(3).fill(REQUESTS));
        expect((await evidenceFiles()).sort()).toEqual(['evidence.json', 'evidence.places', 'evidence.sessions']);
    });

    it('is not left behind by an erasure that comes in between, whenever that is', async () => {
        for (const pauseMs of [0, 5, 40]) {
            const shelf = createShelf();
            const asked = shelf
                .use(terms, summary, (index) => readSessions(index, query))
                .then(
                    () => 'answered',
                    (error: { code: unknown }) => error.code,
                );
            await new Promise((resolve) => setTimeout(resolve, pauseMs));
            const erased = await shelf.without(summary, () => eraseEpoch({ dataDir, folder, nowMs: 7 }, summary));
            expect(await readdir(folder)).toEqual(['summary.json']);
            expect(['answered', 'MKT_NODE__EVIDENCE_ERASED']).toContain(await asked);
            const again = shelf.use(terms, erased, (index) => readSessions(index, query));
            await expect(again).rejects.toMatchObject({
                code: 'MKT_NODE__EVIDENCE_ERASED',
                details: { erasedAtMs: 7, records: REQUESTS },
            });
            await writeEpoch();
        }
    });

    it('is given up at a stop, and made anew after it', async () => {
        const shelf = createShelf();
        const asked = shelf.use(terms, summary, (index) => readSessions(index, query)).catch(() => null);
        await new Promise((resolve) => setTimeout(resolve, 5));
        await shelf.close();
        await asked;
        const { sessions } = await createShelf().use(terms, summary, (index) => readSessions(index, query));
        expect(sessions[0]?.recordCount).toBe(REQUESTS);
    });
});
