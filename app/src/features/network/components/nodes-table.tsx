'use client';

import { formatBytes, formatExactBytes, formatInteger, formatPercent, formatRate } from '../../../lib/format';
import { formatTime } from '../../../lib/time';
import { Card, EmptyState } from '../../../ui/card';
import { Copyable } from '../../../ui/copyable';
import { ExportButtons } from '../../../ui/export-buttons';
import { LiveValue } from '../../../ui/live-value';
import { StateBadge } from '../../../ui/state-badge';
import { type Column, Table } from '../../../ui/table';
import { useSnapshot } from '../../live/hooks/use-snapshot';
import type { NodeView } from '../../live/snapshot';
import { HEALTH_WORDS, nameOf, ROLE_MEANINGS, ROLE_WORDS } from '../words';
import { Licence } from './licence';

const COLUMNS: readonly Column<NodeView>[] = [
    {
        key: 'node',
        header: 'Node',
        cell: (node) => (
            <>
                <span className="block whitespace-nowrap font-medium">{nameOf(node)}</span>
                <span className="block min-w-28 text-muted text-xs">
                    {ROLE_WORDS[node.role]}, {ROLE_MEANINGS[node.role]}
                </span>
            </>
        ),
    },
    {
        key: 'health',
        header: 'Health',
        note: 'asked just now',
        cell: (node) => (
            <StateBadge tone={HEALTH_WORDS[node.health].tone} title={node.healthReason}>
                {HEALTH_WORDS[node.health].word}
            </StateBadge>
        ),
    },
    {
        key: 'account',
        header: 'Account and endpoint',
        note: 'on chain',
        cell: (node) => (
            <>
                <Copyable value={node.address} what="node address" />
                <code className="block whitespace-nowrap font-mono text-[0.8125rem] text-muted">
                    {node.endpoint ?? 'no endpoint'}
                </code>
            </>
        ),
    },
    {
        key: 'licence',
        header: 'Licence',
        note: 'a badge, no authority',
        cell: (node) => <Licence licence={node.licence} />,
    },
    { key: 'footprint', header: 'Footprint claimed', note: 'CDNi', cell: (node) => <Footprints node={node} /> },
    {
        key: 'claimed',
        header: 'Claimed',
        note: 'egress',
        numeric: true,
        cell: (node) => (
            <>
                {formatRate(node.claimEgressKilobitsPerSecond)}
                <span className="block text-muted text-xs">
                    {BigInt(node.verifiedEgressKilobitsPerSecond) === 0n
                        ? 'none proven'
                        : `${formatRate(node.verifiedEgressKilobitsPerSecond)} proven`}
                </span>
            </>
        ),
    },
    {
        key: 'sold',
        header: 'Committed',
        note: 'under contract',
        numeric: true,
        cell: (node) => formatRate(node.committedKilobitsPerSecond),
    },
    {
        key: 'served',
        header: 'Served',
        note: "node's logs",
        numeric: true,
        cell: (node) => <Served node={node} />,
    },
    {
        key: 'cache',
        header: 'Cache hits',
        note: 'or collapsed',
        numeric: true,
        cell: (node) => <HitRatio node={node} />,
    },
];

function Footprints({ node }: { node: NodeView }) {
    if (node.claims.length === 0) return <span className="text-muted">none</span>;
    return (
        <ul>
            {node.claims.map((claim) => (
                <li key={claim.address} className="whitespace-nowrap" title={`${claim.address}, ${claim.status}`}>
                    <code className="font-mono text-[0.8125rem]">{claim.footprint}</code>{' '}
                    <span className="text-muted">{formatRate(claim.kilobitsPerSecond)}</span>
                </li>
            ))}
        </ul>
    );
}

function Served({ node }: { node: NodeView }) {
    if (!node.status) return '–';
    const { servedBytes, receiptedBytes, startedAtMs } = node.status;
    return (
        <>
            <LiveValue title={`${formatExactBytes(servedBytes)}; running since ${formatTime(startedAtMs)}`}>
                {formatBytes(servedBytes)}
            </LiveValue>
            <span className="block text-muted text-xs" title={formatExactBytes(receiptedBytes)}>
                {formatBytes(receiptedBytes)} receipted
            </span>
        </>
    );
}

function HitRatio({ node }: { node: NodeView }) {
    if (!node.status) return '–';
    const { cacheHits, cacheMisses, cacheCollapsed, parentFetches } = node.status;
    const without = cacheHits + cacheCollapsed;
    const all = without + cacheMisses;
    const title = `${formatInteger(cacheHits)} hits, ${formatInteger(cacheCollapsed)} collapsed into a running fetch, ${formatInteger(cacheMisses)} misses; ${formatInteger(parentFetches)} objects fetched from the parent`;
    return (
        <>
            <LiveValue title={title}>{formatPercent(BigInt(without), BigInt(all))}</LiveValue>
            <span className="block text-muted text-xs">of {formatInteger(all)}</span>
        </>
    );
}

function exportRow(node: NodeView) {
    return {
        address: node.address,
        name: nameOf(node),
        role: node.role,
        health: node.health,
        endpoint: node.endpoint,
        footprints: node.claims.map((claim) => claim.footprint).join(' '),
        claimed_kilobits_per_second: node.claimEgressKilobitsPerSecond,
        proven_kilobits_per_second: node.verifiedEgressKilobitsPerSecond,
        committed_kilobits_per_second: node.committedKilobitsPerSecond,
        served_bytes: node.status?.servedBytes ?? null,
        receipted_bytes: node.status?.receiptedBytes ?? null,
        cache_hits: node.status?.cacheHits ?? null,
        cache_misses: node.status?.cacheMisses ?? null,
        cache_collapsed: node.status?.cacheCollapsed ?? null,
        licence_mint: node.licence?.mint ?? null,
        licence_holder: node.licence?.holder ?? null,
        location_declared: node.status?.location?.label ?? null,
    };
}

export function NodesTable() {
    const { nodes } = useSnapshot();
    return (
        <Card
            id="nodes"
            title="Nodes"
            lead="Claimed by operators, covered by an on-chain commitment only as far as contracts bind it."
            flush={nodes.length > 0}
            actions={nodes.length > 0 ? <ExportButtons name="nodes" rows={() => nodes.map(exportRow)} /> : null}
        >
            {nodes.length > 0 ? (
                <Table caption="Nodes" columns={COLUMNS} rows={nodes} keyOf={(node) => node.address} />
            ) : (
                <EmptyState title="No node yet">
                    A node is an account of an operator with a role (CAST routes and caches, RELAY caches at the edge,
                    BEACON receives in a household), an endpoint, and claims of capacity for a part of the network.
                </EmptyState>
            )}
        </Card>
    );
}
