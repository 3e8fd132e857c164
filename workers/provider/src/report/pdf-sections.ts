import type { DeliveryReport } from '@ocm/sdk/http';
import type { Certificate } from './certificate.js';
import { NOT_KNOWN } from './csv.js';
import { type Column, drawTable } from './pdf-table.js';

export const PDF_MARGIN = 40;
export const PDF_TEXT_WIDTH = 515;

export const orUnknown = (value: string | number | null): string => (value === null ? NOT_KNOWN : String(value));
const dateOf = (unixSecs: number): string => new Date(unixSecs * 1000).toISOString().replace('.000', '');
/** The first column takes what the others leave. */
export const columnsOf = (first: string, ...others: [title: string, width: number][]): Column[] => [
    { title: first, width: PDF_TEXT_WIDTH - others.reduce((sum, [, width]) => sum + width, 0) },
    ...others.map(([title, width]) => ({ title, width, align: 'right' as const })),
];

export function heading(doc: PDFKit.PDFDocument, text: string): void {
    if (doc.y > doc.page.height - 120) doc.addPage();
    doc.font('bold').fontSize(10).text(text, PDF_MARGIN).moveDown(0.3);
}

/** What a reader compares with the signature that the file holds. */
export type SignedBy = Pick<Certificate, 'name' | 'fingerprint' | 'isSelfSigned'>;

export async function drawHead(
    doc: PDFKit.PDFDocument,
    report: DeliveryReport,
    signedBy: SignedBy | undefined,
): Promise<void> {
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
        ...listSignature(signedBy),
    ];
    await drawTable(
        doc,
        [
            { title: 'What', width: 110 },
            { title: 'Value', width: PDF_TEXT_WIDTH - 110 },
        ],
        pairs,
    );
}

function listSignature(signedBy: SignedBy | undefined): [string, string][] {
    if (signedBy === undefined) return [];
    const digits = signedBy.fingerprint.replaceAll(':', '').toLowerCase();
    return [
        ['Signed in this file by', signedBy.name],
        ['Its certificate', `${signedBy.isSelfSigned ? 'self-signed, ' : ''}SHA-256 ${digits}`],
    ];
}

export async function drawDelivery(doc: PDFKit.PDFDocument, report: DeliveryReport): Promise<void> {
    const amounts = async (title: string, first: string, rows: { name: string; bytes: string; sessions: number }[]) => {
        heading(doc, title);
        const cells = rows.map(({ name, bytes, sessions }) => [name, bytes, String(sessions)]);
        await drawTable(doc, columnsOf(first, ['Bytes', 120], ['Sessions', 70]), cells);
    };
    const named = <Row>(rows: readonly Row[], nameOf: (row: Row) => string) =>
        rows.map((row) => ({ ...row, name: nameOf(row) }));
    await amounts(
        'By hour',
        `Hour (${report.timezone})`,
        named(report.byHour, ({ hour }) => hour),
    );
    await amounts(
        'By client group',
        'Group',
        named(report.byGroup, ({ group }) => String(group)),
    );
    await amounts(
        'By footprint',
        'Footprints of the node',
        named(report.byFootprint, (r) => r.footprints.join(' ') || NOT_KNOWN),
    );
    await amounts(
        'By node',
        'Node',
        named(report.byNode, ({ node }) => node),
    );
    heading(doc, 'From cache');
    const { cache } = report;
    await drawTable(
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

export async function drawQuality(doc: PDFKit.PDFDocument, { quality }: DeliveryReport): Promise<void> {
    heading(doc, 'Quality, from receipt copies');
    const { figures } = quality;
    await drawTable(doc, columnsOf('Figure', ['Value', 120]), [
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
    await drawTable(
        doc,
        columnsOf('Metric', ['Threshold', 80], ['Measured', 80], ['Promise', 80], ['Basis points', 80]),
        tiers,
    );
}

export function drawTexts(doc: PDFKit.PDFDocument, title: string, texts: readonly string[]): void {
    heading(doc, title);
    for (const text of texts)
        doc.font('body').fontSize(8).text(`• ${text}`, PDF_MARGIN, doc.y, { width: PDF_TEXT_WIDTH }).moveDown(0.3);
    doc.moveDown(0.4);
}
