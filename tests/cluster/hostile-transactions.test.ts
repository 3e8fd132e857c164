import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildCluster } from './cluster-process.js';

const CHILD = fileURLToPath(new URL('./fuzz-child.mjs', import.meta.url));
const ROUNDS = 1_500;

beforeAll(() => buildCluster());

describe('transactions with changed, missing and added bytes', () => {
    // The runtime ends its process on bytes it cannot read. An exit code other than 0 here means a client could do that.
    it.each(['first', 'second'])('are answered one and all, and the cluster lives (seed %s)', async (seed) => {
        const { stdout } = await promisify(execFile)(process.execPath, [CHILD, String(ROUNDS), seed]);
        const { answered, executed } = JSON.parse(stdout) as { answered: number; executed: number };
        expect(answered).toBe(2 * ROUNDS);
        expect(executed).toBeGreaterThan(20);
    });
});
