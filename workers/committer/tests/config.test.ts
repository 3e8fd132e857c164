import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig } from '@ocm/runtime';
import { afterAll, describe, expect, it } from 'vitest';
import { namedAddress } from '../../runtime/tests/support/sessions.js';
import { committerConfig } from '../src/config.js';

const folder = mkdtempSync(join(tmpdir(), 'ocm-committer-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const least = {
    rpcUrl: 'http://127.0.0.1:8899',
    dataDir: folder,
    listen: { port: 0 },
    hotKeypairPath: 'hot.json',
    crankKeypairPath: 'crank.json',
    participant: namedAddress('participant').toBase58(),
    nodes: [{ node: namedAddress('node').toBase58(), url: 'http://127.0.0.1:1' }],
    operatorSecret: 'sixteen characters',
};
const load = (changes: object = {}, env: Record<string, string> = {}) => {
    const path = join(folder, 'config.json');
    writeFileSync(path, JSON.stringify({ ...least, ...changes }));
    return loadConfig(committerConfig, { argv: ['--config', path], env });
};

describe('configuration', () => {
    it('waits for co-signatures, withdraws nothing and commits nothing unsigned unless told', () => {
        const { proveWhen, provePatienceSecs, withdrawMinimum, commitUnsigned, pollIntervalMs, schedules } = load();
        expect({ proveWhen, provePatienceSecs, withdrawMinimum, commitUnsigned, pollIntervalMs }).toEqual({
            proveWhen: 'unlessCosigned',
            commitUnsigned: false,
        });
        expect(Object.keys(schedules)).toEqual(['commit', 'prove', 'answer', 'settle', 'withdraw']);
    });

    it('keeps the schedules that are not given', () => {
        const { schedules } = load({ schedules: { withdraw: '0 3 * * *' } });
        expect(schedules).toMatchObject({ withdraw: '0 3 * * *', answer: '*/10 * * * * *' });
    });

    it.each([
        ['schedules.prove', { schedules: { prove: 'every minute' } }],
        ['schedules.prove', { schedules: { prove: `${'*'.repeat(101)}` } }],
        ['schedules', { schedules: { dream: '* * * * *' } }],
        ['proveWhen', { proveWhen: 'never' }],
        ['provePatienceSecs', { provePatienceSecs: -1 }],
        ['withdrawMinimum', { withdrawMinimum: '1e9' }],
        ['withdrawMinimum', { withdrawMinimum: '99999999999999999999' }],
        ['commitUnsigned', { commitUnsigned: 'yes' }],
    ])('names %s when it is wrong: %o', (field, changes) => {
        expect(() => load(changes)).toThrow(new RegExp(`config\\.json: ${field.replace('.', '\\.')}`));
    });
});
