import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Server } from './servers.js';
import { cpuSecondsOf, findTool, spawnPinned } from './tools.js';

const LOAD_CORE = 1;

export type LoadInput = {
    server: Server;
    path: string;
    seconds: number;
    connections?: number;
    /** Lua of wrk: which requests to make. */
    script?: string;
};
export type Load = {
    requests: number;
    requestsPerSecond: number;
    /** By the time of the server's processor, so that what else runs on the machine does not count. */
    requestsPerCpuSecond: number;
    /** How much of its core the server used: near 1, or the load generator was the bottleneck. */
    busy: number;
    p50Ms: number;
    p99Ms: number;
    errors: number;
};

/** Prints what wrk leaves to a script; its own text rounds. */
const REPORT = `
done = function(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format("RESULT %d %d %d %d %d\\n", summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
`;

const MAX_ERROR_SHARE = 0.001;

export async function runLoad({ server, path, seconds, connections = 32, script = '' }: LoadInput): Promise<Load> {
    const program = findTool('wrk');
    if (program === null) throw new Error('wrk is not installed');
    const folder = await mkdtemp(join(tmpdir(), 'ocm-bench-load-'));
    try {
        await writeFile(join(folder, 'load.lua'), script + REPORT);
        const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '60s', '-s', join(folder, 'load.lua')];
        const cpuBefore = cpuSecondsOf(server.pid);
        const child = spawnPinned(LOAD_CORE, program, [...args, `${server.url}${path}`]);
        const chunks: Buffer[] = [];
        child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
        await once(child, 'close');
        const cpuSeconds = cpuSecondsOf(server.pid) - cpuBefore;
        const text = Buffer.concat(chunks).toString();
        const result = /RESULT (\d+) (\d+) (\d+) (\d+) (\d+)/.exec(text)?.slice(1).map(Number);
        if (result === undefined) throw new Error(`wrk did not measure ${server.name}: ${text}`);
        const [requests = 0, micros = 1, p50 = 0, p99 = 0, errors = 0] = result;
        // How fast a server refuses is of no interest, and must not be taken for how fast it serves.
        if (errors > requests * MAX_ERROR_SHARE)
            throw new Error(`${server.name} answered ${errors} of ${requests} requests for ${path} with an error`);
        return {
            requests,
            requestsPerSecond: requests / (micros / 1e6),
            requestsPerCpuSecond: requests / cpuSeconds,
            busy: cpuSeconds / (micros / 1e6),
            p50Ms: p50 / 1_000,
            p99Ms: p99 / 1_000,
            errors,
        };
    } finally {
        await rm(folder, { recursive: true, force: true });
    }
}
