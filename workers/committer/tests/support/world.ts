import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBackoff, createLogger, createMetrics, failure } from '@ocm/runtime';
import { findDeliveryCommitmentAddress } from '@ocm/sdk';
import { generateKeyPair } from '@ocm/sdk/core';
import type { PublicKey } from '@solana/web3.js';
import { pageRecords, pageSessions, type RecordedEvidence } from '../../../../tests/support/evidence-pages.js';
import {
    CLUSTER_TAG,
    createContract,
    createSession,
    EPOCH_SECS,
    GENESIS_SECS,
    namedAddress,
    type SessionFixture,
    type SessionOptions,
} from '../../../runtime/tests/support/sessions.js';
import { Intents } from '../../src/intents.js';
import type { CommitInput, Commitment, CommitterChain, NodeClient } from '../../src/ports.js';
import { Progress } from '../../src/progress.js';
import { CommitmentStore } from '../../src/store.js';
import { Telemetry } from '../../src/telemetry.js';

export const log = createLogger({ name: 'test', level: 'silent' });

/** The moment at which the commit window of an epoch opens. */
export const opensAt = (epoch: number) => GENESIS_SECS + (epoch + 1) * EPOCH_SECS + 10;

/** An operator with two nodes and its store on a real disk, before a chain and nodes held in memory. */
export async function createWorld() {
    const dataDir = await mkdtemp(join(tmpdir(), 'ocm-committer-'));
    const journalPath = join(dataDir, 'committer.journal');
    const intentsPath = join(dataDir, 'intents.journal');
    const issuer = generateKeyPair();
    const contract = createContract(issuer);
    const nodes = [namedAddress('node one'), namedAddress('node two')] as const;
    const clock = { nowSecs: opensAt(0), nowMs: 0 };
    const held = {
        store: await CommitmentStore.open(dataDir),
        progress: await Progress.open({ path: journalPath, log }),
        intents: await Intents.open({ path: intentsPath, log }),
    };
    const telemetry = new Telemetry({
        participant: namedAddress('participant').toBase58(),
        metrics: createMetrics({ service: 'test', processMetrics: false }),
    });
    const contracts = [contract];
    const evidence = new Map<string, RecordedEvidence>();
    const asked: string[] = [];
    const down = new Set<string>();
    const committed: CommitInput[] = [];
    const commitments: Commitment[] = [];
    const actions: string[] = [];
    const act = (name: string) => async (_: unknown, commitment: Commitment) => {
        actions.push(`${name} ${commitment.epoch}`);
        return { signature: 'signature' };
    };
    const chain: CommitterChain = {
        clusterTag: async () => CLUSTER_TAG,
        clusterTimeSecs: async () => clock.nowSecs,
        listContracts: async () => contracts,
        fetchNodes: async () => nodes,
        listCommitments: async (address) => commitments.filter((commitment) => commitment.contract.equals(address)),
        commitmentExists: async (address) => commitments.some((commitment) => commitment.address.equals(address)),
        commit: async (input) => {
            committed.push(input);
            addCommitment(input.contract.address, input.epoch, 'committed');
            return { signature: 'signature' };
        },
        settle: act('settle'),
        resolve: act('resolve'),
        expire: act('expire'),
        close: act('close'),
    };
    const assertUp = (node: string) => {
        if (down.has(node)) throw failure('MKT_RUNTIME__PEER_UNREACHABLE', 'the node is down');
    };
    const client: NodeClient = {
        nodes: new Set(nodes.map((node) => node.toBase58())),
        fetchSessions: async (request) => {
            const { node, contract: address, epoch } = request;
            asked.push(node);
            assertUp(node);
            return pageSessions(evidence.get(`${node}/${epoch}`) ?? createEvidence(node, address, epoch, []), request);
        },
        fetchRecords: async (request) => {
            const { node, contract: address, epoch } = request;
            assertUp(node);
            const page = pageRecords(
                evidence.get(`${node}/${epoch}`) ?? createEvidence(node, address, epoch, []),
                request,
            );
            if (page.records.length > 0 || page.recordCount === 0) return page;
            const context = { status: 404, peerCode: 'MKT_NODE__RECORD_UNKNOWN', peerDetails: {} };
            throw failure('MKT_RUNTIME__PEER_REFUSED', 'the node has no such record', context);
        },
    };
    function addCommitment(address: PublicKey, epoch: number, state: Commitment['state']): Commitment {
        const commitment: Commitment = {
            address: findDeliveryCommitmentAddress({ contract: address, epoch, kind: 0 }),
            contract: address,
            epoch,
            kind: 0,
            root: new Uint8Array(32),
            totalBytes: 1n,
            committedAt: BigInt(clock.nowSecs),
            seedTargetSlot: 0n,
            rearms: 0,
            seed: new Uint8Array(32),
            seededAt: 0n,
            samples: 2,
            inclusionBits: 0,
            evidenceBits: 0,
            openChallenges: 0,
            reportCount: 0,
            slaSource: 'seller',
            state,
            deadline: BigInt(clock.nowSecs + contract.cosignWindowSecs),
            closableAt: BigInt(opensAt(epoch) + contract.commitWindowSecs),
            rentPayer: namedAddress('hot'),
        };
        commitments.push(commitment);
        return commitment;
    }
    return {
        dataDir,
        issuer,
        contract,
        contracts,
        nodes,
        clock,
        evidence,
        asked,
        down,
        committed,
        commitments,
        actions,
        chain,
        addCommitment,
        telemetry,
        client,
        get store() {
            return held.store;
        },
        get progress() {
            return held.progress;
        },
        session: (node: PublicKey, options: Partial<SessionOptions> = {}) =>
            createSession({ contract, issuer, node, ...options }),
        /** What a node answers for an epoch. */
        serve(node: PublicKey, sessions: readonly SessionFixture[], epoch = 0) {
            const name = node.toBase58();
            evidence.set(`${name}/${epoch}`, createEvidence(name, contract.address.toBase58(), epoch, sessions));
        },
        /** As after kill -9: nothing but the disk and the chain is left. */
        async restart() {
            await held.progress.close();
            await held.intents.close();
            held.intents = await Intents.open({ path: intentsPath, log });
            held.store = await CommitmentStore.open(dataDir);
            held.progress = await Progress.open({ path: journalPath, log });
        },
        deps: () => ({
            chain,
            nodes: client,
            store: held.store,
            progress: held.progress,
            finisher: { finish: async () => true },
            intents: held.intents,
            commitUnsigned: false,
            backoff: createBackoff(() => clock.nowMs),
            log,
        }),
        settleDeps: (isStored = false) => ({
            chain,
            finisher: { finish: async () => true },
            intents: held.intents,
            isStored: () => isStored,
            telemetry,
            backoff: createBackoff(() => clock.nowMs),
            log,
        }),
        async dispose() {
            await held.progress.close();
            await held.intents.close();
            await rm(dataDir, { recursive: true, force: true });
        },
    };
}
export type World = Awaited<ReturnType<typeof createWorld>>;

function createEvidence(
    node: string,
    contract: string,
    epoch: number,
    sessions: readonly SessionFixture[],
): RecordedEvidence {
    return {
        node,
        contract,
        epoch,
        sessions: sessions.map(({ evidence }) => evidence),
        unreceiptedBytes: '0',
        sla: { availabilityPpm: 999_000, errorPpm: 10, ttfbP95Ms: 40, stallPpm: 0, sessions: sessions.length },
    };
}
