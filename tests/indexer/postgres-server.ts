import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { findFreePort } from '@ocm/runtime';

/** A PostgreSQL that the caller named: its schemas of the index are dropped. */
export const GIVEN_URL = process.env.OCM_TEST_POSTGRES_URL;

/** The folder of `postgres` and `initdb`: in the path, or where Debian puts them; null where there is none. */
export function findPostgres(): string | null {
    const debian = '/usr/lib/postgresql';
    const versions = existsSync(debian) ? readdirSync(debian).map((version) => join(debian, version, 'bin')) : [];
    const folders = [...(process.env.PATH ?? '').split(delimiter), ...versions];
    for (const folder of folders) {
        if (!existsSync(join(folder, 'postgres'))) continue;
        // Distributions link one of the programs into the path, and not the other.
        const real = dirname(realpathSync(join(folder, 'postgres')));
        if (existsSync(join(real, 'initdb'))) return real;
    }
    return null;
}

/** PostgreSQL refuses to run as root: then it runs as the user and group that own nothing. */
function identity(): { uid?: number; gid?: number } {
    if (process.getuid?.() !== 0) return {};
    const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
    return { uid: id('-u'), gid: id('-g') };
}

/** A server of its own in a folder of its own, for the length of a test. */
export async function startPostgres(bin: string): Promise<{ url: string; stop(): Promise<void> }> {
    const folder = mkdtempSync(join(tmpdir(), 'ocm-postgres-'));
    const user = identity();
    if (user.uid !== undefined) chownSync(folder, user.uid, user.gid ?? user.uid);
    const data = join(folder, 'data');
    const options = { ...user, cwd: folder, stdio: 'pipe' } as const;
    const flags = ['--no-sync', '--auth=trust', '--username=ocm', '--encoding=UTF8', '--locale=C'];
    execFileSync(join(bin, 'initdb'), ['-D', data, ...flags], options);
    const port = await findFreePort();
    const settings = [
        'fsync=off',
        'listen_addresses=127.0.0.1',
        `unix_socket_directories=${folder}`,
        'shared_buffers=16MB',
    ];
    const child = spawn(
        join(bin, 'postgres'),
        ['-D', data, '-p', String(port), ...settings.flatMap((s) => ['-c', s])],
        {
            ...user,
            cwd: folder,
            stdio: ['ignore', 'ignore', 'pipe'],
        },
    );
    await untilReady(child);
    return {
        url: `postgresql://ocm@127.0.0.1:${port}/postgres`,
        stop: async () => {
            const ended = new Promise((resolve) => child.once('exit', resolve));
            child.kill('SIGINT');
            await ended;
            rmSync(folder, { recursive: true, force: true });
        },
    };
}

function untilReady(child: ChildProcess): Promise<void> {
    return new Promise((resolve, reject) => {
        let text = '';
        child.stderr?.on('data', (chunk: Buffer) => {
            text += chunk.toString();
            if (text.includes('ready to accept connections')) resolve();
        });
        child.once('exit', () => reject(new Error(`PostgreSQL did not start:\n${text}`)));
    });
}
