import { mkdtemp, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Benchmark, BenchmarkContext, BenchmarkFigure } from '../benchmark.js';
import { readBaseline } from '../compute-units/files.js';
import { summarise } from '../statistics.js';
import { computeChainCost } from './chain-cost.js';
import type { CommitResult } from './commit.js';
import { RECORDS_PER_SESSION } from './input.js';
import type { PathResult } from './path.js';
import { runChild, withServedEpoch } from './run-child.js';

const COUNTED_RECORDS = 20_000;
const SMALL = 100_000;
const LARGE = 1_000_000;
const HUGE = 10_000_000;
const COMMITTED = 200_000;
const SESSIONS_PER_COMMITMENT = 1_000;
const MEGABYTE = 1_000_000;

async function withFolder<T>(use: (dataDir: string) => Promise<T>): Promise<T> {
    const dataDir = await mkdtemp(join(tmpdir(), 'ocm-bench-evidence-'));
    try {
        return await use(dataDir);
    } finally {
        await rm(dataDir, { recursive: true, force: true });
    }
}

const runPath = (records: number): Promise<PathResult> =>
    withFolder((dataDir) => runChild<PathResult>({ what: 'path', dataDir, records }));

/** The committer alone, over HTTP from a node that has the epoch. */
const runCommitter = (records: number): Promise<CommitResult> =>
    withFolder((dataDir) =>
        withServedEpoch({ dataDir: join(dataDir, 'node'), records }, (url) =>
            runChild<CommitResult>({ what: 'commit', dataDir: join(dataDir, 'committer'), url }),
        ),
    );

function tellCommitter({ seconds, peakRssBytes, sessions }: CommitResult): string {
    return `committer: ${COMMITTED} records of ${sessions} sessions committed in ${seconds.toFixed(1)} s, ${Math.round(peakRssBytes / MEGABYTE)} MB at most`;
}

function tellPath(records: number, { seconds, cpuSeconds, peakRssBytes, sessions }: PathResult): string {
    const rate = (time: number) => Math.round(records / time);
    return `${records} records of ${sessions} sessions: ${rate(cpuSeconds)} a second and core (${rate(seconds)} a second by the clock), ${Math.round(peakRssBytes / MEGABYTE)} MB at most`;
}

async function measure({ root, repeats, full, say }: BenchmarkContext): Promise<Record<string, BenchmarkFigure>> {
    const counted = await withFolder((dataDir) =>
        runChild<{ bytes: number; calls: number }>({ what: 'count', dataDir, records: COUNTED_RECORDS }),
    );
    const bytesPerRecord = counted.bytes / COUNTED_RECORDS;
    say(
        `a record is ${(counted.calls / COUNTED_RECORDS).toFixed(1)} calls of SHA-256 over ${Math.round(bytesPerRecord)} bytes`,
    );
    const series: Record<'hash' | 'signature' | 'rate' | 'small' | 'large' | 'committer', number[]> = {
        hash: [],
        signature: [],
        rate: [],
        small: [],
        large: [],
        committer: [],
    };
    for (let repeat = 1; repeat <= repeats; repeat += 1) {
        say(
            `run ${repeat}, load of the machine ${loadavg()
                .map((load) => load.toFixed(1))
                .join(' ')}`,
        );
        const small = await runPath(SMALL);
        say(tellPath(SMALL, small));
        const large = await runPath(LARGE);
        say(tellPath(LARGE, large));
        const raw = await runChild<{ cpuSeconds: number }>({ what: 'raw', bytes: Math.round(bytesPerRecord * LARGE) });
        const signatures = await runChild<{ receipts: number; nodeSeconds: number; nativeSeconds: number }>({
            what: 'signatures',
        });
        const { receipts, nodeSeconds, nativeSeconds } = signatures;
        say(
            `${Math.round(receipts / nodeSeconds)} receipts a second and core, native ${Math.round(receipts / nativeSeconds)}`,
        );
        const committed = await runCommitter(COMMITTED);
        say(tellCommitter(committed));
        series.committer.push(committed.peakRssBytes / MEGABYTE);
        series.hash.push(raw.cpuSeconds / large.cpuSeconds);
        series.signature.push(nativeSeconds / nodeSeconds);
        series.rate.push(LARGE / large.cpuSeconds);
        series.small.push(small.peakRssBytes / MEGABYTE);
        series.large.push(large.peakRssBytes / MEGABYTE);
    }
    const huge = full ? await runPath(HUGE) : null;
    say(huge === null ? `${HUGE} records are measured with --full only` : tellPath(HUGE, huge));
    return {
        hashRatio: summarise(series.hash),
        signatureRatio: summarise(series.signature),
        recordsPerSecond: summarise(series.rate),
        megabytesAt1e5: summarise(series.small),
        megabytesAt1e6: summarise(series.large),
        megabytesAt1e7: huge === null ? null : huge.peakRssBytes / MEGABYTE,
        committerMegabytesAt2e5: summarise(series.committer),
        solPerBillionRecords: tellChainCost(root, say),
    };
}

function tellChainCost(root: string, say: (text: string) => void): number | null {
    const assumed = { recordsPerSession: RECORDS_PER_SESSION, sessionsPerCommitment: SESSIONS_PER_COMMITMENT };
    const { sol, commitments, lamportsPerCommitment } = computeChainCost({ figures: readBaseline(root), ...assumed });
    say(
        `computed: 10^9 records a day, ${RECORDS_PER_SESSION} records a session, ${SESSIONS_PER_COMMITMENT} sessions a commitment, so ${commitments} commitments, none co-signed, each with 8 samples: ${lamportsPerCommitment} lamports of base fees each (5000 a signature, no priority fee, rent comes back)`,
    );
    return sol;
}

/**
 * Delivery evidence from the request to the committed root, against raw SHA-256 over as many bytes; receipts against native
 * Ed25519; memory by the number of records. Times are of the processor, so that what else runs does not count.
 */
export const evidenceBenchmark: Benchmark = {
    name: 'evidence',
    summary: 'records, receipts and memory from request to committed root; --full measures ten million records too',
    run: measure,
};
