import { Counter, Gauge, type Metrics } from '@ocm/runtime';
import type { NodeStatus } from '@ocm/sdk/http';
import type { DnsCounters } from '../dns/dns-server.js';
import { type HttpMeter, REFUSALS } from '../http/meter.js';

export interface MetricSources {
    status: () => NodeStatus;
    redirects: () => number;
    /** Null where no DNS is served. */
    dns: () => Readonly<DnsCounters> | null;
    /** Bytes that parents have receipts of this node for. */
    signedBytes: () => number;
    isLogWritable: () => boolean;
    isReady: () => boolean;
    isDraining: () => boolean;
    parents: () => { retries: number; hedges: number; exhausted: number; detained: number };
    contentKeys: () => { held: number; erased: number; failures: number };
    clusterClock: () => { offsetMs: number; isTrusted: boolean };
    /** Unix milliseconds of the last read of the chain; 0 before the first. */
    chainReadAtMs: () => number;
    connections: () => Promise<number>;
    http2Connections: () => number;
    /** Unix milliseconds; null without TLS. */
    certificateEndsAtMs: () => number | null;
    renewalFailures: () => number;
}
type Row = [name: string, kind: 'counter' | 'gauge', help: string, read: () => number | Promise<number>];

/** Counters of the listeners. No label holds anything of a peer: its values are lists in the code. */
export function createMeter({ registry }: Metrics): HttpMeter {
    const registers = [registry];
    const refusals = new Counter({
        name: 'ocm_node_refusals_total',
        help: 'Requests, streams and connections that were turned away before a handler, by reason',
        labelNames: ['reason'],
        registers,
    });
    for (const reason of REFUSALS) refusals.inc({ reason }, 0);
    const handshakes = new Counter({
        name: 'ocm_node_tls_handshakes_total',
        help: 'Finished TLS handshakes, by the protocol that was agreed',
        labelNames: ['protocol'],
        registers,
    });
    const requests = new Counter({
        name: 'ocm_node_http_requests_total',
        help: 'Requests of all listeners, refused ones too, by version of HTTP',
        labelNames: ['version'],
        registers,
    });
    return {
        refused: (reason) => refusals.inc({ reason }),
        secured: (protocol) => handshakes.inc({ protocol }),
        requested: (version) => requests.inc({ version }),
    };
}

/** What the node knows of itself anyway, read when somebody looks. */
export function exportMetrics(metrics: Metrics, sources: MetricSources): void {
    for (const [name, kind, help, read] of rowsOf(sources)) {
        const registers = [metrics.registry];
        if (kind === 'gauge') {
            new Gauge({
                name,
                help,
                registers,
                async collect() {
                    this.set(await read());
                },
            });
        } else {
            new Counter({
                name,
                help,
                registers,
                async collect() {
                    const value = await read();
                    this.reset();
                    this.inc(value);
                },
            });
        }
    }
}

function rowsOf(sources: MetricSources): Row[] {
    const { status } = sources;
    const seconds = (ms: number | null): number => Math.floor((ms ?? 0) / 1000);
    return [
        ['ocm_node_requests_total', 'counter', 'Recorded responses and redirects', () => status().requests],
        ['ocm_node_redirects_total', 'counter', 'Viewers that the router sent on', sources.redirects],
        ['ocm_node_served_bytes_total', 'counter', 'Entity bytes sent', () => Number(status().servedBytes)],
        ['ocm_node_receipted_bytes_total', 'counter', 'Bytes under receipts', () => Number(status().receiptedBytes)],
        ['ocm_node_signed_bytes_total', 'counter', 'Bytes that parents have receipts for', sources.signedBytes],
        ['ocm_node_cache_hits_total', 'counter', 'Served from the store', () => status().cache.hits],
        ['ocm_node_cache_misses_total', 'counter', 'Asked of the parent', () => status().cache.misses],
        ['ocm_node_cache_collapsed_total', 'counter', 'Joined a fetch under way', () => status().cache.collapsed],
        ['ocm_node_cache_objects', 'gauge', 'Objects in the store', () => status().cache.objects],
        ['ocm_node_cache_memory_bytes', 'gauge', 'Bytes of objects in memory', () => status().cache.bytes],
        ['ocm_node_parent_fetches_total', 'counter', 'Requests to the parent', () => status().parentFetches],
        ['ocm_node_parent_retries_total', 'counter', 'Second and later tries', () => sources.parents().retries],
        ['ocm_node_parent_hedges_total', 'counter', 'Second parents asked beside', () => sources.parents().hedges],
        [
            'ocm_node_parent_retries_refused_total',
            'counter',
            'Retries that the budget did not allow',
            () => sources.parents().exhausted,
        ],
        ['ocm_node_parents_detained', 'gauge', 'Parents left alone', () => sources.parents().detained],
        ['ocm_node_content_keys', 'gauge', 'Contracts with content here', () => sources.contentKeys().held],
        [
            'ocm_node_content_keys_erased_total',
            'counter',
            'Ended contracts whose content was erased with its key',
            () => sources.contentKeys().erased,
        ],
        [
            'ocm_node_content_key_erasure_failures_total',
            'counter',
            'Tries to erase an ended contract that failed',
            () => sources.contentKeys().failures,
        ],
        [
            'ocm_node_cluster_clock_offset_seconds',
            'gauge',
            "The cluster's clock minus the node's",
            () => sources.clusterClock().offsetMs / 1000,
        ],
        [
            'ocm_node_cluster_clock_trusted',
            'gauge',
            '0 if it is too far off to be followed',
            () => Number(sources.clusterClock().isTrusted),
        ],
        ...beaconRowsOf(() => status().routing),
        ...dnsRowsOf(sources.dns),
        ['ocm_node_open_sessions', 'gauge', 'Sessions of open epochs', () => status().openSessions],
        ['ocm_node_log_writable', 'gauge', '0 while sessions are refused', () => Number(sources.isLogWritable())],
        ['ocm_node_ready', 'gauge', '1 if /readyz says so', () => Number(sources.isReady())],
        ['ocm_node_draining', 'gauge', '1 between SIGTERM and the end', () => Number(sources.isDraining())],
        [
            'ocm_node_chain_read_timestamp_seconds',
            'gauge',
            'Unix time of the last read of the chain',
            () => seconds(sources.chainReadAtMs()),
        ],
        ['ocm_node_connections', 'gauge', 'Open connections of all listeners', sources.connections],
        ['ocm_node_http2_connections', 'gauge', 'Those of them that speak HTTP/2', sources.http2Connections],
        [
            'ocm_node_certificate_end_timestamp_seconds',
            'gauge',
            'Unix time at which the first certificate ends; 0 without TLS',
            () => seconds(sources.certificateEndsAtMs()),
        ],
        [
            'ocm_node_certificate_renewal_failures',
            'gauge',
            'Renewals that failed since the last that did not',
            sources.renewalFailures,
        ],
    ];
}

/** Of a router that serves DNS; 0 elsewhere. */
function dnsRowsOf(dns: MetricSources['dns']): Row[] {
    const row = (outcome: keyof DnsCounters, help: string): Row => [
        `ocm_node_dns_${outcome}_total`,
        'counter',
        help,
        () => dns()?.[outcome] ?? 0,
    ];
    return [
        row('answered', 'DNS questions that were answered'),
        row('limited', 'DNS datagrams of addresses that ask too much, cut short or dropped'),
        row('malformed', 'DNS messages that are no questions'),
        row('failed', 'DNS questions whose answer could not be made or sent'),
    ];
}

/** Of a router; 0 for other roles. */
function beaconRowsOf(routing: () => NodeStatus['routing']): Row[] {
    return [
        [
            'ocm_node_beacons_registered',
            'gauge',
            'BEACONs without an entry in the config that registered lately',
            () => routing()?.beacons?.registered ?? 0,
        ],
        [
            'ocm_node_beacon_lookups_total',
            'counter',
            'Questions to the chain for accounts of BEACONs',
            () => routing()?.beacons?.lookups ?? 0,
        ],
        [
            'ocm_node_beacon_lookup_failures_total',
            'counter',
            'Those of them that failed',
            () => routing()?.beacons?.lookupFailures ?? 0,
        ],
        [
            'ocm_node_routing_contradictions',
            'gauge',
            'What files, tables, operators, config and chain say that cannot all be true',
            () => routing()?.contradictionCount ?? 0,
        ],
    ];
}
