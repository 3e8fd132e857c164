import { findDeliveryCommitmentAddress } from '@ocm/sdk';
import { buildSettlementTree, buildUnsignedLeaf, toHex } from '@ocm/sdk/core';
import { computeManifestHash } from '@ocm/sdk/http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { commitEpochs } from '../src/commit-epochs.js';
import { createWorld, opensAt, type World } from './support/world.js';

let world: World;
const never = new AbortController().signal;
beforeEach(async () => {
    world = await createWorld();
    world.contract.pricePerGigabyte = [5_000n, 1_000n, 0n];
});
afterEach(() => world.dispose());

const run = (commitUnsigned = true) => commitEpochs({ ...world.deps(), commitUnsigned }, never);
const nothing = { committed: 0, skipped: 0, missed: 0, waiting: 0, failed: 0 };
const kinds = () => world.committed.map(({ epoch, kind }) => [epoch, kind]);
const addressOf = (kind: 0 | 1, epoch = 0) =>
    findDeliveryCommitmentAddress({ contract: world.contract.address, epoch, kind }).toBase58();

/** What each node says it has served without receipts. */
function serveUnsigned(bytes: readonly bigint[], epoch = 0): void {
    for (const [place, node] of world.nodes.entries()) {
        world.serve(node, place === 0 ? [world.session(node, { epoch })] : [], epoch);
        const evidence = world.evidence.get(`${node.toBase58()}/${epoch}`);
        if (evidence !== undefined) evidence.unreceiptedBytes = `${bytes[place] ?? 0n}`;
    }
}

describe('committing traffic without receipts', () => {
    it('comes after the receipted deliveries of its epoch, a leaf for each node', async () => {
        serveUnsigned([700n, 30n]);
        expect(await run()).toEqual({ ...nothing, committed: 2 });
        expect(kinds()).toEqual([
            [0, 0],
            [0, 1],
        ]);
        const leaves = world.nodes.map((node, place) =>
            buildUnsignedLeaf({
                contract: world.contract.address.toBytes(),
                epoch: 0,
                node: node.toBytes(),
                bytes: [700n, 30n][place] ?? 0n,
            }),
        );
        const { root } = buildSettlementTree(leaves);
        expect(world.committed[1]).toMatchObject({ root, totalBytes: 730n, leafCount: 2 });
        const manifest = await world.store.readManifest(addressOf(1));
        expect(manifest).toMatchObject({ kind: 1, sessions: [], root: toHex(root) });
        expect(manifest && computeManifestHash(manifest)).toBe(manifest?.manifestHash);
        expect(await run()).toEqual(nothing);
        await world.restart();
        expect(await run()).toEqual(nothing);
    });

    it('is left alone unless its seller asks for it and the contract has a price for it', async () => {
        serveUnsigned([700n, 30n]);
        expect(await run(false)).toEqual({ ...nothing, committed: 1 });
        world.contract.pricePerGigabyte = [5_000n, 0n, 0n];
        expect(await run()).toEqual(nothing);
        expect(kinds()).toEqual([[0, 0]]);
    });

    it('takes only what the receipted deliveries leave of the cap', async () => {
        world.contract.capKilobitsPerSecond = 200n; // 1 500 000 bytes in 60 s, of which one session takes a million
        serveUnsigned([400_000n, 400_000n]);
        await run();
        const manifest = await world.store.readManifest(addressOf(1));
        expect(manifest?.unsigned?.map(({ bytes }) => bytes)).toEqual(['400000', '100000']);
    });

    it('spends nothing where every viewer has signed', async () => {
        serveUnsigned([0n, 0n]);
        expect(await run()).toEqual({ ...nothing, committed: 1, skipped: 1 });
        expect(kinds()).toEqual([[0, 0]]);
    });

    it('holds nothing back that comes of a viewer', async () => {
        serveUnsigned([700n, 30n]);
        await run();
        const text = JSON.stringify(await world.store.readManifest(addressOf(1)));
        expect(Object.keys(JSON.parse(text).unsigned[0])).toEqual(['node', 'bytes']);
    });
});

describe('the order of epochs and kinds', () => {
    it('does not let a later epoch shut out one that could not be sent yet', async () => {
        serveUnsigned([700n, 30n], 0);
        serveUnsigned([700n, 30n], 1);
        // Both windows are open for a moment: the first until, the second from then on.
        world.contract.commitWindowSecs = 100;
        world.clock.nowSecs = opensAt(1);
        const { commit } = world.chain;
        world.chain.commit = async () => Promise.reject(new Error('the cluster is away'));
        expect(await run()).toMatchObject({ committed: 0, failed: 1 });
        world.chain.commit = commit;
        expect(await run()).toEqual({ ...nothing, committed: 4 });
        expect(kinds()).toEqual([
            [0, 0],
            [0, 1],
            [1, 0],
            [1, 1],
        ]);
    });

    it('goes on with the next epoch once the window of a failing one is over', async () => {
        serveUnsigned([700n, 30n], 0);
        serveUnsigned([700n, 30n], 1);
        const { commit } = world.chain;
        world.chain.commit = async () => Promise.reject(new Error('the cluster is away'));
        await run();
        world.chain.commit = commit;
        world.clock.nowSecs = opensAt(1);
        expect(await run()).toMatchObject({ missed: 1, committed: 2 });
        expect(kinds()).toEqual([
            [1, 0],
            [1, 1],
        ]);
    });
});
