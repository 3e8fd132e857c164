import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of /proc/PID/stat; fixed on Linux. */
const TICKS_PER_SECOND = 100;
const START_TIMEOUT_MS = 20_000;

export type Tool = 'nginx' | 'varnishd' | 'wrk' | 'taskset';

/** Debian keeps servers where the PATH of a plain user does not look. */
export const PATH_WITH_SERVERS = `${process.env.PATH ?? ''}:/usr/sbin:/sbin`;
const environment = { ...process.env, PATH: PATH_WITH_SERVERS };

export function findTool(name: Tool): string | null {
    try {
        const found = execFileSync('sh', ['-c', `command -v ${name}`], { env: environment, stdio: 'pipe' });
        return found.toString().trim();
    } catch {
        return null;
    }
}

/** On one core alone, where the machine can do that. */
export function spawnPinned(
    core: number,
    command: string,
    args: readonly string[],
    { isQuiet = false } = {},
): ChildProcess {
    const [program, ...rest] =
        findTool('taskset') === null ? [command, ...args] : ['taskset', '-c', `${core}`, command, ...args];
    const stderr = isQuiet ? 'ignore' : 'inherit';
    return spawn(program ?? command, rest, { env: environment, stdio: ['ignore', 'pipe', stderr] });
}

export async function stop(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const cut = setTimeout(() => child.kill('SIGKILL'), 15_000);
    await gone;
    clearTimeout(cut);
}

const readStat = (pid: number): string[] => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
};

/** Time of the processor that a process has had so far: to the nanosecond where the kernel counts it, else in ticks. */
export function cpuSecondsOf(pid: number): number {
    try {
        const times = readdirSync(`/proc/${pid}/task`).map((thread) =>
            Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
        );
        return times.reduce((sum, nanoseconds) => sum + nanoseconds, 0) / 1e9;
    } catch {
        return ticksOf(pid) / TICKS_PER_SECOND;
    }
}

/** User and system time. */
function ticksOf(pid: number): number {
    const fields = readStat(pid);
    return Number(fields[11]) + Number(fields[12]);
}

export function residentBytesOf(pid: number): number {
    const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
    return Number(line?.[1] ?? 0) * 1024;
}

/** The process that does the work of a server that forks. */
export function childOf(pid: number): number | null {
    for (const name of readdirSync('/proc')) {
        if (!/^[0-9]+$/.test(name)) continue;
        try {
            if (Number(readStat(Number(name))[1]) === pid) return Number(name);
        } catch {
            // Gone since the folder was read.
        }
    }
    return null;
}

/** Waits until the server answers anything at all. */
export async function untilAnswers(url: string, child: ChildProcess): Promise<void> {
    const until = Date.now() + START_TIMEOUT_MS;
    for (;;) {
        if (child.exitCode !== null) throw new Error(`${url}: the server ended with status ${child.exitCode}`);
        const answered = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
            (response) => response.arrayBuffer().then(() => true),
            () => false,
        );
        if (answered) return;
        if (Date.now() > until) throw new Error(`${url}: the server did not answer in ${START_TIMEOUT_MS} ms`);
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
}
