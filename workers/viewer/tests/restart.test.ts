import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildWorkers, makeTempDir, type RunningOrigin, startOrigin, startWorker } from './support/processes.js';

let temp: Awaited<ReturnType<typeof makeTempDir>>;
let origin: RunningOrigin;

beforeAll(async () => {
    await buildWorkers();
    temp = await makeTempDir();
    origin = await startOrigin(temp.dir);
});
afterAll(async () => {
    await origin?.stop();
    await temp?.remove();
});

async function configOf(name: string, overrides: object = {}) {
    const stateDir = join(temp.dir, name);
    await mkdir(stateDir);
    return {
        entryUrl: `${origin.url}/demo/master.m3u8`,
        providerUrl: 'http://127.0.0.1:9',
        stateDir,
        realtime: true,
        ...overrides,
    };
}

async function waitForPosition(stateDir: string, position: number): Promise<void> {
    const deadline = Date.now() + 40_000;
    for (;;) {
        const text = await readFile(join(stateDir, 'playback.json'), 'utf8').catch(() => '{}');
        const reached = (JSON.parse(text) as { position?: number }).position ?? 0;
        if (reached >= position) return;
        if (Date.now() > deadline) throw new Error(`the viewer did not reach segment ${position}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
    }
}

describe('the viewer process', () => {
    it('goes on after a kill where it was, fetches nothing twice, and counts as one that ran through', async () => {
        const config = await configOf('killed');
        const first = await startWorker('viewer', config, temp.dir);
        await waitForPosition(config.stateDir, 2);
        first.child.kill('SIGKILL');
        expect(await first.finished).toMatchObject({ signal: 'SIGKILL', stdout: '' });

        const second = await (await startWorker('viewer', config, temp.dir)).finished;
        const whole = await (await startWorker('viewer', await configOf('whole', { realtime: false }), temp.dir))
            .finished;
        expect(second).toMatchObject({ code: 0 });
        expect(whole).toMatchObject({ code: 0 });
        const again = await (await startWorker('viewer', config, temp.dir)).finished;
        expect(again).toMatchObject({ code: 0, stdout: second.stdout });
        const [resumed, uninterrupted] = [JSON.parse(second.stdout), JSON.parse(whole.stdout)];
        for (const field of ['segments', 'bytes', 'acknowledgedBytes', 'node', 'delivery'])
            expect(resumed[field]).toEqual(uninterrupted[field]);
        // Two plays in all; the segment in flight at the kill may be asked for once more.
        const counts = Object.entries(await origin.requests()).filter(([path]) => path.endsWith('.m4s'));
        expect(counts.map(([, count]) => count).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(13);
    });

    it('refuses a state folder that another viewer uses', async () => {
        const config = await configOf('shared');
        const first = await startWorker('viewer', config, temp.dir);
        await waitForPosition(config.stateDir, 1);
        const second = await (await startWorker('viewer', config, temp.dir)).finished;
        expect(second.code).toBe(1);
        expect(second.stderr).toContain('MKT_RUNTIME__DATA_DIR_IN_USE');
        first.child.kill('SIGTERM');
        expect(await first.finished).toMatchObject({ code: 0, stdout: '' });
    });

    it('names the field of a config that is wrong', async () => {
        const config = await configOf('wrong', { entryUrl: 'ftp://x' });
        const { code, stderr } = await (await startWorker('viewer', config, temp.dir)).finished;
        expect(code).toBe(1);
        expect(stderr).toContain('entryUrl');
    });
});
