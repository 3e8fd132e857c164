// Runs the parts of http-tests/cache-tests, which are not ours: its origin and its client.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './bootstrap.mjs';

/** The suite asks for undici by name; ours is the version that it wants. */
export function linkClient(suite) {
    const link = join(suite, 'node_modules', 'undici');
    if (existsSync(link)) return;
    mkdirSync(join(suite, 'node_modules'), { recursive: true });
    // A link to a checkout that is gone exists for nobody but who makes another.
    rmSync(link, { force: true });
    symlinkSync(join(root, 'node_modules', 'undici'), link, 'dir');
}

function freePort() {
    return new Promise((done, fail) => {
        const probe = createServer().once('error', fail);
        probe.listen(0, '127.0.0.1', () => {
            const { port } = probe.address();
            probe.close(() => done(port));
        });
    });
}

export async function startOrigin(suite) {
    const port = await freePort();
    const pidfile = join(tmpdir(), `ocm-conformance-${process.pid}.pid`);
    const child = spawn(process.execPath, ['test-engine/server/server.mjs'], {
        cwd: suite,
        env: {
            ...process.env,
            npm_config_protocol: 'http',
            npm_config_port: String(port),
            npm_config_pidfile: pidfile,
        },
        stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((done, fail) => {
        child.stdout.once('data', done);
        child.once('exit', (code) => fail(new Error(`the suite's origin ended with code ${code}`)));
    });
    child.stdout.resume();
    return { url: `http://127.0.0.1:${port}`, stop: () => child.kill() };
}

export async function runClient(suite, base, id) {
    const child = spawn(process.execPath, ['--no-warnings', 'test-engine/cli.mjs'], {
        cwd: suite,
        env: { ...process.env, npm_config_base: base, npm_config_id: id, npm_package_config_id: '' },
        stdio: ['ignore', 'pipe', id === '' ? 'ignore' : 'inherit'],
    });
    const chunks = [];
    child.stdout.on('data', (chunk) => chunks.push(chunk));
    const code = await new Promise((done) => child.once('close', done));
    if (code !== 0) throw new Error(`the suite's client ended with code ${code}`);
    return Buffer.concat(chunks).toString();
}
