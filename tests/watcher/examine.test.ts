import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchPartyKeys, type PartyKey } from '@ocm/sdk';
import { decodeLeaf, fromBase64, toHex } from '@ocm/sdk/core';
import { commitmentManifest } from '@ocm/sdk/http';
import { examineCommitment, readReceiptCopies } from '@ocm/watcher';
import { PublicKey } from '@solana/web3.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readCommitment } from '../support/index.js';
import { createWorld, type World } from '../verifier/world.js';

let world: World;
let folder: string;
let input: Parameters<typeof examineCommitment>[0];
beforeAll(async () => {
    world = await createWorld();
    folder = await mkdtemp(join(tmpdir(), 'ocm-copies-'));
    const { trade } = world;
    const { address } = await world.deliver(0);
    const served = await fetch(`${world.committerUrl}/v1/commitments/${address}`);
    input = {
        contract: trade.contract,
        commitment: await readCommitment(trade, { address: new PublicKey(address) }),
        manifest: commitmentManifest.parse(await served.json()),
        nodes: [trade.node.address],
        parties: [],
        copies: [],
        isSellerNode: async () => false,
        signal: new AbortController().signal,
    };
});
afterAll(async () => {
    await world.dispose();
    await rm(folder, { recursive: true, force: true });
});

const reasons = async (changes: Partial<typeof input>) =>
    (await examineCommitment({ ...input, ...changes })).map(({ reason }) => reason);

describe('a commitment', () => {
    it('is right where everything agrees', async () => {
        expect(await reasons({})).toEqual([]);
    });

    it.each([
        ['another root', { root: new Uint8Array(32) }],
        ['a higher total', { totalBytes: 1n << 40n }],
        ['another count', { leafCount: 9 }],
    ])('is unbacked with %s, and no leaf is aimed at', async (_, change) => {
        const commitment = { ...input.commitment, ...change };
        const contract = { ...input.contract, clusterTag: 0 };
        const found = await examineCommitment({ ...input, commitment, contract });
        expect(new Set(found.map(({ reason }) => reason))).toEqual(new Set(['TREE_UNBACKED', 'LEAF_FORGED']));
        expect(found.every(({ target }) => target === null)).toBe(true);
    });

    it('is aimed at in each leaf that cannot be proved, where the bytes of smaller keys end', async () => {
        const found = await examineCommitment({ ...input, contract: { ...input.contract, clusterTag: 0 } });
        const leaves = input.manifest?.sessions.map(({ leaf }) => decodeLeaf(fromBase64(leaf))) ?? [];
        expect(leaves.length).toBeGreaterThan(1);
        expect(found.map(({ session }) => session).sort()).toEqual(
            leaves.map(({ tokenHash }) => toHex(tokenHash)).sort(),
        );
        for (const { session, target } of found) {
            const smaller = leaves.filter(({ tokenHash }) => toHex(tokenHash) < (session ?? ''));
            expect(target).toBe(smaller.reduce((sum, { bytes }) => sum + bytes, 0n));
        }
    });

    it('is withheld with another manifest, or with none', async () => {
        expect(await reasons({ manifest: null })).toEqual(['MANIFEST_WITHHELD']);
        const manifest = input.manifest === null ? null : { ...input.manifest, epoch: 5 };
        expect(await reasons({ manifest })).toEqual(['MANIFEST_WITHHELD']);
    });

    it('is forged where its node is of another seller', async () => {
        expect(new Set(await reasons({ nodes: [] }))).toEqual(new Set(['LEAF_FORGED']));
    });

    it("is only reported where the node is the seller's: the program would take its evidence", async () => {
        const found = await examineCommitment({ ...input, nodes: [], isSellerNode: async () => true });
        expect(found.map(({ reason, target }) => ({ reason, target }))[0]).toEqual({
            reason: 'NODE_UNSOLD',
            target: null,
        });
    });

    it.each([
        ['longer than its epoch', { tokenGraceSecs: -1 }],
        ['for more than the contract allows', { maxTokenBytes: 999_999_999n }],
        ['of an issuer that was not in force', { issuerFromEpoch: [7, 7] }],
    ])('is forged where a token is %s', async (_, change) => {
        expect(new Set(await reasons({ contract: { ...input.contract, ...change } }))).toEqual(
            new Set(['LEAF_FORGED']),
        );
    });

    it('is self-dealt where a viewer, or the buyer, has a key of the seller', async () => {
        const token = Buffer.from(input.manifest?.sessions[0]?.token ?? '', 'base64');
        const client = new PublicKey(token.subarray(104, 136)).toBase58();
        const party = (side: PartyKey['side'], key: string): PartyKey => ({ side, role: 'payout', key });
        expect(await reasons({ parties: [party('seller', client)] })).toEqual(['SELF_DEALING']);
        const shared = PublicKey.unique().toBase58();
        const parties = [party('seller', shared), party('contentProvider', shared)];
        expect(await reasons({ parties })).toEqual(['SELF_DEALING']);
    });

    it("is self-dealt where the contract's issuer is a key of the seller, and names both roles", async () => {
        const { trade } = world;
        const terms = { ...trade.contract, issuer: [trade.seller.hot.publicKey, PublicKey.default] };
        const parties = await fetchPartyKeys(trade.market.connection, terms);
        const [found, ...others] = await examineCommitment({ ...input, parties });
        expect([found?.reason, found?.target, others]).toEqual(['SELF_DEALING', null, []]);
        expect(found?.detail).toContain("the seller's hot and the content provider's issuer");
        expect(await reasons({ parties: await fetchPartyKeys(trade.market.connection, trade.contract) })).toEqual([]);
    });

    it('of kind 1 has nothing to recompute: it pays on a co-signature alone', async () => {
        expect(await reasons({ commitment: { ...input.commitment, kind: 1 }, manifest: null })).toEqual([]);
    });
});

describe('copies of receipts in a file', () => {
    const write = async (text: string): Promise<string> => {
        const path = join(folder, 'copies.jsonl');
        await writeFile(path, text);
        return path;
    };
    const copyOf = (place: number) => {
        const { token, receipt, receiptSignature } = input.manifest?.sessions[place] ?? {};
        return { token, receipt, receiptSignature };
    };

    it('count by contract and epoch, the highest of each token', async () => {
        const copies = await readReceiptCopies(
            await write(`${JSON.stringify(copyOf(0))}\n\n${JSON.stringify(copyOf(1))}\n`),
        );
        expect(copies.listCopies(world.trade.contract.address, 0)).toHaveLength(2);
        expect(copies.listCopies(world.trade.contract.address, 1)).toEqual([]);
        expect(await reasons({ copies: copies.listCopies(world.trade.contract.address, 0) })).toEqual([]);
    });

    it.each([
        ['not JSON', () => '{'],
        ['not signed', () => JSON.stringify({ ...copyOf(0), receiptSignature: Buffer.alloc(64).toString('base64') })],
        ['of another token', () => JSON.stringify({ ...copyOf(0), token: copyOf(1).token })],
        ['out of form', () => JSON.stringify({ token: 'x' })],
    ])('are refused by their line where one is %s', async (_, text) => {
        const path = await write(`${JSON.stringify(copyOf(0))}\n${text()}`);
        await expect(readReceiptCopies(path)).rejects.toMatchObject({
            code: 'MKT_WATCHER__COPIES_UNREADABLE',
            message: expect.stringContaining('copies.jsonl:2'),
        });
    });

    it('are refused where there is no file', async () => {
        await expect(readReceiptCopies(join(folder, 'none'))).rejects.toMatchObject({
            code: 'MKT_WATCHER__COPIES_UNREADABLE',
        });
    });
});
