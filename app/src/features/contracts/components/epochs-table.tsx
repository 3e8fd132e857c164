'use client';

import { formatBytes, formatExactBytes } from '../../../lib/format';
import { formatTime, formatTimeOfDay } from '../../../lib/time';
import { Card, EmptyState } from '../../../ui/card';
import { ExportButtons } from '../../../ui/export-buttons';
import { LiveValue } from '../../../ui/live-value';
import { StateBadge } from '../../../ui/state-badge';
import { type Column, Table } from '../../../ui/table';
import type { CommitmentView, ContractView, EpochView } from '../../live/snapshot';
import { VerifyButton } from '../../proofs/components/verify-button';
import { Signature } from '../../transactions/components/signature';
import { KIND_WORDS, PHASE_WORDS } from '../words';
import { Money, unitOf } from './money';

const FIRST_ROWS = 10;

interface Row {
    /** The last of the row's epochs; several that stand the same without a commitment share a row. */
    readonly epoch: EpochView;
    readonly first: EpochView;
    readonly commitment: CommitmentView | null;
}

/** Newest first. */
export function toRows(epochs: readonly EpochView[]): Row[] {
    const rows: Row[] = [];
    for (const epoch of epochs) {
        for (const commitment of epoch.commitments) rows.push({ epoch, first: epoch, commitment });
        if (epoch.commitments.length > 0) continue;
        const before = rows.at(-1);
        const joins = before && before.commitment === null && before.epoch.phase === epoch.phase;
        if (joins) rows[rows.length - 1] = { ...before, epoch };
        else rows.push({ epoch, first: epoch, commitment: null });
    }
    return rows.reverse();
}

function columnsFor(contract: ContractView): Column<Row>[] {
    const { mint } = contract;
    return [
        {
            key: 'epoch',
            header: 'Epoch',
            note: 'UTC',
            cell: ({ epoch, first, commitment }) => (
                <span title={`${formatTime(first.startsAtSecs * 1000)} to ${formatTime(epoch.endsAtSecs * 1000)}`}>
                    <span className="block whitespace-nowrap font-medium">
                        {first.epoch === epoch.epoch ? epoch.epoch : `${first.epoch} to ${epoch.epoch}`}
                    </span>
                    <span className="whitespace-nowrap text-muted text-xs">
                        from {formatTimeOfDay(first.startsAtSecs * 1000)}
                    </span>
                    {commitment && commitment.kind !== 0 ? (
                        <span className="block whitespace-nowrap text-muted text-xs">
                            {KIND_WORDS[commitment.kind]}
                        </span>
                    ) : null}
                </span>
            ),
        },
        {
            key: 'phase',
            header: 'State',
            cell: ({ epoch }) => (
                <StateBadge tone={PHASE_WORDS[epoch.phase].tone} title={PHASE_WORDS[epoch.phase].meaning}>
                    {PHASE_WORDS[epoch.phase].word}
                </StateBadge>
            ),
        },
        {
            key: 'delivered',
            header: 'Delivered',
            note: "operator's evidence",
            numeric: true,
            cell: ({ commitment }) =>
                commitment?.evidence ? (
                    <>
                        <LiveValue title={formatExactBytes(commitment.evidence.bytes)}>
                            {formatBytes(commitment.evidence.bytes)}
                        </LiveValue>
                        <span className="block text-muted text-xs">
                            {commitment.evidence.sessions} session{commitment.evidence.sessions === 1 ? '' : 's'}
                        </span>
                    </>
                ) : (
                    '–'
                ),
        },
        {
            key: 'committed',
            header: 'Committed',
            note: 'on chain',
            numeric: true,
            cell: ({ commitment }) =>
                commitment ? (
                    <LiveValue title={`${formatExactBytes(commitment.totalBytes)}, root ${commitment.root}`}>
                        {formatBytes(commitment.totalBytes)}
                    </LiveValue>
                ) : (
                    '–'
                ),
        },
        {
            key: 'gross',
            header: 'Gross',
            note: unitOf(mint),
            numeric: true,
            cell: ({ commitment }) => (commitment ? <Money amount={commitment.gross} mint={mint} unit={false} /> : '–'),
        },
        {
            key: 'net',
            header: 'Settled',
            note: 'after refund',
            numeric: true,
            cell: ({ commitment }) =>
                commitment?.net ? <Money amount={commitment.net} mint={mint} unit={false} /> : '–',
        },
        { key: 'steps', header: 'Transactions', cell: ({ commitment }) => <Steps commitment={commitment} /> },
        {
            key: 'verify',
            header: 'Proof',
            cell: ({ commitment }) =>
                commitment?.open && BigInt(commitment.totalBytes) > 0n ? (
                    <VerifyButton commitment={commitment.address} />
                ) : (
                    <span className="text-muted">–</span>
                ),
        },
    ];
}

function Steps({ commitment }: { commitment: CommitmentView | null }) {
    if (!commitment || commitment.steps.length === 0) return <span className="text-muted">–</span>;
    return (
        <ul>
            {commitment.steps.map((step) => (
                <li key={step.signature + step.name} className="flex items-center gap-2 whitespace-nowrap">
                    <span className="w-20">{step.name}</span>
                    <Signature value={step.signature} />
                </li>
            ))}
        </ul>
    );
}

function exportRow({ epoch, first, commitment }: Row) {
    return {
        first_epoch: first.epoch,
        last_epoch: epoch.epoch,
        starts_at: formatTime(first.startsAtSecs * 1000),
        ends_at: formatTime(epoch.endsAtSecs * 1000),
        state: epoch.phase,
        kind: commitment ? KIND_WORDS[commitment.kind] : null,
        committed_bytes: commitment?.totalBytes ?? null,
        root: commitment?.root ?? null,
        gross_base_units: commitment?.gross ?? null,
        penalty_base_units: commitment?.penalty ?? null,
        net_base_units: commitment?.net ?? null,
        fee_base_units: commitment?.fee ?? null,
        transactions: commitment?.steps.map((step) => `${step.name} ${step.signature}`).join(' ') ?? null,
    };
}

export function EpochsTable({ contract }: { contract: ContractView }) {
    const rows = toRows(contract.epochs);
    return (
        <Card
            id="epochs"
            title="Epochs"
            lead="Delivered, committed, co-signed, settled. Newest first."
            flush={rows.length > 0}
            actions={rows.length > 0 ? <ExportButtons name="epochs" rows={() => rows.map(exportRow)} /> : null}
        >
            {rows.length > 0 ? (
                <Table
                    caption="Epochs of the contract"
                    columns={columnsFor(contract)}
                    rows={rows}
                    firstRows={FIRST_ROWS}
                    keyOf={({ first, commitment }) => `${first.epoch}/${commitment?.kind ?? ''}`}
                />
            ) : (
                <EmptyState title="No epoch yet">
                    The first epoch starts at {formatTime(contract.genesisAtSecs * 1000)}. When it has ended, the
                    operator commits its deliveries and the content provider co-signs.
                </EmptyState>
            )}
        </Card>
    );
}
