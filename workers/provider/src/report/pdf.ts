import { createRequire } from 'node:module';
import type { DeliveryReport } from '@ocm/sdk/http';
import PDFDocument from 'pdfkit';
import { NOT_KNOWN } from './csv.js';
import { type Column, drawTable } from './pdf-table.js';

const FONTS = 'dejavu-fonts-ttf/ttf';
const MARGIN = 40;
const PAGE_WIDTH = 515;

const orUnknown = (value: string | number | null): string => (value === null ? NOT_KNOWN : String(value));
const dateOf = (unixSecs: number): string => new Date(unixSecs * 1000).toISOString().replace('.000', '');
/** The first column takes what the others leave. */
const columnsOf = (first: string, ...others: [title: string, width: number][]): Column[] => [
    { title: first, width: PAGE_WIDTH - others.reduce((sum, [, width]) => sum + width, 0) },
    ...others.map(([title, width]) => ({ title, width, align: 'right' as const })),
];

/**
 * The report for people: A4, fonts embedded, dated by the end of its last epoch and not by the clock, so that the same
 * data gives the same bytes. Figures are whole units, as they stand on chain and in receipts.
 */
export async function formatPdf(report: DeliveryReport): Promise<Uint8Array> {
    const doc = openDocument(report);
    const chunks: Buffer[] = [];
    const ended = new Promise<void>((resolve, reject) => {
        doc.on('data', (chunk: Buffer) => chunks.push(chunk));
        doc.on('end', resolve);
        doc.on('error', reject);
    });
    drawHead(doc, report);
    drawDelivery(doc, report);
    drawQuality(doc, report);
    drawMoney(doc, report);
    drawEpochs(doc, report);
    drawTexts(doc, 'What is not proved', report.notProved);
    drawTexts(doc, 'Notes', report.notes);
    numberPages(doc, report);
    doc.end();
    await ended;
    return Buffer.concat(chunks);
}

function openDocument({ contract, from, to, endsAt }: DeliveryReport): PDFKit.PDFDocument {
    const date = new Date(endsAt * 1000);
    const { resolve } = createRequire(import.meta.url);
    const doc = new PDFDocument({
        size: 'A4',
        margin: MARGIN,
        bufferPages: true,
        lang: 'en',
        pdfVersion: '1.7',
        info: {
            Title: `Delivery report of contract ${contract}, epochs ${from} to ${to}`,
            Creator: 'Open Capacity Marketplace',
            Producer: 'Open Capacity Marketplace',
            CreationDate: date,
            ModDate: date,
        },
        font: resolve(`${FONTS}/DejaVuSans.ttf`),
    });
    doc.registerFont('body', resolve(`${FONTS}/DejaVuSans.ttf`));
    doc.registerFont('bold', resolve(`${FONTS}/DejaVuSans-Bold.ttf`));
    return doc;
}

function heading(doc: PDFKit.PDFDocument, text: string): void {
    if (doc.y > doc.page.height - 120) doc.addPage();
    doc.font('bold').fontSize(10).text(text, MARGIN).moveDown(0.3);
}

function drawHead(doc: PDFKit.PDFDocument, report: DeliveryReport): void {
    doc.font('bold').fontSize(15).text('Delivery report').moveDown(0.4);
    const pairs: [string, string][] = [
        ['Contract', report.contract],
        ['Content provider', report.contentProvider],
        ['Seller', report.seller],
        ['Mint', report.mint],
        ['Epochs', `${report.from} to ${report.to}`],
        ['Begin', dateOf(report.beginsAt)],
        ['End', dateOf(report.endsAt)],
        ['Hours in', report.timezone],
        ['Committed bytes', report.committedBytes],
        ['Session bytes', report.sessionBytes],
        ['Sessions', String(report.sessions)],
    ];
    drawTable(
        doc,
        [
            { title: 'What', width: 110 },
            { title: 'Value', width: PAGE_WIDTH - 110 },
        ],
        pairs,
    );
}

function drawDelivery(doc: PDFKit.PDFDocument, report: DeliveryReport): void {
    const amounts = (title: string, first: string, rows: { name: string; bytes: string; sessions: number }[]) => {
        heading(doc, title);
        const cells = rows.map(({ name, bytes, sessions }) => [name, bytes, String(sessions)]);
        drawTable(doc, columnsOf(first, ['Bytes', 120], ['Sessions', 70]), cells);
    };
    const named = <Row>(rows: readonly Row[], nameOf: (row: Row) => string) =>
        rows.map((row) => ({ ...row, name: nameOf(row) }));
    amounts(
        'By hour',
        `Hour (${report.timezone})`,
        named(report.byHour, ({ hour }) => hour),
    );
    amounts(
        'By client group',
        'Group',
        named(report.byGroup, ({ group }) => String(group)),
    );
    amounts(
        'By footprint',
        'Footprints of the node',
        named(report.byFootprint, (r) => r.footprints.join(' ') || NOT_KNOWN),
    );
    amounts(
        'By node',
        'Node',
        named(report.byNode, ({ node }) => node),
    );
    heading(doc, 'From cache');
    const { cache } = report;
    drawTable(
        doc,
        columnsOf(
            'Parts per million of logged bytes',
            ['From cache', 110],
            ['Logged', 110],
            ['Log files', 60],
            ['Unreadable', 60],
        ),
        [
            [
                orUnknown(cache?.ratioPpm ?? null),
                orUnknown(cache?.cachedBytes ?? null),
                orUnknown(cache?.loggedBytes ?? null),
                String(cache?.logFiles ?? 0),
                String(report.unreadableLogs),
            ],
        ],
    );
}

function drawQuality(doc: PDFKit.PDFDocument, { quality }: DeliveryReport): void {
    heading(doc, 'Quality, from receipt copies');
    const { figures } = quality;
    drawTable(doc, columnsOf('Figure', ['Value', 120]), [
        ['Receipt copies', String(quality.copies)],
        ['Bytes in them', quality.copiedBytes],
        ['Copies that no commitment counts', String(quality.uncommittedCopies)],
        ['Bytes in those', quality.uncommittedBytes],
        ['Availability, parts per million', orUnknown(figures.availabilityPpm)],
        ['Errors, parts per million of requests', orUnknown(figures.errorPpm)],
        ['Time to first byte, 95th percentile, ms', orUnknown(figures.ttfbP95Ms)],
        ['Stalls, parts per million of viewing time', orUnknown(figures.stallPpm)],
    ]);
    heading(doc, 'Against the contract’s SLA');
    const tiers = quality.tiers.map(({ metric, threshold, basisPoints, measured, isKept }) => [
        metric,
        String(threshold),
        orUnknown(measured),
        isKept === null ? NOT_KNOWN : isKept ? 'kept' : 'breached',
        String(basisPoints),
    ]);
    drawTable(
        doc,
        columnsOf('Metric', ['Threshold', 80], ['Measured', 80], ['Promise', 80], ['Basis points', 80]),
        tiers,
    );
}

function drawMoney(doc: PDFKit.PDFDocument, { money }: DeliveryReport): void {
    heading(doc, 'Money, base units, from settlements on chain');
    drawTable(doc, columnsOf('Figure', ['Amount', 120]), [
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
    drawTable(doc, columnsOf('Paid to', ['As', 70], ['Amount', 120]), payees);
}

function drawEpochs(doc: PDFKit.PDFDocument, { epochs }: DeliveryReport): void {
    heading(doc, 'Epochs');
    const rows = epochs.map((epoch) => [
        `${epoch.commitment}${epoch.verdict === 'refused' ? `: ${epoch.reason ?? ''}` : ''}`,
        `${epoch.epoch}/${epoch.kind}`,
        epoch.state,
        epoch.committedBytes,
        orUnknown(epoch.sessionBytes),
        epoch.gross,
        orUnknown(epoch.penalty),
        orUnknown(epoch.net),
    ]);
    const others: [string, number][] = [
        ['Epoch/kind', 45],
        ['State', 55],
        ['Committed', 62],
        ['In sessions', 62],
        ['Gross', 50],
        ['Penalty', 42],
        ['Net', 50],
    ];
    drawTable(doc, columnsOf('Commitment', ...others), rows);
}

function drawTexts(doc: PDFKit.PDFDocument, title: string, texts: readonly string[]): void {
    heading(doc, title);
    for (const text of texts)
        doc.font('body').fontSize(8).text(`• ${text}`, MARGIN, doc.y, { width: PAGE_WIDTH }).moveDown(0.3);
    doc.moveDown(0.4);
}

function numberPages(doc: PDFKit.PDFDocument, { contract }: DeliveryReport): void {
    const { count } = doc.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
        doc.switchToPage(page);
        // Below the margin pdfkit would begin a new page.
        doc.page.margins.bottom = 0;
        const text = `${contract}   page ${page + 1} of ${count}`;
        doc.font('body')
            .fontSize(7)
            .text(text, MARGIN, doc.page.height - 30, { width: PAGE_WIDTH, align: 'center' });
    }
}
