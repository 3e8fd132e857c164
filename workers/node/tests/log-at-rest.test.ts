import { appendFile, cp, readdir, readFile, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { openJournal } from '@ocm/runtime';
import { afterEach, describe, expect, it } from 'vitest';
import { decodeEntries } from '../src/log/entries.js';
import { WalCipher } from '../src/log/wal-cipher.js';
import { AFTER_EPOCH_MS, evidenceOf, setUpLogs } from './log-support.js';
import { Cleanup, startTestNode, tempDir, until, Viewer } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString();
const key = new Uint8Array(32).fill(7);

describe('an encrypted entry', () => {
    it('is read back in its order, over several openings of the journal', () => {
        const written = [new WalCipher(key), new WalCipher(key)].flatMap((cipher) =>
            ['a', '', 'c'].map((entry) => cipher.seal(Buffer.from(entry))),
        );
        const reader = new WalCipher(key);
        expect(written.map((entry) => text(reader.open(entry)))).toEqual(['a', '', 'c', 'a', '', 'c']);
        expect(new Set(written.map((entry) => text(entry))).size).toBe(6);
    });

    it('may be missing, but not moved, repeated, changed, or read with another key', () => {
        const writer = new WalCipher(key);
        const [one, two, three] = ['{"a":1}', '{"a":2}', '{"a":3}'].map((entry) => writer.seal(Buffer.from(entry)));
        if (one === undefined || two === undefined || three === undefined) throw new Error('three entries');
        const read = (entries: Uint8Array[], with_ = key) => {
            const reader = new WalCipher(with_);
            return entries.map((entry) => text(reader.open(entry)));
        };
        expect(read([one, three])).toEqual(['{"a":1}', '{"a":3}']);
        expect(() => read([two, one])).toThrow(/epoch\.key/);
        expect(() => read([one, one])).toThrow(/epoch\.key/);
        expect(() => read([one], new Uint8Array(32))).toThrow(/epoch\.key/);
        expect(() => read([one, Buffer.from('{"plain":true}')])).toThrow(/epoch\.key/);
        for (let place = 0; place < one.length; place += 1) {
            const changed = Uint8Array.from(one);
            changed[place] = (changed[place] ?? 0) ^ 1;
            expect(() => read([changed]), `byte ${place}`).toThrow(/epoch\.key/);
        }
    });
});

describe('the journal of an epoch', () => {
    it('shows neither object nor session to whom has the disk without the key', async () => {
        const { world, node, dataDir } = await setUpLogs(cleanup);
        const viewer = new Viewer(world);
        await viewer.open(node.url);
        await viewer.get(node.url, '/films/secret.ts');
        await viewer.acknowledge(node.url, { bytes: 1_000n });
        const folder = join(dataDir, 'epochs', `${world.contract.address}-0`);
        const wal = await readFile(join(folder, 'journal.wal'));
        for (const needle of ['films', 'secret', 'request', viewer.session, Buffer.from(viewer.tokenBytes)]) {
            expect(wal.includes(needle)).toBe(false);
        }
        expect((await stat(join(folder, 'journal.wal'))).mode & 0o777).toBe(0o600);
        expect(await readdir(join(dataDir, 'logs'))).toEqual([]);
        const epochKey = await readFile(join(folder, 'epoch.key'));
        const journal = await openJournal({ path: join(await copyOf(folder), 'journal.wal') });
        const cipher = new WalCipher(epochKey);
        const entries = journal.entries.flatMap((payload) => decodeEntries(cipher.open(payload)));
        await journal.close();
        expect(entries.map(({ type }) => type)).toEqual(['meta', 'session', 'proof', 'request', 'receipt']);
    });

    it('goes on after any torn write, with every receipt that was acknowledged before it', async () => {
        const { world, node, dataDir, parentUrl } = await setUpLogs(cleanup);
        const viewer = new Viewer(world);
        await viewer.open(node.url);
        const wal = join(dataDir, 'epochs', `${world.contract.address}-0`, 'journal.wal');
        const acknowledged: { bytes: bigint; size: number }[] = [];
        for (let seq = 1; seq <= 3; seq += 1) {
            await viewer.get(node.url, `/s/${seq}.ts`);
            await viewer.acknowledge(node.url, { seq, objects: seq, bytes: BigInt(1_000 * seq) });
            acknowledged.push({ bytes: BigInt(1_000 * seq), size: (await stat(wal)).size });
        }
        const [, second, third] = acknowledged;
        const cuts = [second?.size ?? 0, (second?.size ?? 0) + 1, (second?.size ?? 0) + 40, (third?.size ?? 0) - 1];
        for (const size of cuts) {
            const torn = await copyOf(dataDir);
            await truncate(join(torn, 'epochs', `${world.contract.address}-0`, 'journal.wal'), size);
            const again = await startTestNode({ world, parentUrl, dataDir: torn });
            expect(again.status.read().receiptedBytes).toBe('2000');
            const next = await viewer.acknowledge(again.url, { seq: 3, objects: 3, bytes: 3_000n });
            expect(next.status).toBe(200);
            await again.stop();
            const later = await startTestNode({ world, parentUrl, dataDir: torn });
            expect(later.status.read().receiptedBytes).toBe('3000');
            await later.stop();
        }
        const zeros = await copyOf(dataDir);
        await appendFile(join(zeros, 'epochs', `${world.contract.address}-0`, 'journal.wal'), Buffer.alloc(4_096));
        const again = await startTestNode({ world, parentUrl, dataDir: zeros });
        cleanup.add(() => again.stop());
        expect(again.status.read().receiptedBytes).toBe('3000');
    });

    it('of before entries were encrypted is read, and goes on encrypted', async () => {
        const { world, node, dataDir, parentUrl } = await setUpLogs(cleanup);
        const viewer = new Viewer(world);
        await viewer.open(node.url);
        await viewer.get(node.url, '/s/1.ts');
        await viewer.acknowledge(node.url, { bytes: 1_000n });
        await until(() => node.status.read().requests === 1, 'recorded');
        await node.stop();
        const folder = join(dataDir, 'epochs', `${world.contract.address}-0`);
        const journal = await openJournal({ path: join(folder, 'journal.wal') });
        const cipher = new WalCipher(await readFile(join(folder, 'epoch.key')));
        await journal.compact(journal.entries.map((payload) => cipher.open(payload)));
        await journal.close();
        expect((await readFile(join(folder, 'journal.wal'))).includes('/s/1.ts')).toBe(true);
        const deps = { now: () => Date.now() + shiftMs };
        let shiftMs = 0;
        const again = await startTestNode({ world, parentUrl, dataDir, deps });
        cleanup.add(() => again.stop());
        await viewer.get(again.url, '/s/hidden.ts');
        await viewer.acknowledge(again.url, { seq: 2, objects: 2, bytes: 2_000n });
        expect((await readFile(join(folder, 'journal.wal'))).includes('hidden')).toBe(false);
        shiftMs = AFTER_EPOCH_MS;
        expect((await evidenceOf(again.url, world)).sessions[0]?.records).toHaveLength(2);
    });
});

/** As a crash leaves it: everything but the lock of the running process. */
async function copyOf(folder: string): Promise<string> {
    const target = await tempDir();
    await cp(folder, target, { recursive: true, filter: (path) => !path.endsWith('.lock') });
    return target;
}
