import { EpochStore, logRules, type SessionPage } from '@ocm/node';
import { buildSettlementTree, decodeLeaf, fromBase64, isMarketplaceError, toHex } from '@ocm/sdk/core';
import { DEFAULT_SESSIONS_PER_PAGE } from '@ocm/sdk/http';
import {
    type BenchSession,
    CONTRACT,
    createClient,
    createSession,
    EPOCH_SECS,
    NODE,
    OBJECT_BYTES,
    RECORDS_PER_SESSION,
    START_MS,
    signReceipt,
} from './input.js';

export const CLOSES_AT_MS = START_MS + EPOCH_SECS * 1_000;
const NAME = { contract: CONTRACT.toBase58(), epoch: 0, closesAtMs: CLOSES_AT_MS };
const IN_FLIGHT = 1_000;
/** Sessions that are watched at the same time. */
const SESSIONS_AT_ONCE = 200;
export const silent = { debug() {}, info() {}, warn() {}, error() {} };

export interface PathResult {
    root: string;
    sessions: number;
    /** User and system time of the whole process, all its threads. */
    cpuSeconds: number;
    seconds: number;
    /** The kernel's own high-water mark. */
    peakRssBytes: number;
}

/** From the request to the committed root: journal, seal with its log files, leaves with their log roots, settlement tree. */
export async function runPath(dataDir: string, records: number): Promise<PathResult> {
    const store = await EpochStore.open({
        dataDir,
        node: NODE.toBase58(),
        keys: new Map(),
        now: () => CLOSES_AT_MS,
        log: silent,
        creditBytes: 0n,
        rules: logRules.parse({}),
        retention: { retentionSecs: 86_400, contractRetentionSecs: {} },
    });
    const client = createClient();
    const sessions = Array.from({ length: Math.ceil(records / RECORDS_PER_SESSION) }, (_, index) =>
        createSession(client, index),
    );
    const signed = sessions.map((session) => signReceipt(client, session, 1));
    const openedAtMs = START_MS;

    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    await inBatches(sessions.length, async (index) => {
        const { hash, token, tokenSignature } = at(sessions, index);
        await store.addSession(NAME, hash, { type: 'session', token, tokenSignature, openedAtMs });
    });
    await inBatches(records, (index) => store.addRequest(NAME, requestOf(sessionOf(sessions, index), index)));
    await inBatches(sessions.length, async (index) => {
        const { receipt, receiptSignature } = at(signed, index);
        const found = store.findSession(at(sessions, index).hash);
        await found?.journal.append({ type: 'receipt', receipt, receiptSignature });
    });
    await store.sealNow(NAME, CLOSES_AT_MS);
    const tree = buildSettlementTree((await readLeaves(store)).map(decodeLeaf));
    const { user, system } = process.cpuUsage(cpuBefore);
    const seconds = (performance.now() - startedAt) / 1000;
    await store.close();
    if (tree.leafCount !== sessions.length) throw new Error('sessions of the benchmark were lost');
    return {
        root: toHex(tree.root),
        sessions: sessions.length,
        cpuSeconds: (user + system) / 1e6,
        seconds,
        peakRssBytes: process.resourceUsage().maxRSS * 1024,
    };
}

/** Page by page, as a committer asks for them; while the evidence is being made it asks again. */
async function readLeaves({ sealed }: EpochStore): Promise<Uint8Array[]> {
    const leaves: Uint8Array[] = [];
    for (let after: string | null = null, isLast = false; !isLast; ) {
        try {
            const page: SessionPage = await sealed.sessions(NAME, { after, limit: DEFAULT_SESSIONS_PER_PAGE });
            for (const { leaf } of page.sessions) leaves.push(fromBase64(leaf));
            after = page.next;
            isLast = after === null;
        } catch (error) {
            if (!isMarketplaceError(error, 'MKT_NODE__EVIDENCE_BUILDING')) throw error;
        }
    }
    return leaves;
}

/** So many wait for the disk together, as on a busy node. */
async function inBatches(count: number, run: (index: number) => Promise<unknown>): Promise<void> {
    for (let first = 0; first < count; first += IN_FLIGHT) {
        const size = Math.min(IN_FLIGHT, count - first);
        await Promise.all(Array.from({ length: size }, (_, offset) => run(first + offset)));
    }
}

const requestOf = (session: string, index: number) => ({
    type: 'request' as const,
    session,
    endedAtMs: START_MS + (index % 3_000_000),
    takenMs: 35,
    method: 'GET',
    uri: `http://origin.example/live/channel-4/segment-${index}.m4s`,
    protocol: 'HTTP/1.1',
    status: 200,
    totalBytes: OBJECT_BYTES + 400,
    entityBytes: OBJECT_BYTES,
    isCached: true,
});

/** Sessions take turns, some hundred at a time, each until it has its records. */
function sessionOf(sessions: readonly BenchSession[], index: number): string {
    const wave = Math.floor(index / (SESSIONS_AT_ONCE * RECORDS_PER_SESSION)) * SESSIONS_AT_ONCE;
    const inWave = Math.min(SESSIONS_AT_ONCE, sessions.length - wave);
    return at(sessions, wave + (index % inWave)).hash;
}

function at<T>(list: readonly T[], index: number): T {
    const value = list[index];
    if (value === undefined) throw new RangeError(`the benchmark has nothing at ${index}`);
    return value;
}
