'use client';

import Link from 'next/link';
import { formatBytes, formatRate, shorten } from '../../../lib/format';
import { Card, EmptyState } from '../../../ui/card';
import { ExportButtons } from '../../../ui/export-buttons';
import { LiveValue } from '../../../ui/live-value';
import { StateBadge } from '../../../ui/state-badge';
import { type Column, Table } from '../../../ui/table';
import { useSnapshot } from '../../live/hooks/use-snapshot';
import type { ContractView } from '../../live/snapshot';
import { partyName, STATE_WORDS } from '../words';
import { Money } from './money';

const COLUMNS: readonly Column<ContractView>[] = [
    {
        key: 'contract',
        header: 'Contract',
        cell: (contract) => (
            <Link
                href={`/contracts/${contract.address}`}
                className="font-medium text-accent underline underline-offset-2"
                title={contract.address}
            >
                {shorten(contract.address, 6)}
            </Link>
        ),
    },
    {
        key: 'state',
        header: 'State',
        cell: (contract) => {
            const state = STATE_WORDS[contract.state];
            return (
                <StateBadge tone={state?.tone ?? 'neutral'} title={state?.meaning}>
                    {state?.word ?? contract.state}
                </StateBadge>
            );
        },
    },
    { key: 'buyer', header: 'Content provider', cell: (contract) => partyName(contract.contentProvider) },
    { key: 'seller', header: 'Operator', cell: (contract) => partyName(contract.seller) },
    {
        key: 'capacity',
        header: 'Capacity',
        note: 'committed',
        numeric: true,
        cell: (contract) => formatRate(contract.committedKilobitsPerSecond),
    },
    {
        key: 'bytes',
        header: 'Bytes',
        note: 'committed on chain',
        numeric: true,
        cell: (contract) => <LiveValue>{formatBytes(contract.bytes.committed)}</LiveValue>,
    },
    {
        key: 'escrow',
        header: 'Escrow',
        numeric: true,
        cell: (contract) => <Money amount={contract.escrow.balance} mint={contract.mint} />,
    },
];

function exportRow(contract: ContractView) {
    return {
        address: contract.address,
        state: contract.state,
        content_provider: contract.contentProvider.owner,
        operator: contract.seller.owner,
        committed_kilobits_per_second: contract.committedKilobitsPerSecond,
        committed_bytes: contract.bytes.committed,
        escrow_base_units: contract.escrow.balance,
        mint: contract.mint.address,
    };
}

export function ContractsTable() {
    const { contracts } = useSnapshot();
    return (
        <Card
            id="contracts"
            title="Contracts"
            lead="Capacity bought with escrow; open one for its epochs, payees and proofs."
            flush={contracts.length > 0}
            actions={
                contracts.length > 0 ? <ExportButtons name="contracts" rows={() => contracts.map(exportRow)} /> : null
            }
        >
            {contracts.length > 0 ? (
                <Table caption="Contracts" columns={COLUMNS} rows={contracts} keyOf={(contract) => contract.address} />
            ) : (
                <NoContract />
            )}
        </Card>
    );
}

export function NoContract() {
    return (
        <EmptyState title="No contract yet">
            A content provider accepts an operator's offer (price, service level, revenue split) and funds it in escrow.
            The contract then appears here, and every epoch's deliveries are committed, co-signed and settled under it.
        </EmptyState>
    );
}
