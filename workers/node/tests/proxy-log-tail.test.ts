import { appendFile, readFile, rename, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { nodeConfig } from '../src/index.js';
import { MAX_LINE_BYTES, parseAccessLine } from '../src/proxy-adapter/access-line.js';
import { LogTail } from '../src/proxy-adapter/log-tail.js';
import { generateNginxConfig } from '../src/proxy-adapter/nginx-config.js';
import { Cleanup, named, tempDir } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

async function setUp() {
    const folder = await tempDir();
    const options = {
        path: join(folder, 'access.log'),
        positionPath: join(folder, 'position.json'),
        rotationGraceMs: 0,
    };
    const start = async (): Promise<LogTail> => {
        const tail = new LogTail(options);
        await tail.open();
        cleanup.add(() => tail.close());
        return tail;
    };
    return { ...options, start };
}
async function linesOf(tail: LogTail): Promise<string[]> {
    const lines: string[] = [];
    for (let batch = await tail.next(); batch !== null; batch = await tail.next()) lines.push(...batch.lines);
    return lines;
}

describe('a log that is followed', () => {
    it('may not be there yet, and hands out whole lines only', async () => {
        const { path, start } = await setUp();
        const tail = await start();
        expect(await tail.next()).toBeNull();
        await writeFile(path, 'one\ntw');
        expect(await linesOf(tail)).toEqual(['one']);
        await appendFile(path, 'o\nthree\n');
        expect(await linesOf(tail)).toEqual(['two', 'three']);
        expect(await tail.next()).toBeNull();
    });

    it('is read on after a restart, also from the file that was rotated away meanwhile', async () => {
        const { path, start } = await setUp();
        await writeFile(path, 'a\nb\n');
        const first = await start();
        expect(await linesOf(first)).toEqual(['a', 'b']);
        await first.close();
        await appendFile(path, 'c\n');
        await rename(path, `${path}.1`);
        await writeFile(path, 'd\n');
        expect(await linesOf(await start())).toEqual(['c', 'd']);
        expect(await linesOf(await start())).toEqual([]);
    });

    it('has its position on disk before its lines are handed out: a crash doubles nothing', async () => {
        const { path, positionPath, start } = await setUp();
        await writeFile(path, 'a\nb\n');
        const tail = await start();
        const batch = await tail.next();
        expect(batch?.lines).toEqual(['a', 'b']);
        expect(JSON.parse(await readFile(positionPath, 'utf8'))).toMatchObject({ offset: 4 });
    });

    it('that is cut short is told of, and read from its start', async () => {
        const { path, start } = await setUp();
        await writeFile(path, 'a long first line\n');
        const tail = await start();
        await linesOf(tail);
        await truncate(path);
        await appendFile(path, 'b\n');
        expect((await tail.next())?.wasTruncated).toBe(true);
        expect(await linesOf(tail)).toEqual(['b']);
    });

    it('with a line without end takes neither memory nor the lines after it', async () => {
        const { path, start } = await setUp();
        await writeFile(path, `before\n${'x'.repeat(700_000)}`);
        const tail = await start();
        expect(await linesOf(tail)).toEqual(['before']);
        await appendFile(path, `${'x'.repeat(MAX_LINE_BYTES)}\nafter\n`);
        expect(await linesOf(tail)).toEqual(['after']);
        await appendFile(path, `${'y'.repeat(MAX_LINE_BYTES + 1)}\nlast\n`);
        expect(await linesOf(tail)).toEqual(['last']);
    });
});

describe('a line of the access log', () => {
    const good = {
        at: '1700000000.123',
        took: '0.004',
        method: 'GET',
        path: '/a',
        protocol: 'HTTP/2.0',
        status: '200',
        total: '1200',
        entity: '1000',
        cache: 'HIT',
        session: 'a'.repeat(64),
    };

    it('is what nginx says of one response', () => {
        expect(parseAccessLine(JSON.stringify(good))).toMatchObject({
            endedAtMs: 1_700_000_000_123,
            takenMs: 4,
            status: 200,
            entityBytes: 1_000,
            isCached: true,
            session: 'a'.repeat(64),
        });
        expect(parseAccessLine(JSON.stringify({ ...good, session: '', cache: '' }))).toMatchObject({ session: null });
    });

    it.each<[string, Record<string, unknown>]>([
        ['a negative size', { entity: '-1' }],
        ['a size that is no number', { entity: '1e9' }],
        ['a method that has no record', { method: 'PUT' }],
        ['another session form', { session: '../../x' }],
        ['a path of a foreign form', { path: 'http://evil' }],
        ['a status beyond the range', { status: '999' }],
        ['an address', { client: '192.0.2.1' }],
    ])('with %s is no record', (_, change) => {
        expect(parseAccessLine(JSON.stringify({ ...good, ...change }))).toBeNull();
    });

    it('never throws, whatever is in the file', () => {
        fc.assert(
            fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
                expect(parseAccessLine(text)).toBeNull();
            }),
            { numRuns: 500 },
        );
    });
});

describe('the generated configuration', () => {
    const base = {
        role: 'relay',
        node: named('relay').address,
        rpcUrl: 'http://127.0.0.1:8899',
        dataDir: '/var/lib/ocm',
        listen: { port: 4000 },
        parentUrl: 'https://cast.example/objects/',
        operatorSecret: 'a secret of the operator',
        proxy: { kind: 'nginx', listen: { host: '::', port: 80 }, runDir: '/var/lib/ocm-nginx' },
    };

    it('checks the certificate of a parent, and holds no secret and no client address', () => {
        const text = generateNginxConfig(nodeConfig.parse(base));
        for (const line of [
            'proxy_pass https://ocm_parent/objects$ocm_target;',
            'proxy_ssl_verify on;',
            'proxy_ssl_name cast.example;',
            'listen [::]:80;',
        ]) {
            expect(text).toContain(line);
        }
        expect(text).not.toContain(base.operatorSecret);
        expect(text.match(/log_format.*/)?.[0]).not.toMatch(
            /remote_addr|http_user_agent|http_referer|args|request_uri/,
        );
    });

    it.each<[string, object]>([
        ['a folder that ends the statement', { proxy: { ...base.proxy, runDir: '/tmp/x;include /etc/passwd' } }],
        ['a parent path that opens a block', { parentUrl: 'https://cast.example/a{b}/' }],
        ['a parent path that names a variable', { parentUrl: 'https://cast.example/$request_uri/' }],
        ['a role that nginx cannot stand in for', { role: 'beacon' }],
        ['a user that is no name', { proxy: { ...base.proxy, user: 'root; load_module x' } }],
        ['TLS without a certificate', { proxy: { ...base.proxy, tlsListen: { port: 443 } } }],
    ])('is not written for %s', (_, change) => {
        expect(() => generateNginxConfig(nodeConfig.parse({ ...base, ...change }))).toThrow();
    });
});
