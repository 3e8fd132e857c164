import { createLogger, createMetrics } from '@ocm/runtime';
import { PROGRAM_IDS } from '@ocm/sdk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createIndexRun } from '../src/index-run.js';
import type { Chain } from '../src/ports.js';
import { type Served, serve } from './support/served.js';

let served: Served;
beforeEach(async () => {
    served = await serve();
});
afterEach(() => served.dispose());

const GENESIS = '11111111111111111111111111111111';

/** A cluster on which nothing has happened yet. */
const emptyChain: Chain = {
    genesisHash: async () => GENESIS,
    slot: async () => 7,
    listSignatures: async () => [],
    fetchTransaction: async () => null,
    findKnown: async () => ({ slot: 7, known: new Set() }),
    listAddresses: async () => [],
    readAccounts: async (addresses) => ({ slot: 7, accounts: addresses.map(() => null) }),
};

function create(chain: Chain, rebuild = false) {
    const log = createLogger({ name: 'test', level: 'silent' });
    const metrics = createMetrics({ service: 'test', processMetrics: false }).loop('index');
    const deps = { home: served.home, programs: PROGRAM_IDS, rescanIntervalSecs: 60, log, metrics };
    return createIndexRun({ ...deps, chain, rebuild });
}

describe('passes', () => {
    it('wait longer after each that failed, up to half a minute, and not at all after one that succeeded', async () => {
        let away = true;
        const run = create({
            ...emptyChain,
            genesisHash: async () => (away ? Promise.reject(new Error('away')) : GENESIS),
        });
        expect(run.backoffMs()).toBe(0);
        const { signal } = new AbortController();
        for (const most of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
            await expect(run.pass(signal)).rejects.toThrow('away');
            expect(run.backoffMs()).toBeGreaterThanOrEqual(most / 2);
            expect(run.backoffMs()).toBeLessThanOrEqual(most);
        }
        expect(run.passedAtMs()).toBe(0);
        away = false;
        await run.pass(signal);
        expect(run.backoffMs()).toBe(0);
        expect(run.passedAtMs()).toBeGreaterThan(Date.now() - 60_000);
    });

    it('of a rebuild that fails leave the database that stands, and one that succeeds replaces it', async () => {
        let away = true;
        const before = served.home.current();
        const run = create({ ...emptyChain, slot: async () => (away ? Promise.reject(new Error('away')) : 7) }, true);
        const { signal } = new AbortController();
        await expect(run.pass(signal)).rejects.toThrow('away');
        expect(run.rebuilding()).toBe(true);
        expect(served.home.current()).toBe(before);
        expect(await before.all('SELECT address FROM configs')).toHaveLength(1);
        away = false;
        await run.pass(signal);
        expect(run.rebuilding()).toBe(false);
        expect(served.home.current()).not.toBe(before);
        expect(await served.home.current().all('SELECT address FROM configs')).toEqual([]);
    });
});
