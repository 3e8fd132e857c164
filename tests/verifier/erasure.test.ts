import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
    buildCommitment,
    CommitmentStore,
    checkNodes,
    collectEvidence,
    createApp,
    createNodeClient,
} from '@ocm/committer';
import { createLogger, createMetrics, listen } from '@ocm/runtime';
import { findDeliveryCommitmentAddress, verifyRecordProof } from '@ocm/sdk';
import { COMMITMENTS_PATH, errorBody, recordProof } from '@ocm/sdk/http';
import { createCommitterClient } from '@ocm/verifier';
import { PublicKey } from '@solana/web3.js';
import { afterEach, describe, expect, it } from 'vitest';
import { AFTER_EPOCH_MS, DAY_MS, setUpLogs } from '../../workers/node/tests/log-support.js';
import {
    Cleanup,
    createWorld,
    OPERATOR_SECRET,
    startTestNode,
    tempDir,
    until,
    Viewer,
} from '../../workers/node/tests/support.js';
import { createContract } from '../../workers/runtime/tests/support/sessions.js';

const cleanup = new Cleanup();
afterEach(() => cleanup.run());

const log = createLogger({ name: 'test', level: 'silent' });
const signal = new AbortController().signal;

/** Files of the folders that hold the bytes. */
async function findIn(folders: readonly string[], bytes: Buffer): Promise<string[]> {
    const found: string[] = [];
    for (const folder of folders)
        for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
            if (entry.isFile() && (await readFile(join(entry.parentPath, entry.name))).includes(bytes))
                found.push(entry.name);
    return found;
}

/** With the addresses of their bytes, as a committer reads them. */
function createAddressedWorld() {
    const world = createWorld();
    const all = [world.contract, ...world.relays, ...world.view.contracts, ...world.view.nodes];
    for (const each of all) each.address = new PublicKey(Buffer.from(each.addressHex, 'hex')).toBase58();
    return world;
}

/** A real node with one session of three records, and a real committer that has collected and committed to it. */
async function setUp() {
    const setup = await setUpLogs(cleanup, { objectUris: 'full', erasureCron: '* * * * * *' }, createAddressedWorld());
    const { world, node, clock } = setup;
    const viewer = new Viewer(world);
    await viewer.open(node.url);
    for (const index of [1, 2, 3]) await viewer.get(node.url, `/film-of-somebody/${index}.ts`);
    await viewer.acknowledge(node.url, { objects: 3, bytes: 3_000n });
    clock.shiftMs = AFTER_EPOCH_MS;

    const dataDir = await tempDir();
    const store = await CommitmentStore.open(dataDir);
    const { genesisSecs = 0, epochLengthSecs = 0 } = world.view.contracts[0] ?? {};
    const { tokenGraceSecs, maxTokenBytes } = world.view.params;
    const contract = {
        ...createContract(world.issuer),
        address: new PublicKey(world.contract.address),
        genesisAt: BigInt(genesisSecs),
        epochLengthSecs,
        tokenGraceSecs,
        maxTokenBytes: BigInt(maxTokenBytes),
    };
    const name = world.relays[0]?.address ?? '';
    const nodes = createNodeClient({ nodes: [{ node: name, url: node.url }], operatorSecret: OPERATOR_SECRET });
    const commitment = findDeliveryCommitmentAddress({ contract: contract.address, epoch: 0, kind: 0 });
    const input = { commitment, contract, epoch: 0, sellingNodes: [new PublicKey(name)] };
    const { evidence, missingNodes } = await collectEvidence({ nodes, store, log }, input, signal);
    expect(missingNodes).toEqual([]);
    const chain = { clusterTag: async () => world.view.clusterTag };
    const checked = { contract, epoch: 0, evidence, insists: true };
    const sessions = (await checkNodes({ chain, nodes, log }, checked, signal)) ?? [];
    const { manifest, tree } = buildCommitment({ commitment, contract, epoch: 0, kind: 0, sessions });
    await store.writeManifest(manifest);
    const server = createApp({
        store,
        nodes,
        signal,
        log,
        status: () => {
            throw new Error('nobody asks');
        },
        metrics: createMetrics({ service: 'test', processMetrics: false }),
        readiness: () => ({ ready: true }),
    });
    const { url } = await listen({ server, host: '127.0.0.1', port: 0 });
    cleanup.add(() => server.close());
    const folders = [dataDir, setup.dataDir];
    return { ...setup, viewer, name, url, tree, commitment: commitment.toBase58(), committerDir: dataDir, folders };
}

describe('a record', () => {
    it('is proved through the committer, which asks its node; without the node it says which one is away', async () => {
        const { url, commitment, viewer, tree, node, name, committerDir } = await setUp();
        const proofUrl = `${url}${COMMITMENTS_PATH}/${commitment}/proofs/${viewer.session}/1`;
        const proof = recordProof.parse(await (await fetch(proofUrl)).json());
        expect(verifyRecordProof(proof, tree).verified).toBe(true);
        expect(proof).toMatchObject({ recordIndex: 1, recordCount: 3 });
        expect(await createCommitterClient(url, signal).records(commitment, viewer.session)).toHaveLength(3);
        expect(await findIn([committerDir], Buffer.from('film-of-somebody'))).toEqual([]);
        await node.stop();
        const away = await fetch(proofUrl);
        const { code, message } = errorBody.parse(await away.json());
        expect([away.status, code, away.headers.get('retry-after')]).toEqual([503, 'MKT_COMMITTER__NODE_AWAY', '5']);
        expect(message).toContain(name);
    });

    it('is nowhere in the folders of node and committer once it was erased, and the committer says when that was', async () => {
        const { url, commitment, viewer, clock, folders, dataDir } = await setUp();
        const records = `${url}${COMMITMENTS_PATH}/${commitment}`;
        const proof = recordProof.parse(await (await fetch(`${records}/proofs/${viewer.session}/0`)).json());
        const { fields } = proof.record;
        const secrets = [
            Buffer.from(fields.map(({ value }) => value).join('\t')),
            Buffer.from(fields.find(({ name }) => name === 's-sid')?.value ?? 'none'),
            ...fields.flatMap(({ salt }) => [Buffer.from(salt), Buffer.from(salt, 'hex')]),
            Buffer.from(proof.auditPath[0] ?? 'none', 'hex'),
        ];
        const count = async () => Promise.all(secrets.map(async (each) => (await findIn(folders, each)).length));
        // Until then the node's log file has the line, and its index the hash beside it.
        const before = await count();
        expect([before[0], before[1], before.at(-1)]).toEqual([1, 1, 1]);

        clock.shiftMs = AFTER_EPOCH_MS + 30 * DAY_MS;
        await until(async () => (await readdir(join(dataDir, 'logs'))).length === 0, 'erased');
        expect(await count()).toEqual(secrets.map(() => 0));
        for (const path of [`proofs/${viewer.session}/0`, `records/${viewer.session}`]) {
            const gone = await fetch(`${records}/${path}`);
            const { code, message, details } = errorBody.parse(await gone.json());
            expect([gone.status, code]).toEqual([410, 'MKT_COMMITTER__EVIDENCE_ERASED']);
            const { erasedAtMs } = details as { erasedAtMs: number };
            expect(erasedAtMs).toBeGreaterThan(Date.now() + 29 * DAY_MS);
            expect(message).toContain(new Date(erasedAtMs).toISOString());
        }
        expect(await createCommitterClient(url, signal).records(commitment, viewer.session)).toBeNull();
        expect((await fetch(records)).status).toBe(200);
    });

    it('is the same from a node that was started again on the same folder', async () => {
        const { url, commitment, viewer, node, dataDir, world, parentUrl } = await setUp();
        const read = async () => createCommitterClient(url, signal).records(commitment, viewer.session);
        const before = await read();
        const { port } = new URL(node.url);
        await node.stop();
        const deps = { now: () => Date.now() + AFTER_EPOCH_MS };
        const config = { listen: { host: '127.0.0.1', port: Number(port) } };
        const again = await startTestNode({ world, parentUrl, dataDir, deps, config });
        cleanup.add(() => again.stop());
        expect(await read()).toEqual(before);
    });
});
