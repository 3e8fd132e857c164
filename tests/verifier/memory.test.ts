import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import type { CommitResult } from '../../scripts/src/bench/evidence/commit.js';
import { runChild, withServedEpoch } from '../../scripts/src/bench/evidence/run-child.js';

const path = fileURLToPath(new URL('../../scripts/dist/bench/evidence/child.js', import.meta.url));
const isBuilt = existsSync(path);
if (!isBuilt) process.stderr.write('SKIPPED: the memory of a committer needs `npx tsc -b`\n');
const RECORDS = 30_000;
/** Less than these records weigh. */
const HEAP_MEGABYTES = 64;
/** Some ten seconds on an idle machine. */
const TIMEOUT_MS = 180_000;

const folder = await mkdtemp(join(tmpdir(), 'ocm-memory-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.skipIf(!isBuilt)('the memory of a committer', () => {
    it(
        'is that of sessions: it commits to more records than it could hold',
        async () => {
            const [dataDir, committerDir] = [join(folder, 'node'), join(folder, 'committer')];
            await mkdir(committerDir);
            const tight = { path, heapMegabytes: HEAP_MEGABYTES };
            await withServedEpoch(
                { dataDir, records: RECORDS },
                async (url) => {
                    const result = await runChild<CommitResult>({ what: 'commit', dataDir: committerDir, url }, tight);
                    expect(result.sessions).toBe(RECORDS / 500);
                    await expect(runChild({ what: 'hold', url }, tight)).rejects.toThrow('ended with status');
                },
                { path },
            );
        },
        TIMEOUT_MS,
    );
});
