import { createRequire } from 'node:module';
import { AddressBits, PrefixTable, parseAddressInto, parsePrefixBits, Router } from '@ocm/node/routing';
import { z } from 'zod';
import { type GeneratedPrefix, generatePrefixes, generateQueries } from './prefixes.js';
import { measureTimer, secondsSince, type Timed, time } from './timing.js';
import { CAST, createHealth, createView, NOW_MS } from './world.js';

const QUERIES = 128_000;
const UPDATES = 20_000;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

export const job = z.object({ prefixes: z.number().int().positive(), rivalPrefixes: z.number().int().positive() });
export interface Measured {
    lookup: Timed;
    rival: Timed;
    decision: Timed;
    /** A router's first view of so many claims, taken over. */
    firstViewSeconds: number;
    buildSeconds: number;
    rivalBuildSeconds: number;
    updateMicroseconds: number;
    bytesPerPrefix: number;
    rivalBytesPerPrefix: number;
    timerNanoseconds: number;
}

interface Rival {
    addPrefix(prefix: string, payload: unknown): void;
    getMatch(prefix: string): unknown[];
}

/** Heap in use after what can be freed is. */
function usedBytes(): number {
    globalThis.gc?.();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
}

/** Builds both and asks both the same questions, in turns: what slows the machine down slows both. */
function compare(prefixes: readonly GeneratedPrefix[], rivalPrefixes: number, queries: readonly string[]) {
    const before = usedBytes();
    let start = process.hrtime.bigint();
    const table = new PrefixTable();
    for (const [i, { cidr }] of prefixes.entries()) {
        const prefix = parsePrefixBits(cidr);
        if (prefix !== null) table.set(prefix.bits, prefix.length, i);
    }
    table.publish();
    const buildSeconds = secondsSince(start);
    const between = usedBytes();
    start = process.hrtime.bigint();
    const Constructor = createRequire(import.meta.url)('longest-prefix-match') as new () => Rival;
    const rival = new Constructor();
    const held = prefixes.slice(0, rivalPrefixes);
    for (const [i, { cidr }] of held.entries()) rival.addPrefix(cidr, i);
    const rivalBuildSeconds = secondsSince(start);
    const after = usedBytes();
    const bits = new AddressBits();
    const ours = (address: string): number => (parseAddressInto(address, bits) ? table.longest(bits) : -1);
    const theirs = (address: string): number => {
        const [found] = rival.getMatch(`${address}${address.includes(':') ? '/128' : '/32'}`);
        return typeof found === 'number' ? found : -1;
    };
    if (held.length === prefixes.length) agree(queries.slice(0, 10_000), ours, theirs);
    const rounds = [0, 1, 2].map(() => ({
        lookup: time(queries, ours),
        rival: time(queries.slice(0, QUERIES / 4), theirs),
    }));
    return {
        lookup: rounds.at(-1)?.lookup as Timed,
        rival: rounds.at(-1)?.rival as Timed,
        buildSeconds,
        rivalBuildSeconds,
        updateMicroseconds: timeUpdates(table, prefixes),
        bytesPerPrefix: (between - before) / prefixes.length,
        rivalBytesPerPrefix: (after - between) / held.length,
    };
}

/** A comparison of two that answer differently would compare nothing. */
function agree(
    queries: readonly string[],
    ours: (address: string) => number,
    theirs: (address: string) => number,
): void {
    for (const address of queries) {
        if (ours(address) !== theirs(address)) throw new Error(`both found different prefixes for ${address}`);
    }
}

/** A prefix taken out and published, put in again and published: as viewers would see it. */
function timeUpdates(table: PrefixTable, prefixes: readonly GeneratedPrefix[]): number {
    const chosen = Array.from({ length: UPDATES / 2 }, (_, i) => prefixes[(i * 7_919) % prefixes.length]?.cidr ?? '');
    const replace = (cidr: string): void => {
        const prefix = parsePrefixBits(cidr);
        if (prefix === null) return;
        const value = table.get(prefix.bits, prefix.length);
        table.delete(prefix.bits, prefix.length);
        table.publish();
        table.set(prefix.bits, prefix.length, value);
        table.publish();
    };
    time(chosen, replace);
    return time(chosen, replace).nanoseconds / 2 / 1e3;
}

/** The whole decision, as a viewer's request asks for it. */
function timeDecisions(prefixes: readonly GeneratedPrefix[], queries: readonly string[]) {
    const view = createView(prefixes);
    const start = process.hrtime.bigint();
    const router = new Router({
        node: CAST.address,
        topology: { current: () => view, close: async () => undefined },
        health: createHealth(),
        now: () => NOW_MS,
        traditionalUrl: 'https://origin.example',
        asnPrefixes: {},
        beacons: [],
        operatorSecret: 'a secret of a benchmark',
        log: silent,
    });
    const firstViewSeconds = secondsSince(start);
    if (router.route(prefixes[0]?.address ?? '', '/').decision !== 'relay')
        throw new Error('nobody is sent to a RELAY');
    time(queries, (address) => router.route(address, '/live/1.ts'));
    return { decision: time(queries, (address) => router.route(address, '/live/1.ts')), firstViewSeconds };
}

const { prefixes: count, rivalPrefixes } = job.parse(JSON.parse(process.argv[2] ?? ''));
const prefixes = generatePrefixes(count);
const queries = generateQueries(prefixes, QUERIES);
const compared = compare(prefixes, rivalPrefixes, queries);
const measured: Measured = {
    ...compared,
    ...timeDecisions(prefixes, queries),
    timerNanoseconds: measureTimer(),
};
process.stdout.write(`${JSON.stringify(measured)}\n`);
