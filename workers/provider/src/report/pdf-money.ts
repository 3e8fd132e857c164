import type { DeliveryReport } from '@ocm/sdk/http';
import { columnsOf, heading, orUnknown } from './pdf-sections.js';
import { drawTable } from './pdf-table.js';

export async function drawMoney(doc: PDFKit.PDFDocument, { money }: DeliveryReport): Promise<void> {
    heading(doc, 'Money, base units, from settlements on chain');
    await drawTable(doc, columnsOf('Figure', ['Amount', 120]), [
        ['Gross', money.gross],
        ['Top-up to the minimum commit', money.topUp],
        ['Penalty, kept by the content provider', money.penalty],
        ['Net', money.net],
        ['Protocol fee, part of the treasury’s', money.fee],
        ['Commitments settled', String(money.settledCommitments)],
        ['Commitments open', String(money.openCommitments)],
        ['Every settlement of the contract found', money.isComplete ? 'yes' : 'no'],
    ]);
    const payees = money.payees.map(({ role, payee, amount }) => [payee, role, amount]);
    await drawTable(doc, columnsOf('Paid to', ['As', 70], ['Amount', 120]), payees);
}

export async function drawEpochs(doc: PDFKit.PDFDocument, { epochs }: DeliveryReport): Promise<void> {
    heading(doc, 'Epochs');
    const rows = epochs.map((epoch) => ({
        cells: [
            `${epoch.epoch}/${epoch.kind}`,
            epoch.state,
            epoch.committedBytes,
            orUnknown(epoch.sessionBytes),
            epoch.gross,
            orUnknown(epoch.penalty),
            orUnknown(epoch.net),
        ],
        note: `Commitment ${epoch.commitment}${epoch.verdict === 'refused' ? `, refused: ${epoch.reason ?? ''}` : ''}`,
    }));
    const others: [string, number][] = [
        ['State', 55],
        ['Committed', 85],
        ['In sessions', 85],
        ['Gross', 80],
        ['Penalty', 75],
        ['Net', 80],
    ];
    await drawTable(doc, columnsOf('Epoch/kind', ...others), rows);
}
