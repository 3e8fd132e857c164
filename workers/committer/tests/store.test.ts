import { randomBytes } from 'node:crypto';
import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findDeliveryCommitmentAddress } from '@ocm/sdk';
import { toBase64 } from '@ocm/sdk/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitEpochs } from '../src/commit-epochs.js';
import { CommitmentStore } from '../src/store.js';
import { createWorld, type World } from './support/world.js';

let world: World;
let folder: string;
let commitment: string;
beforeEach(async () => {
    world = await createWorld();
    const { address } = world.contract;
    commitment = findDeliveryCommitmentAddress({ contract: address, epoch: 0, kind: 0 }).toBase58();
    folder = join(world.dataDir, 'commitments', commitment);
});
afterEach(() => world.dispose());

/** As a version before this one has stored it: whole, records and all. */
async function storeWithRecords(place: 0 | 1, count: number) {
    const node = world.nodes[place];
    const signed = Array.from({ length: Math.min(3, count) }, () => world.session(node));
    world.serve(node, signed);
    const evidence = world.evidence.get(`${node.toBase58()}/0`);
    if (evidence === undefined) throw new Error('it was just served');
    // The store does not judge them; more than some would take long to sign.
    const [first] = evidence.sessions;
    while (first !== undefined && evidence.sessions.length < count)
        evidence.sessions.push({ ...first, token: toBase64(randomBytes(160)) });
    const sessions = evidence.sessions.map(({ recordCount: _, ...session }) => session);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `evidence-${node.toBase58()}.json`), JSON.stringify({ ...evidence, sessions }));
    return evidence;
}

describe('a store of an earlier version', () => {
    it('is taken over without its records, which are then nowhere in it', async () => {
        const [first, second] = [await storeWithRecords(0, 1_100), await storeWithRecords(1, 0)];
        const salt = first.sessions[0]?.records[0]?.fields[0]?.salt ?? '';
        expect((await readFile(join(folder, `evidence-${first.node}.json`))).includes(salt)).toBe(true);
        // A take-over that a crash has cut short is begun anew.
        await writeFile(join(folder, `evidence-${first.node}.journal`), '');
        for (let opened = 0; opened < 2; opened += 1) {
            const store = await CommitmentStore.open(world.dataDir);
            for (const { sessions, ...head } of [first, second])
                expect(await store.evidence.read(commitment, head.node)).toEqual({
                    ...head,
                    sessions: sessions.map(({ records: _, ...session }) => session),
                });
            const names = await readdir(folder);
            expect(names.sort()).toEqual([first, second].map(({ node }) => `evidence-${node}.journal`).sort());
            for (const name of names) expect((await readFile(join(folder, name))).includes(salt)).toBe(false);
        }
    });

    it('is committed from as it is, without asking any node for its sessions again', async () => {
        await storeWithRecords(0, 3);
        await storeWithRecords(1, 2);
        await world.restart();
        expect(await commitEpochs(world.deps(), new AbortController().signal)).toMatchObject({ committed: 1 });
        expect([world.asked, world.committed[0]?.leafCount]).toEqual([[], 5]);
    });

    it('is named where it is damaged, and left as it is', async () => {
        const { node } = await storeWithRecords(0, 1);
        const path = join(folder, `evidence-${node}.json`);
        await writeFile(path, '{"node":');
        await expect(CommitmentStore.open(world.dataDir)).rejects.toMatchObject({
            code: 'MKT_COMMITTER__STORE_CORRUPT',
            message: expect.stringContaining(path),
        });
        await access(path);
    });
});
