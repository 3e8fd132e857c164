import { describe, expect, it, vi } from 'vitest';
import { failure } from '../src/errors.js';
import { createLogger } from '../src/logger.js';
import { every } from '../src/loop.js';
import { createMetrics } from '../src/metrics.js';
import { retry } from '../src/retry.js';
import { runService } from '../src/service.js';
import { sleep } from '../src/time.js';

const log = createLogger({ name: 'test', level: 'silent' });

async function run(main: Parameters<typeof runService>[1]): Promise<{ code: number | undefined; stderr: string }> {
    let code: number | undefined;
    let stderr = '';
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
        stderr += String(text);
        return true;
    });
    await runService('ocm-test', main, { argv: [], exit: (value) => (code = value) });
    write.mockRestore();
    return { code, stderr };
}

describe('service', () => {
    it('runs stop hooks in reverse order and exits with 0 after SIGTERM', async () => {
        const order: string[] = [];
        const { code } = await run(async ({ onStop, untilStopped }) => {
            onStop(() => order.push('first registered'));
            onStop(() => order.push('last registered'));
            setTimeout(() => process.emit('SIGTERM'), 10);
            await untilStopped();
        });
        expect(code).toBe(0);
        expect(order).toEqual(['last registered', 'first registered']);
    });

    it('tells an expected failure in one line and exits with 1, after the hooks', async () => {
        let stopped = false;
        const { code, stderr } = await run(async ({ onStop }) => {
            onStop(() => {
                stopped = true;
            });
            throw failure('MKT_RUNTIME__PORT_BUSY', 'port 1 is busy; choose another');
        });
        expect(code).toBe(1);
        expect(stopped).toBe(true);
        expect(stderr).toBe('ocm-test: port 1 is busy; choose another [MKT_RUNTIME__PORT_BUSY]\n');
    });

    it('goes on with the other hooks when one fails, and says so by its exit code', async () => {
        let reached = false;
        const { code } = await run(async ({ onStop }) => {
            onStop(() => {
                reached = true;
            });
            onStop(() => Promise.reject(new Error('cannot stop')));
        });
        expect(reached).toBe(true);
        expect(code).toBe(1);
    });
});

describe('retry', () => {
    it('stops after its attempts with the last error', async () => {
        let calls = 0;
        const failing = retry(async () => Promise.reject(new Error(`call ${++calls}`)), {
            attempts: 3,
            baseMs: 1,
            maxMs: 2,
        });
        await expect(failing).rejects.toThrow('call 3');
    });

    it('does not repeat what must not be repeated', async () => {
        let calls = 0;
        const refused = retry(async () => Promise.reject(new Error(`no ${++calls}`)), {
            attempts: 5,
            baseMs: 1,
            maxMs: 1,
            shouldRetry: () => false,
        });
        await expect(refused).rejects.toThrow('no 1');
    });

    it('ends at once when aborted during a pause', async () => {
        const controller = new AbortController();
        const startedAt = performance.now();
        const waiting = retry(async () => Promise.reject(new Error('down')), {
            attempts: 10,
            baseMs: 60_000,
            maxMs: 60_000,
            signal: controller.signal,
            onRetry: () => controller.abort(new Error('stop')),
        });
        await expect(waiting).rejects.toThrow('stop');
        expect(performance.now() - startedAt).toBeLessThan(5_000);
    });
});

describe('loop', () => {
    it('never runs two passes at once, survives a failing one and counts it by code', async () => {
        const controller = new AbortController();
        const metrics = createMetrics({ service: 'test', processMetrics: false });
        let passes = 0;
        let running = 0;
        let overlapped = false;
        await every({
            name: 'work',
            intervalMs: 1,
            signal: controller.signal,
            log,
            metrics,
            run: async () => {
                overlapped ||= running > 0;
                running += 1;
                await sleep(3);
                running -= 1;
                passes += 1;
                if (passes === 2) throw failure('MKT_TEST__ONCE', 'fails once');
                if (passes === 4) controller.abort();
            },
        });
        expect({ passes, overlapped }).toEqual({ passes: 4, overlapped: false });
        const text = await metrics.registry.metrics();
        expect(text).toContain('loop_failures_total{loop="work",code="MKT_TEST__ONCE",service="test"} 1');
        expect(text).toMatch(/loop_last_success_timestamp_seconds\{loop="work",service="test"\} \d{10}/);
    });

    it('runs by cron without overlap and waits for the running pass at the end', async () => {
        const controller = new AbortController();
        let running = 0;
        let finished = 0;
        let overlapped = false;
        const loop = every({
            name: 'cron',
            cron: '* * * * * *',
            signal: controller.signal,
            log,
            run: async () => {
                overlapped ||= running > 0;
                running += 1;
                await sleep(1_500);
                running -= 1;
                finished += 1;
            },
        });
        await sleep(2_600);
        controller.abort();
        await loop;
        expect({ running, overlapped }).toEqual({ running: 0, overlapped: false });
        expect(finished).toBeGreaterThanOrEqual(1);
    });
});
