import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decryptLogValue, isMarketplaceError, parseEncryptedLogValue, parseLogFile, toHex } from '@ocm/sdk/core';
import { afterEach, describe, expect, it } from 'vitest';
import { logConfig } from '../src/log/log-config.js';
import { applyTransforms } from '../src/log/transforms.js';
import { AFTER_EPOCH_MS, evidenceOf, fileOf, filesOf, setUpLogs } from './log-support.js';
import { ask, Cleanup, sha256, startTestNode, tempDir, Viewer } from './support.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const refusalOf = (log: object): string => {
    const result = logConfig.safeParse(log);
    return result.success ? '' : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join();
};
const keys = [{ id: 'k1', keyPath: '/nowhere' }];

describe('the config of transforms', () => {
    it.each([
        [{ 's-ip': [{ type: 'Hash' }] }, /transforms\.s-ip: must not be hashed.*found by trying/],
        [{ 's-ip': [{ type: 'Truncate', maxCharacters: 4 }] }, /holds an address: use MaskIp/],
        [{ 'u-uri': [{ type: 'MaskIp' }] }, /MaskIp is for s-ip/],
        [{ 'c-ip': [{ type: 'MaskIp' }] }, /not a field that may be changed/],
        [{ toString: [{ type: 'Hash' }] }, /not a field that may be changed/],
        [{ 'sc-total-bytes': [{ type: 'Truncate', maxCharacters: 3 }] }, /not a field that may be changed/],
        [{ 's-ccid': [{ type: 'Hash', hexDigits: 8 }] }, /hexDigits/],
        [{ 's-ccid': [{ type: 'Hash', algorithm: 'MD5' }] }, /Unrecognized key/],
        [{ 's-ccid': [{ type: 'RC4', keyId: 'k1' }] }, /type/],
        [{ 's-ccid': [{ type: 'Encrypt', keyId: 'k2' }] }, /key that encryptionKeys does not list/],
        [
            {
                's-ccid': [
                    { type: 'Encrypt', keyId: 'k1' },
                    { type: 'Truncate', maxCharacters: 9 },
                ],
            },
            /must end with Encrypt/,
        ],
        [{ 's-hostname': [{ type: 'Encrypt', keyId: 'k1' }] }, /form of its field.*LOG_VALUE_INVALID/],
    ])('refuses %j', (transforms, reason) => {
        expect(refusalOf({ transforms, encryptionKeys: keys })).toMatch(reason);
    });

    it('refuses a schedule that never comes, and a retention that is too long or too short to be safe', () => {
        for (const erasureCron of ['', '61 * * * *', '* * *', 'hourly', '* * * * * * *']) {
            expect(refusalOf({ erasureCron }), erasureCron).toMatch(/erasureCron: must be five or six fields/);
        }
        for (const retentionSecs of [0, 3_599, 30 * 86_400 + 1])
            expect(refusalOf({ retentionSecs })).toMatch(/retentionSecs/);
        expect(refusalOf({ erasureCron: '*/5 2 * * 1-5', retentionSecs: 3_600 })).toBe('');
    });

    it('refuses two keys of one id, and takes what it should', () => {
        expect(refusalOf({ encryptionKeys: [...keys, ...keys] })).toMatch(/different ids/);
        const transforms = {
            'u-uri': [{ type: 'Truncate', maxCharacters: 20 }, { type: 'Hash' }],
            's-ccid': [{ type: 'Encrypt', keyId: 'k1' }],
            's-ip': [{ type: 'MaskIp' }],
        };
        expect(refusalOf({ transforms, encryptionKeys: keys })).toBe('');
    });
});

describe('MaskIp', () => {
    const mask = (address: string, change = {}) =>
        applyTransforms(address, [{ type: 'MaskIp', ipv4PrefixLength: 24, ipv6PrefixLength: 48, ...change }], {
            field: 's-ip',
            seq: 0,
            epochKey: new Uint8Array(32),
            keys: new Map(),
        });

    it('keeps 24 bits of IPv4 and 48 of IPv6, or as many as it is told', () => {
        expect(mask('192.0.2.77')).toBe('192.0.2.0');
        expect(mask('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1::');
        expect(mask('::ffff:192.0.2.77')).toBe('192.0.2.0');
        expect(mask('192.0.2.77', { ipv4PrefixLength: 30 })).toBe('192.0.2.76');
        expect(mask('2001:db8::1', { ipv6PrefixLength: 0 })).toBe('::');
        expect(mask('192.0.2.77', { ipv4PrefixLength: 32 })).toBe('192.0.2.77');
    });
});

describe('Hash', () => {
    it('has another key for each field and each epoch, and is none that a stranger can compute', () => {
        const hash = (field: string, epochKey: Uint8Array) =>
            applyTransforms('/s/', [{ type: 'Hash', hexDigits: 64 }], { field, seq: 0, epochKey, keys: new Map() });
        const [one, two] = [new Uint8Array(32), new Uint8Array(32).fill(1)];
        const hashes = [hash('s-ccid', one), hash('u-uri', one), hash('s-ccid', two), sha256('/s/')];
        expect(new Set(hashes).size).toBe(4);
        expect(hash('s-ccid', one)).toBe(hashes[0]);
    });
});

describe('a node with transforms', () => {
    it('writes them into the file and commits exactly what stands there', async () => {
        const key = randomBytes(32);
        const keyPath = join(await tempDir(), 'key');
        await writeFile(keyPath, `${toHex(key)}\n`);
        const { world, node, clock, dataDir } = await setUpLogs(cleanup, {
            objectUris: 'full',
            surrogate: { address: '203.0.113.9', hostname: 'edge-1.example', port: 443 },
            encryptionKeys: [{ id: 'k1', keyPath }],
            transforms: {
                'u-uri': [{ type: 'Hash', hexDigits: 24 }],
                's-ccid': [{ type: 'Encrypt', keyId: 'k1' }],
                's-hostname': [{ type: 'Truncate', maxCharacters: 4 }],
                's-ip': [{ type: 'MaskIp' }],
            },
        });
        const viewer = new Viewer(world);
        await viewer.open(node.url);
        for (const path of ['/s/1.ts', '/s/1.ts', '/s/2.ts']) await viewer.get(node.url, path);
        await viewer.acknowledge(node.url, { bytes: 3_000n });
        await ask(node.url, '/s/1.ts');
        clock.shiftMs = AFTER_EPOCH_MS;
        const evidence = await evidenceOf(node.url, world);
        const [file] = await filesOf(node.url);
        const text = (await fileOf(node.url, file?.name ?? '')).body.toString();
        const { records, rawRecords, ignored } = parseLogFile(text, { requireHash: true });
        expect(ignored).toEqual([]);
        expect(rawRecords[0]?.fields.slice(4, 8)).toEqual(['s-ip', 's-hostname', 's-port', 'cs-method']);
        expect([records[0]?.['s-ip'], records[0]?.['s-hostname'], records[0]?.['s-port']]).toEqual([
            '203.0.113.0',
            'edge',
            '443',
        ]);
        const uris = records.map((record) => record['u-uri'] ?? '');
        expect(uris[0]).toMatch(/^[0-9a-f]{24}$/);
        expect([uris[1], uris[3]]).toEqual([uris[0], uris[0]]);
        expect(uris[2]).not.toBe(uris[0]);
        const sealed = records.map((record) => record['s-ccid'] ?? '');
        expect(new Set(sealed).size).toBe(4);
        expect(parseEncryptedLogValue(sealed[0] ?? '')?.keyId).toBe('k1');
        for (const value of sealed) expect(await decryptLogValue({ key, name: 's-ccid', value })).toBe('/s/');
        for (const wrong of [
            { key: randomBytes(32), name: 's-ccid' },
            { key, name: 's-sid' },
        ]) {
            const failing = decryptLogValue({ ...wrong, value: sealed[0] ?? '' });
            await expect(failing).rejects.toSatisfy(isMarketplaceError);
        }
        const proved = evidence.sessions[0]?.records.map(({ fields }) => fields.map(({ value }) => value));
        expect(proved).toEqual(rawRecords.slice(0, 3).map(({ values }) => values));

        // The rules are the epoch's: a node that was configured anew gives the same evidence again.
        await node.stop();
        const config = { log: { encryptionKeys: [{ id: 'k1', keyPath }] } };
        const deps = { now: () => Date.now() + AFTER_EPOCH_MS };
        const again = await startTestNode({ world, parentUrl: 'http://127.0.0.1:1', dataDir, config, deps });
        cleanup.add(() => again.stop());
        expect(await evidenceOf(again.url, world)).toEqual(evidence);
    });

    it('does not start without the file of a key, and says which', async () => {
        const log = { encryptionKeys: [{ id: 'k1', keyPath: '/nowhere/key' }] };
        await expect(setUpLogs(cleanup, log)).rejects.toThrow(/\/nowhere\/key.*openssl rand/);
    });
});
