import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ClusterClock, MAX_OFFSET_MS } from '../src/index.js';
import { silent, tempDir } from './support.js';

const START_MS = 1_800_000_000_000;
let dataDir: string;
/** Both clocks of the machine, and what its log was told. */
let machine: { wallMs: number; monotonicMs: number; told: string[] };
beforeEach(async () => {
    dataDir = await tempDir();
    machine = { wallMs: START_MS, monotonicMs: 5_000, told: [] };
});
const tell = (_: object, message: string): void => void machine.told.push(message);
const open = () =>
    ClusterClock.open({
        dataDir,
        now: () => machine.wallMs,
        monotonicMs: () => machine.monotonicMs,
        log: { ...silent, info: tell, warn: tell, error: tell },
    });
function pass(ms: number): void {
    machine.wallMs += ms;
    machine.monotonicMs += ms;
}
/** A reading a second later of a cluster that differs by so many seconds from the time that has really passed. */
async function observe(clock: ClusterClock, differenceSecs: number): Promise<void> {
    pass(1_000);
    const secs = (START_MS + machine.monotonicMs - 5_000) / 1_000 + differenceSecs;
    await clock.observe(async () => secs);
}
/** By how many whole seconds the cluster's time as the node knows it differs from the time that has really passed. */
const differenceOf = (clock: ClusterClock): number =>
    (clock.nowMs() - START_MS - machine.monotonicMs + 5_000 - 1_000) / 1_000;

describe("the cluster's clock", () => {
    it("is this machine's until it was read, and then the cluster's", async () => {
        const clock = await open();
        expect([clock.nowMs(), clock.state().readAtMs]).toEqual([START_MS, null]);
        await observe(clock, -40);
        expect(differenceOf(clock)).toBe(-40);
        pass(7_000);
        expect(differenceOf(clock)).toBe(-40);
        expect(clock.state()).toEqual({ offsetMs: -39_000, readAtMs: START_MS + 1_000, isTrusted: true });
    });

    it.each([1, 2, 5, 9])('is not moved by one wrong reading after %i right ones', async (count) => {
        const clock = await open();
        for (let place = 0; place < count; place += 1) await observe(clock, -40);
        await observe(clock, 500);
        expect(differenceOf(clock)).toBe(-40);
        await observe(clock, -40);
        expect(differenceOf(clock)).toBe(-40);
    });

    it('is followed when it jumps, at the second reading', async () => {
        const clock = await open();
        for (let place = 0; place < 6; place += 1) await observe(clock, 0);
        await observe(clock, 60);
        expect(differenceOf(clock)).toBe(0);
        await observe(clock, 60);
        expect(differenceOf(clock)).toBe(60);
    });

    it('goes on at the last difference while RPC is away', async () => {
        const clock = await open();
        await observe(clock, -40);
        const { readAtMs } = clock.state();
        pass(60_000);
        await expect(clock.observe(() => Promise.reject(new Error('connection refused')))).rejects.toThrow('refused');
        expect([differenceOf(clock), clock.state().readAtMs]).toEqual([-40, readAtMs]);
    });

    it("does not move when somebody sets this machine's clock", async () => {
        const clock = await open();
        await observe(clock, -40);
        const before = clock.nowMs();
        machine.wallMs += 300_000;
        expect(clock.nowMs()).toBe(before);
        await observe(clock, -40);
        expect(differenceOf(clock)).toBe(-40);
    });

    it.each([-1, 1])('is not followed further than ten minutes, which is told once (%i)', async (sign) => {
        const clock = await open();
        await observe(clock, -40);
        const far = sign * (MAX_OFFSET_MS / 1_000 + 5);
        for (let place = 0; place < 3; place += 1) await observe(clock, far);
        expect([differenceOf(clock), clock.state().isTrusted]).toEqual([-40, false]);
        await observe(clock, -40);
        expect([differenceOf(clock), clock.state().isTrusted]).toEqual([-40, true]);
        expect(machine.told).toEqual([
            expect.stringContaining('too far'),
            "cluster's clock is near this machine's again",
        ]);
    });
});

describe('a restart', () => {
    it('begins with the difference of before, and one wrong reading does not end it', async () => {
        await observe(await open(), -40);
        machine.monotonicMs = 5_000;
        machine.wallMs = START_MS;
        const clock = await open();
        expect(differenceOf(clock)).toBe(-40);
        await observe(clock, 100);
        expect(differenceOf(clock)).toBe(-40);
        await observe(clock, 100);
        expect(differenceOf(clock)).toBe(100);
    });

    it.each(['', '{', '{}', '{"offsetMs":"1"}', '{"offsetMs":1e300}', '{"offsetMs":600001}', 'null'])(
        'does not believe what was stored as %j',
        async (text) => {
            await writeFile(join(dataDir, 'cluster-clock.json'), text);
            const clock = await open();
            expect(clock.nowMs()).toBe(START_MS);
            await observe(clock, -40);
            expect(JSON.parse(await readFile(join(dataDir, 'cluster-clock.json'), 'utf8'))).toEqual({
                offsetMs: -39_000,
            });
        },
    );
});
