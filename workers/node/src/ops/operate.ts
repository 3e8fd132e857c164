import { createMetrics, type Metrics } from '@ocm/runtime';
import type { ObjectCache } from '../cache/object-cache.js';
import type { NodeConfig } from '../config.js';
import type { ContentKeys } from '../content-keys/content-keys.js';
import type { DnsCounters } from '../dns/dns-server.js';
import { Certificates, type TlsMaterial } from '../http/tls.js';
import type { EpochStore } from '../log/epoch-store.js';
import type { NodeDeps } from '../node.js';
import type { ParentState, ParentTree } from '../parents/parent-tree.js';
import type { NodeLog } from '../ports.js';
import type { NodeReceipts } from '../receipts/open-receipts.js';
import { StatusReporter } from '../roles/status.js';
import { CertificateFiles } from './certificate-files.js';
import { Listeners } from './listeners.js';
import { createMeter, exportMetrics } from './node-metrics.js';
import { Operations } from './operations.js';
import { daysLeft, judgeReadiness } from './readiness.js';
import { TlsKeeper } from './tls-keeper.js';

const SCRAPE_MS = 100;

export interface OperateInput {
    config: NodeConfig;
    deps: NodeDeps;
    cache: ObjectCache;
    contentKeys: Pick<ContentKeys, 'counters' | 'held'>;
    store: EpochStore;
    isDraining: () => boolean;
    redirects: () => number;
    dns: () => Readonly<DnsCounters> | null;
    parents: Pick<ParentTree, 'counters' | 'states'>;
    receipts: Pick<NodeReceipts, 'signedBytes'>;
    pauseReason: () => string | null;
}
/** What surrounds the roles of a node: listeners, certificates, and what its operator sees. */
export interface Operated {
    listeners: Listeners;
    tls: TlsKeeper | null;
    /** Of the listener for log files. */
    logTls: LogTls | null;
    status: StatusReporter;
    operations: Operations;
}

interface LogTls {
    certificates: Certificates;
    files: CertificateFiles;
}

export async function operate(input: OperateInput): Promise<Operated> {
    const { config, deps, cache, contentKeys, store, isDraining, redirects, dns, parents, receipts, pauseReason } =
        input;
    const { topology, clock, now, log } = deps;
    const metrics: Metrics = deps.metrics ?? createMetrics({ service: 'ocm-node', processMetrics: false });
    const meter = createMeter(metrics);
    const listeners = new Listeners({ limits: { ...config.limits, ...deps.limits?.http }, meter });
    const { dataDir } = config;
    const tls = config.tls === undefined ? null : await TlsKeeper.start({ tls: config.tls, dataDir, now, log });
    const logTls = await openLogTls(config, log).catch(async (error: unknown) => {
        await tls?.stop();
        throw error;
    });
    const status = new StatusReporter({
        config,
        cache,
        store,
        startedAtMs: now(),
        redirects,
        clock,
        pauseReason,
        certificateDaysLeft: () => daysLeft(tls, now()),
    });
    const readiness = () => judgeReadiness({ store, topology, tls, isDraining, now });
    const ends = (): number[] => tls?.certificates.facts().map(({ notAfterMs }) => notAfterMs) ?? [];
    exportMetrics(metrics, {
        status: heldFor(SCRAPE_MS, () => status.read()),
        redirects,
        dns,
        isLogWritable: () => store.storageProblem === null,
        isReady: () => readiness().status === 'ready',
        isDraining,
        signedBytes: () => Number(receipts.signedBytes()),
        parents: () => ({ ...parents.counters, detained: parents.states().filter(isDetained).length }),
        contentKeys: () => ({ ...contentKeys.counters, held: contentKeys.held }),
        clusterClock: () => clock.state(),
        chainReadAtMs: () => topology.current()?.readAtMs ?? 0,
        connections: () => listeners.connections(),
        http2Connections: () => listeners.http2Connections,
        certificateEndsAtMs: () => (ends().length === 0 ? null : Math.min(...ends())),
        renewalFailures: () => tls?.renewalFailures ?? 0,
    });
    const challenges = config.tls?.acme === undefined ? null : (tls?.challenges ?? null);
    return { listeners, tls, logTls, status, operations: new Operations({ readiness, metrics, challenges }) };
}

/** @throws MKT_NODE__TLS_UNUSABLE */
async function openLogTls({ log: { listen } }: NodeConfig, log: NodeLog): Promise<LogTls | null> {
    if (listen === undefined) return null;
    const certificates = new Certificates([]);
    const { reloadIntervalMs } = listen;
    const use = (material: TlsMaterial[]): void => certificates.replace(material);
    const files = await CertificateFiles.open({ files: [listen], field: 'log.listen', reloadIntervalMs, log, use });
    return { certificates, files };
}

const isDetained = ({ detainedUntilMs }: ParentState): boolean => detainedUntilMs > 0;

/** One scrape reads the totals a dozen times; they are sums over all epochs. */
function heldFor<T>(ms: number, read: () => T): () => T {
    let held: { value: T; readAtMs: number } | null = null;
    return () => {
        const nowMs = performance.now();
        if (held === null || nowMs - held.readAtMs > ms) held = { value: read(), readAtMs: nowMs };
        return held.value;
    };
}
