'use client';

import type { ReactNode } from 'react';
import { sumOf } from '../../../lib/bigint';
import { formatBytes, formatExactBytes, formatInteger, formatRate } from '../../../lib/format';
import { LiveValue } from '../../../ui/live-value';
import { Money, unitOf } from '../../contracts/components/money';
import { useSnapshot } from '../../live/hooks/use-snapshot';

const sum = (values: readonly string[]) => sumOf(values.map(BigInt));

/** The market in six figures, each with where it comes from. */
export function Summary() {
    const { nodes, contracts, cluster } = useSnapshot();
    // Zero of something is a statement; before the chain was read once there is none to make.
    const known = cluster.genesisHash !== null;
    const up = nodes.filter(({ health }) => health === 'up').length;
    const served = sum(nodes.flatMap(({ status }) => (status ? [status.servedBytes] : [])));
    const committed = sum(contracts.map(({ bytes }) => bytes.committed));
    const mint = contracts[0]?.mint;
    const sameMint = contracts.filter((contract) => contract.mint.address === mint?.address);
    const escrow = sum(sameMint.map((contract) => contract.escrow.balance ?? '0'));
    const paid = sum(sameMint.flatMap((contract) => contract.payees.map((payee) => payee.paid)));
    const figures = [
        { term: 'Nodes up', value: `${up} of ${formatInteger(nodes.length)}`, source: 'asked just now' },
        {
            term: 'Capacity claimed',
            value: formatRate(sum(nodes.map((node) => node.claimEgressKilobitsPerSecond))),
            source: `${formatRate(sum(nodes.map((node) => node.committedKilobitsPerSecond)))} under contract`,
        },
        {
            term: 'Delivered',
            value: nodes.some(({ status }) => status) ? formatBytes(served) : '–',
            title: formatExactBytes(served),
            source: 'by the nodes’ logs',
        },
        { term: 'Committed', value: formatBytes(committed), title: formatExactBytes(committed), source: 'on chain' },
    ];
    return (
        <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-lg border border-line bg-line sm:grid-cols-3 xl:grid-cols-6">
            {figures.map(({ term, value, title, source }) => (
                <Figure key={term} term={term} source={known ? source : 'chain not read yet'}>
                    {known ? <LiveValue title={title}>{value}</LiveValue> : '–'}
                </Figure>
            ))}
            <Figure term="In escrow" source={mint ? `${unitOf(mint)} in vaults, on chain` : 'no contract yet'}>
                {mint ? <Money amount={escrow.toString()} mint={mint} unit={false} /> : '–'}
            </Figure>
            <Figure term="Paid out" source={mint ? `${unitOf(mint)} withdrawn by payees` : 'no contract yet'}>
                {mint ? <Money amount={paid.toString()} mint={mint} unit={false} /> : '–'}
            </Figure>
        </dl>
    );
}

function Figure({ term, source, children }: { term: string; source: string; children: ReactNode }) {
    return (
        <div className="min-w-0 bg-surface px-4 py-3">
            <dt className="text-muted text-sm">{term}</dt>
            <dd className="mt-0.5 font-semibold text-lg">{children}</dd>
            <dd className="text-muted text-xs">{source}</dd>
        </div>
    );
}
