import { loadavg } from 'node:os';
import type { BenchmarkContext, BenchmarkFigure } from '../benchmark.js';
import { summarise } from '../statistics.js';
import { type Load, type LoadInput, runLoad } from './load.js';
import type { Server } from './servers.js';

const SECONDS = 3;
const WARM_SECONDS = 1;
const SIZES = { '1k': 1_024, '64k': 65_536, '1m': 1_048_576 } as const;
/** Above it the server was the bottleneck in all runs, and requests a second say how fast it is. */
const SATURATED = 0.9;

/** Each request differs from all before it by a field, so that nothing that is remembered of requests is of use. */
const UNREPEATED = `
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", nil, { ["X-Request"] = n })
end
`;
/** Each URL once. */
const misses = (bytes: number): string => `
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", "/b/${bytes}/miss-" .. n .. "-" .. os.time())
end
`;

type Series = { name: string; input: Omit<LoadInput, 'server' | 'seconds'> };
const SERIES: readonly Series[] = [
    ...Object.entries(SIZES).map(([name, bytes]) => ({ name, input: { path: `/b/${bytes}/hit` } })),
    { name: 'Unrepeated1k', input: { path: '/b/1024/hit', script: UNREPEATED } },
    { name: 'Misses1k', input: { path: '/b/1024/miss', script: misses(1_024) } },
];

/** All servers in turn within each repeat, so that what else the machine does hits all alike. */
export async function measureHits(
    servers: { ours: Server; nginx: Server | null; varnish: Server | null },
    { repeats, say }: BenchmarkContext,
): Promise<Record<string, BenchmarkFigure>> {
    const loads = new Map<string, Load[]>();
    const present = [servers.ours, servers.nginx, servers.varnish].filter((server) => server !== null);
    for (let repeat = 1; repeat <= repeats; repeat += 1) {
        say(
            `run ${repeat}, load of the machine ${loadavg()
                .map((load) => load.toFixed(1))
                .join(' ')}`,
        );
        for (const { name, input } of SERIES) {
            for (const server of present) {
                await runLoad({ ...input, server, seconds: WARM_SECONDS });
                const load = await runLoad({ ...input, server, seconds: SECONDS });
                loads.set(`${name} ${server.name}`, [...(loads.get(`${name} ${server.name}`) ?? []), load]);
                say(tell(name, server.name, load));
            }
        }
    }
    const figures: Record<string, BenchmarkFigure> = {};
    for (const { name } of SERIES) {
        const ours = loads.get(`${name} ours`) ?? [];
        for (const other of ['nginx', 'varnish'] as const) {
            const theirs = loads.get(`${name} ${other}`);
            figures[`${other}${name}`] =
                theirs === undefined ? null : summarise(ratios(ours, theirs, 'requestsPerCpuSecond'));
            figures[`${other}${name}ByTheClock`] =
                theirs === undefined ? null : summarise(ratios(ours, theirs, 'requestsPerSecond'));
        }
        figures[`cpuMicros${name}`] = summarise(ours.map((load) => 1e6 / load.requestsPerCpuSecond));
    }
    return figures;
}

const ratios = (ours: Load[], theirs: Load[], by: 'requestsPerSecond' | 'requestsPerCpuSecond'): number[] =>
    ours.map((load, index) => load[by] / (theirs[index]?.[by] ?? Number.NaN));

function tell(what: string, server: string, load: Load): string {
    const bottleneck = load.busy >= SATURATED ? '' : ', so wrk or the machine was the bottleneck';
    return (
        `${what} ${server}: ${Math.round(load.requestsPerSecond)} a second by the clock, ` +
        `${Math.round(load.requestsPerCpuSecond)} a second of its processor time (${Math.round(100 * load.busy)} % busy${bottleneck}), ` +
        `p99 ${load.p99Ms.toFixed(2)} ms${load.errors === 0 ? '' : `, ${load.errors} errors`}`
    );
}

/** p99 at half of the rate that each can do here: connections wait between requests. */
export async function measureHalfLoad(server: Server, say: (text: string) => void): Promise<number> {
    const connections = 32;
    const path = `/b/${SIZES['64k']}/hit`;
    const full = await runLoad({ server, path, seconds: WARM_SECONDS + 1, connections });
    const pauseMs = Math.max(1, Math.round((2 * connections * 1_000) / full.requestsPerSecond - full.p50Ms));
    const script = `function delay() return ${pauseMs} end\n`;
    const half = await runLoad({ server, path, seconds: SECONDS, connections, script });
    say(
        `half load ${server.name}: ${Math.round(half.requestsPerSecond)} of ${Math.round(full.requestsPerSecond)} a second, p50 ${half.p50Ms.toFixed(2)} ms, p99 ${half.p99Ms.toFixed(2)} ms`,
    );
    return half.p99Ms;
}
