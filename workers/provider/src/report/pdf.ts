import { createRequire } from 'node:module';
import type { DeliveryReport } from '@ocm/sdk/http';
import PDFDocument from 'pdfkit';
import { drawEpochs, drawMoney } from './pdf-money.js';
import {
    drawDelivery,
    drawHead,
    drawQuality,
    drawTexts,
    PDF_MARGIN,
    PDF_TEXT_WIDTH,
    type SignedBy,
} from './pdf-sections.js';

const FONTS = 'dejavu-fonts-ttf/ttf';
/**
 * The report for people: A4, fonts embedded, dated by the end of its last epoch and not by the clock, so that the same
 * data gives the same bytes. Figures are whole units, as they stand on chain and in receipts.
 */
export async function formatPdf(report: DeliveryReport, signedBy?: SignedBy): Promise<Uint8Array> {
    const doc = openDocument(report);
    const chunks: Buffer[] = [];
    const ended = new Promise<void>((resolve, reject) => {
        doc.on('data', (chunk: Buffer) => chunks.push(chunk));
        doc.on('end', resolve);
        doc.on('error', reject);
    });
    await drawHead(doc, report, signedBy);
    await drawDelivery(doc, report);
    await drawQuality(doc, report);
    await drawMoney(doc, report);
    await drawEpochs(doc, report);
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
        margin: PDF_MARGIN,
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
        // No default: pdfkit would open the same file anew for every cell that names it differently.
        font: '',
    });
    doc.registerFont('body', resolve(`${FONTS}/DejaVuSans.ttf`));
    doc.registerFont('bold', resolve(`${FONTS}/DejaVuSans-Bold.ttf`));
    return doc;
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
            .text(text, PDF_MARGIN, doc.page.height - 30, { width: PDF_TEXT_WIDTH, align: 'center' });
    }
}
