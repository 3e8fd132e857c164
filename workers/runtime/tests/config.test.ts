import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeConfig, environmentNameOf, loadConfig } from '../src/config.js';
import { lockDataDir } from '../src/data-lock.js';
import { writeFileAtomic } from '../src/files.js';
import { readKeypair, readOrCreateKeypair } from '../src/keypair.js';

const folder = mkdtempSync(join(tmpdir(), 'ocm-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const schema = z.strictObject({
    rpcUrl: z.url().describe('RPC of the cluster'),
    secret: z.string().min(4),
    listen: z.strictObject({ host: z.string().default('127.0.0.1'), port: z.int().min(0).max(65535) }),
    level: z.string().optional(),
});
const good = { rpcUrl: 'http://127.0.0.1:8899', secret: 'open sesame', listen: { port: 80 } };
const load = (content: unknown, env: Record<string, string> = {}) => {
    const path = join(folder, 'config.json');
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return loadConfig(schema, { argv: ['--config', path], env });
};

describe('config', () => {
    it('reads the file and fills defaults', () => {
        expect(load(good).listen).toEqual({ host: '127.0.0.1', port: 80 });
    });

    it('lets the environment replace fields, and keeps a secret of digits a string', () => {
        const config = load(good, { OCM_SECRET: '12345', OCM_LISTEN: '{"port":81}', OCM_RPC_URL: 'http://[::1]:1' });
        expect(config).toMatchObject({ secret: '12345', listen: { port: 81 }, rpcUrl: 'http://[::1]:1' });
    });

    it('names file, field and variable of a wrong value, and never the value', () => {
        expect(() => load({ ...good, secret: 'abc' })).toThrow(/config\.json: secret: .*OCM_SECRET/);
        expect(() => load({ ...good, secret: 'abc' })).not.toThrow(/abc/);
        expect(() => load({ ...good, listen: { port: 70000 } })).toThrow(/listen\.port/);
    });

    it('refuses fields that it does not know, because they are typing errors', () => {
        expect(() => load({ ...good, rpcURL: 'x' })).toThrow(/rpcURL/);
    });

    it('says what is wrong with a file that is missing, no JSON, or no object', () => {
        expect(() => loadConfig(schema, { argv: ['--config', join(folder, 'none')], env: {} })).toThrow(/none/);
        expect(() => load('{"a":')).toThrow(expect.objectContaining({ code: 'MKT_RUNTIME__CONFIG_UNREADABLE' }));
        expect(() => load('[]')).toThrow(expect.objectContaining({ code: 'MKT_RUNTIME__CONFIG_INVALID' }));
        expect(() => loadConfig(schema, { argv: ['--config'], env: {} })).toThrow(/needs a file name/);
        expect(() => loadConfig(schema, { argv: [], env: {} })).toThrow(/--config FILE/);
    });

    it('describes its fields for --help', () => {
        expect(describeConfig(schema)).toContain('rpcUrl  RPC of the cluster  [OCM_RPC_URL]');
        expect(environmentNameOf('crankKeypairPath')).toBe('OCM_CRANK_KEYPAIR_PATH');
    });
});

describe('keypair file', () => {
    it('is created for its owner only and read back as the same key', async () => {
        const path = join(folder, 'keys', 'hot.json');
        const created = await readOrCreateKeypair(path);
        expect(statSync(path).mode & 0o777).toBe(0o600);
        expect(readKeypair(path).publicKey.equals(created.publicKey)).toBe(true);
        expect((await readOrCreateKeypair(path)).publicKey.equals(created.publicKey)).toBe(true);
    });

    it('is refused by name when missing or broken, and its content is not told', () => {
        expect(() => readKeypair(join(folder, 'missing.json'))).toThrow(
            expect.objectContaining({ code: 'MKT_RUNTIME__KEYPAIR_MISSING' }),
        );
        for (const content of [
            '',
            '[1,2,3]',
            JSON.stringify(Array(64).fill(7)),
            JSON.stringify(Array(64).fill(300)),
            '{}',
        ]) {
            const path = join(folder, 'broken.json');
            writeFileSync(path, content);
            expect(() => readKeypair(path)).toThrow(expect.objectContaining({ code: 'MKT_RUNTIME__KEYPAIR_INVALID' }));
        }
    });
});

describe('data folder lock', () => {
    it('is refused while held and free again after release or after the holder was killed', async () => {
        const dataDir = join(folder, 'data');
        const release = await lockDataDir(dataDir);
        await expect(lockDataDir(dataDir)).rejects.toMatchObject({ code: 'MKT_RUNTIME__DATA_DIR_IN_USE' });
        release();
        (await lockDataDir(dataDir))();
        // A reused pid: same number, other start time.
        writeFileSync(join(dataDir, 'in-use.lock'), `${process.pid} 1`);
        (await lockDataDir(dataDir))();
        writeFileSync(join(dataDir, 'in-use.lock'), '4194999 77');
        (await lockDataDir(dataDir))();
    });

    it('removes what a killed process was writing, however deep, and nothing else', async () => {
        const dataDir = join(folder, 'left-over');
        mkdirSync(join(dataDir, 'commitments', 'one'), { recursive: true });
        const leftovers = ['a.json.77.0123456789ab.tmp', 'commitments/one/manifest.json.1.ffffffffffff.tmp'];
        const others = ['notes.tmp', 'commitments/one/manifest.json'];
        for (const name of [...leftovers, ...others]) writeFileSync(join(dataDir, name), '{}');
        const saved = writeFileAtomic(join(dataDir, 'view.json'), 'x'.repeat(1 << 20));
        const release = await lockDataDir(dataDir);
        await saved;
        release();
        const left = readdirSync(dataDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
        expect(left.map(({ name }) => name).sort()).toEqual(['manifest.json', 'notes.tmp', 'view.json']);
    });
});
