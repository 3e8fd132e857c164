import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failure } from '@ocm/runtime';
import { findDeliveryCommitmentAddress } from '@ocm/sdk';
import { buildSettlementTree, decodeLeaf, emptyRoot, fromBase64, generateKeyPair, toHex } from '@ocm/sdk/core';
import { computeManifestHash } from '@ocm/sdk/http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createContract, type SessionFixture } from '../../runtime/tests/support/sessions.js';
import { commitEpochs } from '../src/commit-epochs.js';
import { CommitmentStore } from '../src/store.js';
import { createWorld, log, opensAt, type World } from './support/world.js';

let world: World;
const never = new AbortController().signal;
beforeEach(async () => {
    world = await createWorld();
});
afterEach(() => world.dispose());

const run = () => commitEpochs(world.deps(), never);
const nothing = { committed: 0, skipped: 0, missed: 0, waiting: 0, failed: 0 };
const rootOf = (sessions: SessionFixture[]) =>
    buildSettlementTree(sessions.map(({ evidence }) => decodeLeaf(fromBase64(evidence.leaf)))).root;

describe('committing an epoch', () => {
    it('commits to the sessions of all nodes, once, and serves what stands behind it', async () => {
        const [one, two] = world.nodes;
        const sessions = [world.session(one), world.session(two, { bytes: 500n }), world.session(two)];
        world.serve(one, sessions.slice(0, 1));
        world.serve(two, sessions.slice(1));
        expect(await run()).toEqual({ ...nothing, committed: 1 });
        const [input] = world.committed;
        expect(input).toMatchObject({
            epoch: 0,
            kind: 0,
            leafCount: 3,
            totalBytes: 2_000_500n,
            root: rootOf(sessions),
        });
        expect(input?.slaSummary).toEqual({
            availabilityPpm: 999_000,
            errorPpm: 10,
            ttfbP95Ms: 40,
            stallPpm: 0,
            sessions: 3,
        });
        const { address } = world.commitments[0] ?? {};
        const manifest = await world.store.readManifest(address?.toBase58() ?? '');
        expect(manifest).toMatchObject({ root: toHex(input?.root ?? new Uint8Array()), leafCount: 3 });
        expect(manifest && computeManifestHash(manifest)).toBe(toHex(input?.manifestHash ?? new Uint8Array()));
        expect(await run()).toEqual(nothing);
        await world.restart();
        expect(await run()).toEqual(nothing);
        expect(world.committed).toHaveLength(1);
    });

    it('does nothing before the window of an epoch opens', async () => {
        world.clock.nowSecs = opensAt(0) - 1;
        expect(await run()).toEqual(nothing);
        expect(world.asked).toEqual([]);
    });

    it('spends nothing on an epoch without bytes, and does not ask again', async () => {
        expect(await run()).toEqual({ ...nothing, skipped: 1 });
        await world.restart();
        world.asked.length = 0;
        expect(await run()).toEqual(nothing);
        expect([world.asked, world.committed]).toEqual([[], []]);
    });

    it('commits an empty epoch of a contract with a commit fee', async () => {
        world.contract.commitFeePerEpoch = 1n;
        expect(await run()).toEqual({ ...nothing, committed: 1 });
        expect(world.committed[0]).toMatchObject({ totalBytes: 0n, leafCount: 0, depth: 1, root: emptyRoot(1) });
    });

    it('leaves out what it could not prove: forged tokens, inflated receipts, foreign nodes, wrong log roots', async () => {
        const [one, two] = world.nodes;
        const good = world.session(one);
        const forged = world.session(one, { issuer: generateKeyPair() });
        const inflated = world.session(one, { bytes: 10n });
        inflated.evidence.leaf = world.session(one).evidence.leaf;
        const moved = world.session(two);
        const unproved = world.session(one);
        unproved.evidence.records.pop();
        world.serve(one, [forged, inflated, moved, unproved, good]);
        expect(await run()).toMatchObject({ committed: 1 });
        expect(world.committed[0]).toMatchObject({ leafCount: 1, root: rootOf([good]) });
    });

    it('takes nothing from a node that lists a session twice, until it lists it once', async () => {
        const session = world.session(world.nodes[0]);
        world.serve(world.nodes[0], [session, session]);
        expect(await run()).toEqual({ ...nothing, waiting: 1 });
        world.serve(world.nodes[0], [session]);
        await run();
        expect(world.committed[0]).toMatchObject({ leafCount: 1, totalBytes: 1_000_000n });
    });

    it('leaves out whole sessions above the cap of the contract', async () => {
        world.contract.capKilobitsPerSecond = 200n; // 1 500 000 bytes in 60 s
        world.serve(world.nodes[0], [world.session(world.nodes[0]), world.session(world.nodes[0])]);
        await run();
        expect(world.committed[0]).toMatchObject({ leafCount: 1, totalBytes: 1_000_000n });
    });
});

describe('committing with a node down', () => {
    it('waits for it, keeps what the others gave, and takes its sessions once it is back', async () => {
        const [one, two] = world.nodes;
        world.serve(one, [world.session(one)]);
        world.serve(two, [world.session(two)]);
        world.down.add(two.toBase58());
        expect(await run()).toEqual({ ...nothing, waiting: 1 });
        await world.restart();
        world.down.clear();
        world.down.add(one.toBase58());
        // Its evidence is here; its records are waited for as long as there is time.
        expect(await run()).toEqual({ ...nothing, waiting: 1 });
        world.clock.nowSecs = opensAt(0) + 30;
        expect(await run()).toEqual({ ...nothing, committed: 1 });
        expect(world.committed[0]).toMatchObject({ leafCount: 2 });
    });

    it('commits without it shortly before the window closes', async () => {
        const [one, two] = world.nodes;
        world.serve(one, [world.session(one)]);
        world.down.add(two.toBase58());
        world.clock.nowSecs = opensAt(0) + 29;
        expect(await run()).toMatchObject({ waiting: 1 });
        world.clock.nowSecs = opensAt(0) + 30;
        expect(await run()).toMatchObject({ committed: 1 });
        expect(world.committed[0]).toMatchObject({ leafCount: 1 });
    });

    it('loses no epoch of several contracts to a node that keeps each request until it is given up', async () => {
        const [one, two] = world.nodes;
        world.contracts.push(createContract(world.issuer, 'another'), createContract(world.issuer, 'a third'));
        world.serve(one, [world.session(one)]);
        const { fetchSessions } = world.client;
        world.client.fetchSessions = async (request, signal) => {
            if (request.node !== two.toBase58()) return fetchSessions(request, signal);
            world.asked.push(request.node);
            world.clock.nowSecs += 15;
            throw failure('MKT_RUNTIME__PEER_UNREACHABLE', 'no answer in 15 s');
        };
        world.clock.nowSecs = opensAt(0) + 16;
        // The window ends 24 s from now: a pass that waited for each contract, or went by the time at which it began, would miss it.
        expect(await run()).toEqual({ ...nothing, committed: 1, skipped: 2 });
        expect(world.asked.filter((node) => node === two.toBase58())).toHaveLength(1);
        world.clock.nowSecs = opensAt(1);
        expect((await run()).waiting).toBe(3);
        expect(world.asked.filter((node) => node === two.toBase58())).toHaveLength(2);
    });

    it('waits for a node that says nothing no longer than there is time to commit without it', async () => {
        const [one, two] = world.nodes;
        world.serve(one, [world.session(one)]);
        const { fetchSessions } = world.client;
        world.client.fetchSessions = (request, signal) =>
            request.node !== two.toBase58()
                ? fetchSessions(request, signal)
                : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        world.clock.nowSecs = opensAt(0) + world.contract.commitWindowSecs - 1;
        expect(await run()).toMatchObject({ committed: 1 });
        expect(world.committed[0]).toMatchObject({ leafCount: 1 });
    });

    it('stops at once while it waits for a node', async () => {
        const stop = new AbortController();
        world.client.fetchSessions = (_, signal) =>
            new Promise((_, reject) => {
                signal.addEventListener('abort', () => reject(signal.reason));
                stop.abort();
            });
        await expect(commitEpochs(world.deps(), stop.signal)).rejects.toThrow(
            expect.objectContaining({ name: 'AbortError' }),
        );
        expect(world.committed).toEqual([]);
    });
});

describe('committing after a crash', () => {
    it('sends the same commitment again when it was killed before sending, whatever the nodes say now', async () => {
        const [one] = world.nodes;
        const sessions = [world.session(one), world.session(one)];
        world.serve(one, sessions);
        const { commit } = world.chain;
        world.chain.commit = async () => Promise.reject(new Error('killed'));
        expect(await run()).toMatchObject({ failed: 1 });
        await world.restart();
        world.chain.commit = commit;
        world.serve(one, [world.session(one)]);
        expect(await run()).toMatchObject({ committed: 1 });
        expect(world.committed[0]?.root).toEqual(rootOf(sessions));
    });

    it('finds on chain what had landed', async () => {
        world.serve(world.nodes[0], [world.session(world.nodes[0])]);
        world.chain.commit = async ({ contract, epoch }) => {
            world.addCommitment(contract.address, epoch, 'committed');
            throw new Error('killed before the confirmation');
        };
        expect(await run()).toMatchObject({ failed: 1 });
        await world.restart();
        expect(await run()).toEqual({ ...nothing, committed: 1 });
        expect(world.committed).toEqual([]);
    });

    it('reports the epochs whose window passed while it was down, and goes on with the open ones', async () => {
        await run();
        world.serve(world.nodes[0], [world.session(world.nodes[0], { epoch: 3 })], 3);
        world.clock.nowSecs = opensAt(3);
        await world.restart();
        expect(await run()).toEqual({ ...nothing, missed: 2, committed: 1 });
        expect(world.committed[0]?.epoch).toBe(3);
    });

    it('names a damaged file instead of committing to something else', async () => {
        world.serve(world.nodes[0], [world.session(world.nodes[0])]);
        await run();
        const address = world.commitments[0]?.address.toBase58() ?? '';
        await writeFile(join(world.dataDir, 'commitments', address, 'manifest.json'), '{"commitment":');
        await expect(CommitmentStore.open(world.dataDir)).rejects.toMatchObject({
            code: 'MKT_COMMITTER__STORE_CORRUPT',
            message: expect.stringContaining('manifest.json'),
        });
    });
});

describe('a pass of commitments', () => {
    it('goes on with other contracts when one fails', async () => {
        const other = createContract(world.issuer, 'other contract');
        other.commitFeePerEpoch = 1n;
        world.contract.issuerFromEpoch = [9, 9];
        world.contracts.push(other);
        world.serve(world.nodes[0], []);
        world.evidence.clear();
        expect(await run()).toEqual({ ...nothing, committed: 1, failed: 1 });
        expect(world.committed[0]?.contract.address).toEqual(other.address);
    });

    it('pauses before it tries a failing epoch again', async () => {
        world.serve(world.nodes[0], [world.session(world.nodes[0])]);
        let tries = 0;
        world.chain.commit = async () => Promise.reject(new Error(`unfunded ${++tries}`));
        const deps = world.deps();
        await commitEpochs(deps, never);
        await commitEpochs(deps, never);
        expect(tries).toBe(1);
        world.clock.nowMs += 60_000;
        await commitEpochs(deps, never);
        expect(tries).toBe(2);
    });

    it.each(['proposed', 'settled', 'cancelled'] as const)('leaves %s contracts alone', async (state) => {
        world.contract.state = state;
        expect(await run()).toEqual(nothing);
    });

    it('stops at once when told to', async () => {
        world.serve(world.nodes[0], [world.session(world.nodes[0])]);
        const controller = new AbortController();
        controller.abort();
        await expect(commitEpochs(world.deps(), controller.signal)).rejects.toThrow();
        expect(world.committed).toEqual([]);
        const address = findDeliveryCommitmentAddress({ contract: world.contract.address, epoch: 0, kind: 0 });
        expect(await world.store.readManifest(address.toBase58())).toBeNull();
        expect(log.level).toBe('silent');
    });
});
