import { runLoad } from './load.js';
import type { Origin } from './origin.js';
import { type Server, startOurs } from './servers.js';
import { residentBytesOf } from './tools.js';

const OBJECTS = 30_000;
const OBJECT_BYTES = 1_024;
const DISK_OBJECTS = 400;
const DISK_OBJECT_BYTES = 65_536;
const CONNECTIONS = 16;

/** Each of the objects in turn, again and again. */
const inTurn = (bytes: number, objects: number, name: string): string => `
local n = 0
request = function()
  n = n + 1
  return wrk.format("GET", "/b/${bytes}/${name}-" .. (n % ${objects}))
end
`;
/** With some that nobody asked for before among many that are known: steady state is not the same requests for ever. */
const STEADY = `
local n = 0
request = function()
  n = n + 1
  local object = n % 10 == 0 and ("new-" .. n .. "-" .. os.time()) or ("old-" .. math.random(2000))
  return wrk.format("GET", "/b/4096/" .. object)
end
`;

/** Full after some seconds, so that what grows afterwards is no tier that fills. */
const STEADY_TIERS = { memoryBytes: 32 * 1024 * 1024, diskBytes: 48 * 1024 * 1024 };

/** Resident after all that is garbage was collected. */
async function settledBytesOf(pid: number): Promise<number> {
    for (let round = 0; round < 2; round += 1) {
        process.kill(pid, 'SIGUSR2');
        await new Promise((resolve) => setTimeout(resolve, 2_000));
    }
    return residentBytesOf(pid);
}

/** Resident bytes for each further object of 1 KiB, body included. */
export async function measureBytesPerObject(origin: Origin): Promise<number> {
    const server = await startOurs(origin);
    try {
        const load = { server, path: '/b/1/x', connections: CONNECTIONS };
        // What the process needs for any load at all is no object's.
        await runLoad({ ...load, seconds: 4, script: inTurn(OBJECT_BYTES, 100, 'warm') });
        const before = await settledBytesOf(server.pid);
        const fetches = origin.fetches;
        for (let round = 0; round < 30 && origin.fetches - fetches < OBJECTS; round += 1) {
            await runLoad({ ...load, seconds: 3, script: inTurn(OBJECT_BYTES, OBJECTS, 'memory') });
        }
        return ((await settledBytesOf(server.pid)) - before) / Math.min(OBJECTS, origin.fetches - fetches);
    } finally {
        await server.stop();
    }
}

/** Hits of objects that lie on disk, as the memory tier is too small for them. @returns requests a second of processor time */
export async function measureDiskHits(
    origin: Origin,
    nginx: Server | null,
): Promise<{ ours: number; nginx: number | null }> {
    const small = await startOurs(origin, { memoryBytes: 1024 * 1024 });
    try {
        const script = inTurn(DISK_OBJECT_BYTES, DISK_OBJECTS, 'disk');
        const run = async (server: Server): Promise<number> => {
            await runLoad({ server, path: '/b/1/x', seconds: 3, script });
            return (await runLoad({ server, path: '/b/1/x', seconds: 3, script })).requestsPerCpuSecond;
        };
        return { ours: await run(small), nginx: nginx === null ? null : await run(nginx) };
    } finally {
        await small.stop();
    }
}

/**
 * Growth of the resident memory from a sixth of the time to its end, in per cent.
 * @param pauseMs of each connection before each request: with 50 some three hundred requests a second in all, with 0 as many as it can
 */
export async function measureGrowth(
    origin: Origin,
    { seconds, pauseMs }: { seconds: number; pauseMs: number },
    say: (text: string) => void,
): Promise<number> {
    const server = await startOurs(origin, STEADY_TIERS);
    try {
        const script = pauseMs === 0 ? STEADY : `${STEADY}function delay() return ${pauseMs} end\n`;
        const load = { server, path: '/b/1/x', connections: CONNECTIONS, script };
        const warm = Math.ceil(seconds / 6);
        await runLoad({ ...load, seconds: warm });
        const before = await settledBytesOf(server.pid);
        const { requests } = await runLoad({ ...load, seconds: seconds - warm });
        const after = await settledBytesOf(server.pid);
        const mebibytes = (bytes: number): string => `${Math.round(bytes / 1024 ** 2)} MiB`;
        say(`steady state: ${mebibytes(before)} after ${warm} s, ${mebibytes(after)} ${requests} requests later`);
        return (100 * (after - before)) / before;
    } finally {
        await server.stop();
    }
}
