'use client';

import { formatInteger } from '../../../lib/format';
import { formatTime } from '../../../lib/time';
import { Card, EmptyState } from '../../../ui/card';
import { ExportButtons } from '../../../ui/export-buttons';
import { StateBadge } from '../../../ui/state-badge';
import { type Column, Table } from '../../../ui/table';
import type { TransactionView } from '../../live/snapshot';
import { Signature } from './signature';

const FIRST_ROWS = 12;

const COLUMNS: readonly Column<TransactionView>[] = [
    {
        key: 'what',
        header: 'What happened',
        cell: (transaction) =>
            transaction.failed ? (
                <StateBadge tone="bad">Refused by the program</StateBadge>
            ) : transaction.events.length === 0 ? (
                <span className="text-muted">No event of the marketplace</span>
            ) : (
                <ul>
                    {transaction.events.map((event, index) => (
                        // biome-ignore lint/suspicious/noArrayIndexKey: events of one transaction never move
                        <li key={index} className="min-w-56">
                            <span title={event.name} className={event.echo ? 'text-muted text-xs' : undefined}>
                                {event.words}
                            </span>
                        </li>
                    ))}
                </ul>
            ),
    },
    {
        key: 'time',
        header: 'Time',
        note: 'of the block',
        cell: (transaction) => (
            <span className="whitespace-nowrap">
                {transaction.atSecs === null ? 'not known' : formatTime(transaction.atSecs * 1000)}
            </span>
        ),
    },
    { key: 'slot', header: 'Slot', numeric: true, cell: (transaction) => formatInteger(transaction.slot) },
    { key: 'signature', header: 'Transaction', cell: (transaction) => <Signature value={transaction.signature} /> },
];

function exportRow(transaction: TransactionView) {
    return {
        signature: transaction.signature,
        slot: transaction.slot,
        time: transaction.atSecs === null ? null : formatTime(transaction.atSecs * 1000),
        failed: transaction.failed,
        events: transaction.events.map((event) => event.name).join(' '),
        words: transaction.events.map((event) => event.words).join('; '),
    };
}

export function TransactionsTable({ transactions }: { transactions: readonly TransactionView[] }) {
    const some = transactions.length > 0;
    return (
        <Card
            id="transactions"
            title="Transactions"
            lead="Each step on chain, newest first."
            flush={some}
            actions={some ? <ExportButtons name="transactions" rows={() => transactions.map(exportRow)} /> : null}
        >
            {some ? (
                <Table
                    caption="Transactions"
                    columns={COLUMNS}
                    rows={transactions}
                    keyOf={(row) => row.signature}
                    firstRows={FIRST_ROWS}
                />
            ) : (
                <EmptyState title="No transaction yet">
                    Registering, staking, claiming, funding, committing, co-signing, settling and withdrawing each leave
                    one here, with its signature and the events that the programs emitted.
                </EmptyState>
            )}
        </Card>
    );
}
