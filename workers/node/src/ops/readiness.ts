import type { EpochStore } from '../log/epoch-store.js';
import type { Clock, TopologyPort } from '../ports.js';
import type { TlsKeeper } from './tls-keeper.js';

/** A view older than this may name contracts that ended and nodes that left. */
export const MAX_TOPOLOGY_AGE_MS = 24 * 3_600_000;

export const UNREADY_CODES = [
    'draining',
    'chain_unknown',
    'chain_stale',
    'log_not_writable',
    'certificate_missing',
    'certificate_expired',
] as const;
export interface Readiness {
    status: 'ready' | 'starting' | 'draining' | 'degraded';
    reasons: { code: (typeof UNREADY_CODES)[number]; message: string }[];
    /** Since the chain was read; null before the first read. */
    topologyAgeSecs: number | null;
    certificateDaysLeft: number | null;
}
export interface ReadinessSources {
    store: EpochStore;
    topology: TopologyPort;
    tls: TlsKeeper | null;
    isDraining: () => boolean;
    now: Clock;
}

/** Of the certificate that ends first; negative once it has. */
export function daysLeft(tls: TlsKeeper | null, nowMs: number): number | null {
    const ends = tls?.certificates.facts().map(({ notAfterMs }) => notAfterMs) ?? [];
    return ends.length === 0 ? null : Math.floor((Math.min(...ends) - nowMs) / 86_400_000);
}

/** Whether a router should send viewers here, and if not, what the operator does about it. */
export function judgeReadiness({ store, topology, tls, isDraining, now }: ReadinessSources): Readiness {
    const reasons: Readiness['reasons'] = [];
    const view = topology.current();
    const ageMs = view === null ? null : now() - view.readAtMs;
    if (isDraining()) reasons.push({ code: 'draining', message: 'The node is stopping.' });
    if (ageMs === null) {
        reasons.push({ code: 'chain_unknown', message: 'The chain was never read; see that rpcUrl answers.' });
    } else if (ageMs > MAX_TOPOLOGY_AGE_MS) {
        reasons.push({ code: 'chain_stale', message: 'The chain was last read a day ago; see that rpcUrl answers.' });
    }
    if (store.storageProblem !== null) {
        reasons.push({ code: 'log_not_writable', message: 'The log cannot be written; make room in dataDir.' });
    }
    const facts = tls?.certificates.facts() ?? [];
    if (tls !== null && facts.length === 0) {
        reasons.push({ code: 'certificate_missing', message: 'No certificate was issued yet; see the log for why.' });
    }
    if (facts.some(({ notAfterMs }) => notAfterMs <= now())) {
        reasons.push({ code: 'certificate_expired', message: 'A certificate has ended; renew it.' });
    }
    return {
        status: statusOf(reasons),
        reasons,
        topologyAgeSecs: ageMs === null ? null : Math.floor(ageMs / 1000),
        certificateDaysLeft: daysLeft(tls, now()),
    };
}

function statusOf(reasons: Readiness['reasons']): Readiness['status'] {
    const codes = reasons.map(({ code }) => code);
    if (codes.length === 0) return 'ready';
    if (codes.includes('draining')) return 'draining';
    return codes.includes('chain_unknown') ? 'starting' : 'degraded';
}
