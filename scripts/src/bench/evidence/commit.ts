import { join } from 'node:path';
import {
    type CommitInput,
    CommitmentStore,
    type CommitterChain,
    type ContractTerms,
    commitEpochs,
    createNodeClient,
    Intents,
    Progress,
} from '@ocm/committer';
import { createBackoff, createLogger } from '@ocm/runtime';
import { fromBase64, hashToken, toHex } from '@ocm/sdk/core';
import type { EvidencePage, RecordPage } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';
import { CLUSTER_TAG, CONTRACT, EPOCH_SECS, ISSUER, NODE, START_MS } from './input.js';
import { OPERATOR_SECRET } from './serve.js';

const COMMIT_DELAY_SECS = 10;
const signal = new AbortController().signal;
const log = createLogger({ name: 'committer', level: 'silent' });
const connect = (url: string) =>
    createNodeClient({ nodes: [{ node: NODE.toBase58(), url }], operatorSecret: OPERATOR_SECRET });

export interface CommitResult {
    root: string;
    sessions: number;
    cpuSeconds: number;
    seconds: number;
    peakRssBytes: number;
}

/** A committer's own pass over one finished epoch of one node: pages, checks, tree, manifest on disk; the chain is held in memory. */
export async function runCommit(dataDir: string, url: string): Promise<CommitResult> {
    const committed: CommitInput[] = [];
    const startedAt = performance.now();
    const before = process.cpuUsage();
    const progress = await Progress.open({ path: join(dataDir, 'committer.journal'), log });
    const intents = await Intents.open({ path: join(dataDir, 'intents.journal'), log });
    const deps = {
        chain: createChain(committed),
        nodes: connect(url),
        store: await CommitmentStore.open(dataDir),
        progress,
        finisher: { finish: async () => true },
        intents,
        commitUnsigned: false,
        backoff: createBackoff(),
        log,
    };
    const summary = await commitEpochs(deps, signal);
    await progress.close();
    await intents.close();
    const { user, system } = process.cpuUsage(before);
    const [commitment] = committed;
    if (commitment === undefined) throw new Error(`nothing was committed: ${JSON.stringify(summary)}`);
    return {
        root: toHex(commitment.root),
        sessions: commitment.leafCount,
        cpuSeconds: (user + system) / 1e6,
        seconds: (performance.now() - startedAt) / 1_000,
        peakRssBytes: process.resourceUsage().maxRSS * 1_024,
    };
}

/** What a committer would have to hold that keeps every record: for comparison. */
export async function holdRecords(url: string): Promise<{ records: number }> {
    const nodes = connect(url);
    const epoch = { node: NODE.toBase58(), contract: CONTRACT.toBase58(), epoch: 0 };
    const held: RecordPage[] = [];
    for (let after: string | null = null, isLast = false; !isLast; ) {
        const page: EvidencePage = await nodes.fetchSessions({ ...epoch, after, limit: 1 }, signal);
        const session = toHex(hashToken(fromBase64(page.sessions[0]?.token ?? '')));
        for (let from: number | null = 0; from !== null; ) {
            const records: RecordPage = await nodes.fetchRecords({ ...epoch, session, from, limit: 500 }, signal);
            held.push(records);
            from = records.next;
        }
        after = page.next;
        isLast = after === null;
    }
    return { records: held.reduce((sum, { records }) => sum + records.length, 0) };
}

/** A contract that pays for whatever was served. */
function createTerms(): ContractTerms {
    const nobody = PublicKey.default;
    return {
        address: CONTRACT,
        tokenGraceSecs: 600,
        maxTokenBytes: 2n ** 50n,
        contentProvider: nobody,
        seller: nobody,
        claims: [nobody],
        issuer: [ISSUER, nobody],
        issuerFromEpoch: [0, 0],
        genesisAt: BigInt(START_MS / 1_000),
        epochLengthSecs: EPOCH_SECS,
        epochCount: 1,
        capKilobitsPerSecond: 10n ** 12n,
        commitFeePerEpoch: 0n,
        commitDelaySecs: COMMIT_DELAY_SECS,
        commitWindowSecs: 86_400,
        vault: nobody,
        state: 'active',
        proveWindowSecs: 300,
        challengeWindowSecs: 300,
        pricePerGigabyte: [5_000n, 0n, 0n],
        sla: { quorum: 3, maxPenaltyBasisPoints: 0, severeBasisPoints: 0, slashBasisPoints: 0, tiers: [] },
        mint: nobody,
        tokenProgram: nobody,
        splits: [{ payee: nobody, basisPoints: 10_000 }],
        treasury: nobody,
        owed: [],
    };
}

function createChain(committed: CommitInput[]): CommitterChain {
    const never = async (): Promise<never> => {
        throw new Error('the benchmark commits and does nothing else');
    };
    return {
        clusterTag: async () => CLUSTER_TAG,
        clusterTimeSecs: async () => START_MS / 1_000 + EPOCH_SECS + COMMIT_DELAY_SECS,
        listContracts: async () => [createTerms()],
        fetchNodes: async () => [NODE],
        listCommitments: async () => [],
        commitmentExists: async () => false,
        commit: async (input) => {
            committed.push(input);
            return { signature: 'none' };
        },
        settle: never,
        resolve: never,
        expire: never,
        close: never,
    };
}
