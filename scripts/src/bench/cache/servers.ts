import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findFreePort } from '@ocm/runtime';
import type { Origin } from './origin.js';
import { childOf, findTool, spawnPinned, stop, untilAnswers } from './tools.js';

const CHILD = fileURLToPath(new URL('./node-child.js', import.meta.url));
export const SERVER_CORE = 0;
const MEMORY_BYTES = 256 * 1024 * 1024;
const DISK_BYTES = 2 * 1024 ** 3;

/** `pid`: the process whose time and memory count. */
export type Server = { name: string; url: string; pid: number; stop(): Promise<void> };

export async function startOurs(
    origin: Origin,
    { memoryBytes = MEMORY_BYTES, diskBytes = DISK_BYTES } = {},
): Promise<Server> {
    const port = await findFreePort();
    const profile = process.env.OCM_BENCH_CPU_PROFILE;
    const flags = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
    const job = JSON.stringify({ originUrl: origin.url, port, memoryBytes, diskBytes });
    const child = spawnPinned(SERVER_CORE, process.execPath, ['--expose-gc', ...flags, CHILD, job]);
    const url = `http://127.0.0.1:${port}`;
    await untilAnswers(`${url}/healthz`, child);
    return { name: 'ours', url, pid: child.pid ?? 0, stop: () => stop(child) };
}

const nginxConfig = (folder: string, port: number, originPort: number): string => `
daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log crit;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 8192; }
http {
  access_log off; sendfile on; tcp_nopush off; tcp_nodelay on; keepalive_requests 1000000000;
  client_body_temp_path ${folder}/a; proxy_temp_path ${folder}/b; fastcgi_temp_path ${folder}/c;
  uwsgi_temp_path ${folder}/d; scgi_temp_path ${folder}/e;
  proxy_cache_path ${folder}/cache levels=1:2 keys_zone=bench:64m max_size=2g inactive=1d use_temp_path=off;
  upstream origin { server 127.0.0.1:${originPort}; keepalive 64; }
  server {
    listen 127.0.0.1:${port} backlog=8192;
    location = /healthz { return 200; }
    location / {
      proxy_pass http://origin; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_cache bench; proxy_cache_lock on; proxy_cache_lock_timeout 60s; proxy_cache_lock_age 60s;
    }
  }
}`;

/** Null where it is not installed. */
export async function startNginx(origin: Origin): Promise<Server | null> {
    const program = findTool('nginx');
    if (program === null) return null;
    const folder = await mkdtemp(join(tmpdir(), 'ocm-bench-nginx-'));
    const port = await findFreePort();
    await writeFile(join(folder, 'nginx.conf'), nginxConfig(folder, port, origin.port));
    const child = spawnPinned(SERVER_CORE, program, [
        '-c',
        join(folder, 'nginx.conf'),
        '-e',
        join(folder, 'error.log'),
    ]);
    const url = `http://127.0.0.1:${port}`;
    await untilAnswers(`${url}/healthz`, child);
    const clean = async (): Promise<void> => {
        await stop(child);
        await rm(folder, { recursive: true, force: true });
    };
    return { name: 'nginx', url, pid: childOf(child.pid ?? 0) ?? 0, stop: clean };
}

/** Null where it is not installed. */
export async function startVarnish(origin: Origin): Promise<Server | null> {
    const program = findTool('varnishd');
    if (program === null) return null;
    const folder = await mkdtemp(join(tmpdir(), 'ocm-bench-varnish-'));
    await chmod(folder, 0o755);
    const port = await findFreePort();
    const child = spawnPinned(
        SERVER_CORE,
        program,
        [
            ...['-F', '-n', folder, '-a', `127.0.0.1:${port}`, '-b', `127.0.0.1:${origin.port}`],
            ...['-s', `malloc,${MEMORY_BYTES}`, '-p', 'listen_depth=8192'],
        ],
        { isQuiet: true },
    );
    child.stdout?.resume();
    const url = `http://127.0.0.1:${port}`;
    await untilAnswers(`${url}/b/1/start`, child);
    const clean = async (): Promise<void> => {
        await stop(child);
        await rm(folder, { recursive: true, force: true });
    };
    return { name: 'varnish', url, pid: childOf(child.pid ?? 0) ?? 0, stop: clean };
}
