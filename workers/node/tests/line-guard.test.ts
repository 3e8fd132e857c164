import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { beaconConfig } from '../src/beacon/beacon-config.js';
import { DataCap } from '../src/beacon/data-cap.js';
import { LineGuard } from '../src/beacon/line-guard.js';
import { createLocalClock } from '../src/beacon/local-time.js';
import { askMetered } from '../src/beacon/metered.js';
import { isQuiet, parseClock } from '../src/beacon/quiet-hours.js';
import { silent, tempDir } from './support.js';

const at = (text: string): number => Date.parse(text);

describe('quiet hours', () => {
    const quiet = (window: { from: string; to: string; days?: string[] }, time: string, timeZone = 'UTC'): boolean =>
        isQuiet(
            beaconConfig.parse({ quietHours: [window], timeZone }).quietHours,
            createLocalClock(timeZone)(at(time)),
        );
    it('begin with their first minute and end before their last', () => {
        const day = { from: '08:00', to: '18:00' };
        const times = ['07:59', '08:00', '17:59', '18:00'].map((time) => quiet(day, `2026-11-21T${time}:00Z`));
        expect(times).toEqual([false, true, true, false]);
    });
    it('cross midnight as those of the day on which they began', () => {
        const friday = { from: '22:00', to: '06:00', days: ['fri'] };
        expect(quiet(friday, '2026-11-20T23:00:00Z')).toBe(true);
        expect(quiet(friday, '2026-11-21T05:59:00Z')).toBe(true);
        expect(quiet(friday, '2026-11-21T22:30:00Z')).toBe(false);
        expect(quiet(friday, '2026-11-20T05:00:00Z')).toBe(false);
    });
    it('are of the wall clock of their place, in summer and in winter', () => {
        const morning = { from: '06:00', to: '07:00' };
        expect(quiet(morning, '2026-07-01T04:30:00Z', 'Europe/Vienna')).toBe(true);
        expect(quiet(morning, '2026-12-01T04:30:00Z', 'Europe/Vienna')).toBe(false);
        expect(quiet(morning, '2026-12-01T05:30:00Z', 'Europe/Vienna')).toBe(true);
    });
    it('from a time to the same time are the whole day', () => {
        expect(quiet({ from: '00:00', to: '00:00' }, '2026-11-21T12:00:00Z')).toBe(true);
        expect(quiet({ from: '00:00', to: '24:00' }, '2026-11-21T23:59:00Z')).toBe(true);
    });
    it('are refused when they are no times', () => {
        for (const text of ['24:01', '8:00', '08:60', '', 'noon', '-1:00']) expect(parseClock(text)).toBeNull();
        expect(beaconConfig.safeParse({ quietHours: [{ from: '25:00', to: '06:00' }] }).success).toBe(false);
        expect(beaconConfig.safeParse({ timeZone: 'Europe/Nowhere' }).success).toBe(false);
    });
});

describe('the data cap', () => {
    async function open(folder: string, clock: { ms: number }, resetDay = 1): Promise<DataCap> {
        const local = createLocalClock('America/New_York');
        const localTime = () => local(clock.ms);
        const cap = new DataCap({ dataDir: folder, capBytes: 1_000n, resetDay, localTime, log: silent });
        await cap.open();
        return cap;
    }
    it('is reached by what was fetched, in this life and the one before', async () => {
        const [folder, clock] = [await tempDir(), { ms: at('2026-11-21T12:00:00Z') }];
        const first = await open(folder, clock);
        first.add(600);
        await first.save();
        const second = await open(folder, clock);
        expect([second.usedBytes, second.isReached]).toEqual([600n, false]);
        second.add(400);
        expect(second.isReached).toBe(true);
    });
    it('begins anew on its day by the clock of the house, and not because the clock went back', async () => {
        const clock = { ms: at('2026-11-30T12:00:00Z') };
        const cap = await open(await tempDir(), clock, 1);
        cap.add(1_000);
        clock.ms = at('2026-12-01T04:59:00Z');
        expect(cap.isReached).toBe(true);
        clock.ms = at('2026-12-01T05:00:00Z');
        expect(cap.isReached).toBe(false);
        cap.add(1_000);
        clock.ms = at('2026-11-01T12:00:00Z');
        expect(cap.isReached).toBe(true);
    });
    it('counts a month from the day on which the line is billed', async () => {
        const clock = { ms: at('2026-12-14T12:00:00Z') };
        const cap = await open(await tempDir(), clock, 15);
        cap.add(1_000);
        clock.ms = at('2027-01-14T12:00:00Z');
        expect(cap.isReached).toBe(false);
        cap.add(1_000);
        clock.ms = at('2027-01-15T12:00:00Z');
        expect(cap.isReached).toBe(false);
    });
    it('begins anew when its file was damaged, and says so', async () => {
        const folder = await tempDir();
        await writeFile(join(folder, 'line-usage.json'), '{"period":"2026-11","usedBytes":"-1"}');
        const cap = await open(folder, { ms: at('2026-11-21T12:00:00Z') });
        expect(cap.usedBytes).toBe(0n);
    });
});

describe('metered networks', () => {
    async function busctl(script: string): Promise<boolean | null> {
        const program = join(await tempDir(), 'busctl');
        await writeFile(program, `#!/bin/sh\n${script}\n`);
        await chmod(program, 0o755);
        return askMetered(program);
    }
    it('are told by NetworkManager, its guesses included', async () => {
        const answers = await Promise.all([0, 1, 2, 3, 4].map((value) => busctl(`echo "u ${value}"`)));
        expect(answers).toEqual([false, true, false, true, false]);
    });
    it('are unknown where nobody answers, answers nonsense or takes too long', async () => {
        expect(await askMetered('/nowhere/busctl')).toBeNull();
        expect(await busctl('echo "s hello"')).toBeNull();
        expect(await busctl('exit 1')).toBeNull();
        expect(await busctl('exec sleep 30')).toBeNull();
    });
    it('stop fetching unless the owner allows it', async () => {
        const guardOf = async (config: object): Promise<string | null> => {
            const guard = new LineGuard({
                config: beaconConfig.parse(config),
                dataDir: await tempDir(),
                now: Date.now,
                log: silent,
                askMetered: async () => true,
            });
            await guard.open();
            const reason = guard.pauseReason();
            await guard.close();
            return reason;
        };
        expect(await guardOf({})).toBe('metered');
        expect(await guardOf({ metered: 'no' })).toBeNull();
        expect(await guardOf({ fetchesWhenMetered: true })).toBeNull();
    });
});
