import { execFileSync } from 'node:child_process';
import type { Benchmark, BenchmarkContext, BenchmarkFigure } from '../benchmark.js';
import { measureCollapse } from './collapse.js';
import { measureHalfLoad, measureHits } from './hits.js';
import { measureBytesPerObject, measureDiskHits, measureGrowth } from './memory.js';
import { type Origin, startOrigin } from './origin.js';
import { type Server, startNginx, startOurs, startVarnish } from './servers.js';
import { findTool } from './tools.js';

const LOAD_CORE = '1';
/** As fast as it can. */
const SHORT_GROWTH = { seconds: 180, pauseMs: 0 };
/** At the pace of an ordinary node, so that the machine is of use for something else meanwhile. */
const FULL_GROWTH = { seconds: 3_600, pauseMs: 50 };

async function measure(context: BenchmarkContext): Promise<Record<string, BenchmarkFigure>> {
    const origin = await startOrigin();
    const servers: (Server | null)[] = [];
    try {
        keepOffTheServersCore();
        return findTool('wrk') === null
            ? await withoutLoad(origin, servers, context)
            : await withLoad(origin, servers, context);
    } finally {
        for (const server of servers) await server?.stop();
        await origin.close();
    }
}

async function withLoad(origin: Origin, servers: (Server | null)[], context: BenchmarkContext) {
    const { say, full } = context;
    const ours = await startOurs(origin);
    servers.push(ours);
    const nginx = await startNginx(origin);
    servers.push(nginx);
    const varnish = await startVarnish(origin);
    servers.push(varnish);
    if (nginx === null) say('nginx is not installed (apt-get install nginx-light): its figures are null');
    if (varnish === null) say('Varnish is not installed (apt-get install varnish): its figures are null');
    say(
        'ratios are of requests a second of processor time, which is throughput of one core without what else runs on it',
    );
    const hits = await measureHits({ ours, nginx, varnish }, context);
    const halfLoad: Record<string, BenchmarkFigure> = {};
    for (const server of [ours, nginx, varnish]) {
        if (server !== null) halfLoad[`p99MsAtHalfLoad64k${server.name}`] = await measureHalfLoad(server, say);
    }
    const originFetchesFor10000 = await measureCollapse(origin, ours);
    say(`10000 requests for one cold object: the origin was asked ${originFetchesFor10000} times`);
    const disk = await measureDiskHits(origin, nginx);
    say(`hits on disk: ours ${Math.round(disk.ours)} a second of processor time, nginx ${Math.round(disk.nginx ?? 0)}`);
    const bytesPerObject1k = await measureBytesPerObject(origin);
    say(`an object of 1 KiB takes ${Math.round(bytesPerObject1k)} bytes; now watching memory`);
    return {
        ...hits,
        ...halfLoad,
        nginxDiskHits64k: disk.nginx === null ? null : disk.ours / disk.nginx,
        diskHits64kPerCpuSecond: disk.ours,
        originFetchesFor10000,
        bytesPerObject1k,
        growthPercent: await measureGrowth(origin, full ? FULL_GROWTH : SHORT_GROWTH, say),
    };
}

/** What can be counted without a load generator. */
async function withoutLoad(origin: Origin, servers: (Server | null)[], { say }: BenchmarkContext) {
    say('wrk is not installed (apt-get install wrk): nothing but the collapse is measured');
    const ours = await startOurs(origin);
    servers.push(ours);
    const names = ['1k', '64k', '1m'].flatMap((size) => [`nginx${size}`, `varnish${size}`]);
    const nothing = Object.fromEntries(names.map((name) => [name, null]));
    return { ...nothing, originFetchesFor10000: await measureCollapse(origin, ours) };
}

/** This process is the origin; what it does for misses must not count as the servers' work. */
function keepOffTheServersCore(): void {
    if (findTool('taskset') === null) return;
    execFileSync('taskset', ['-a', '-p', '-c', LOAD_CORE, String(process.pid)], { stdio: 'ignore' });
}

/**
 * The mid-tier cache of a node against nginx and Varnish, each on one core of its own in turn, load from another core.
 */
export const cacheBenchmark: Benchmark = {
    name: 'cache',
    summary:
        'hits, misses, collapse and memory of the cache against nginx and Varnish; --full watches its memory for an hour',
    run: measure,
};
