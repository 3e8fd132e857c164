import { statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keypair } from '@solana/web3.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createForgetting } from '../src/commands/forgetting.js';
import { openKeyring } from '../src/tokens/keyring.js';

let folder: string;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-keyring-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the keyring', () => {
    it('sees keys that another process made, and keeps what it makes for the owner of the folder alone', async () => {
        await writeFile(join(folder, 'issuer.json'), JSON.stringify([...Keypair.generate().secretKey]));
        const clock = { nowMs: 0 };
        const options = { paths: [join(folder, 'issuer.json')], folder: join(folder, 'issuers') };
        const worker = openKeyring({ ...options, nowMs: () => clock.nowMs });
        const made = await openKeyring(options).create();
        expect(worker.find(made.publicKey)).toBeUndefined();
        clock.nowMs += 1_000;
        expect(worker.find(made.publicKey)?.secretKey).toEqual(made.secretKey);
        expect(worker.list()).toHaveLength(2);
        expect(statSync(join(options.folder, `${made.publicKey.toBase58()}.json`)).mode & 0o077).toBe(0);
    });
});

describe('forgetting', () => {
    it('goes on by the machine’s steady clock while the cluster is away', async () => {
        const forgotten: number[] = [];
        const state = { isAway: false, steadyMs: 5_000 };
        const forget = createForgetting({
            chain: {
                clusterTimeSecs: async () => {
                    if (state.isAway) throw new Error('away');
                    return 100;
                },
            },
            grants: { forget: async (nowSecs) => void forgotten.push(nowSecs) },
            steadyMs: () => state.steadyMs,
            wallSecs: () => 7,
        });
        state.isAway = true;
        await forget();
        state.isAway = false;
        await forget();
        state.isAway = true;
        state.steadyMs += 61_000;
        await forget();
        expect(forgotten).toEqual([7, 100, 161]);
    });
});
