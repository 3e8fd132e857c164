import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatLogFile } from '@ocm/sdk/core';
import type { DeliveryReport } from '@ocm/sdk/http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createDeliveredWorld, DELIVERED } from './delivered-world.js';
import type { ReportWorld } from './report-world.js';

let world: ReportWorld;
let report: DeliveryReport;
beforeAll(async () => {
    world = await createDeliveredWorld();
    report = await world.report();
});
afterAll(() => world.close());

const total = (rows: readonly { bytes: string }[]) => rows.reduce((sum, { bytes }) => sum + BigInt(bytes), 0n);

describe('the sources of a delivery report', () => {
    it('reads the share from cache of the log files that it has, each once, and leaves damaged ones out', async () => {
        const folder = join(world.folder, 'logs', report.contract, '1');
        await mkdir(folder, { recursive: true });
        const record = (bytes: string, cached: string) => ({
            date: '2027-01-15',
            time: '08:00:00',
            'time-taken': '0.010',
            'c-groupid': '11',
            'cs-method': 'GET',
            'u-uri': 'http://cdn.example/a.m4s',
            protocol: 'HTTP/1.1',
            'sc-status': '200',
            'sc-total-bytes': bytes,
            'sc-entity-bytes': bytes,
            's-cached': cached,
        });
        const file = formatLogFile({
            uuid: '0b7e3c1e-6c1f-4f6b-9a55-1f0d6b6f0a01',
            fields: Object.keys(record('', '')),
            records: [record('75', '1'), record('25', '0')],
        });
        await writeFile(join(folder, 'a.log'), file);
        await writeFile(join(folder, 'b.log'), file);
        await writeFile(join(folder, 'c.log'), file.replace('75', '76'));
        const withLogs = await world.report();
        expect(withLogs.cache).toEqual({ cachedBytes: '75', loggedBytes: '100', ratioPpm: 750_000, logFiles: 1 });
        expect(withLogs.unreadableLogs).toBe(1);
        expect((await world.report({ from: 2 })).cache).toBeNull();
        await rm(folder, { recursive: true });
    });

    it('covers the asked epochs alone, and adds up from parts', async () => {
        const parts = [
            await world.report({ to: 0 }),
            await world.report({ from: 1, to: 1 }),
            await world.report({ from: 2 }),
        ];
        expect(parts.map(({ committedBytes }) => BigInt(committedBytes))).toEqual([150_000_003n, 40_000_003n, 7n]);
        const sumOf = (name: 'gross' | 'net' | 'penalty' | 'fee') =>
            parts.reduce((sum, { money }) => sum + BigInt(money[name]), 0n).toString();
        for (const name of ['gross', 'net', 'penalty', 'fee'] as const) expect(sumOf(name)).toBe(report.money[name]);
    });

    it('counts no session of a manifest that does not give the root on chain, and says so', async () => {
        const key = report.epochs[1]?.commitment ?? '';
        const manifest = world.manifests.get(key);
        if (manifest === undefined) throw new Error('the manifest is there');
        await rm(join(world.folder, 'manifests'), { recursive: true });
        world.manifests.set(key, { ...manifest, sessions: [] });
        const without = await world.report();
        expect(without.epochs.map(({ sessionBytes }) => sessionBytes)).toEqual(['150000003', null, '7']);
        expect(without.committedBytes).toBe(report.committedBytes);
        expect(total(without.byNode)).toBe(DELIVERED - 40_000_003n);
        expect(without.money).toEqual(report.money);
        world.manifests.set(key, manifest);
        expect(await world.report()).toEqual(report);
        // Kept from then on: the operator need not serve them for ever.
        world.manifests.clear();
        expect(await world.report()).toEqual(report);
    });

    it('refuses ranges that have not ended or are upside down, other contracts and unknown time zones', async () => {
        const refuse = (request: Parameters<typeof world.report>[0], code: string) =>
            expect(world.report(request)).rejects.toMatchObject({ code: `MKT_PROVIDER__${code}` });
        await refuse({ to: 400 }, 'REPORT_RANGE_INVALID');
        await refuse({ from: 2, to: 1 }, 'REPORT_RANGE_INVALID');
        await refuse({ contract: world.trade.seller.address.toBase58() }, 'CONTRACT_UNKNOWN');
        await refuse({ timezone: 'Mars/Olympus' }, 'TIMEZONE_UNKNOWN');
    });
});
