import type { DeliveryReport, ReportFormat } from '@ocm/sdk/http';
import { formatCsv } from './csv.js';
import type { PdfSigner } from './pdf-signer.js';

/** Media types of the formats. */
export const REPORT_TYPES: Readonly<Record<ReportFormat, string>> = {
    json: 'application/json; charset=utf-8',
    csv: 'text/csv; charset=utf-8',
    pdf: 'application/pdf',
};

/** A report as a file; the same report gives the same bytes, but for the signature, with its time, that is appended to a PDF. */
export async function formatReport(
    report: DeliveryReport,
    format: ReportFormat,
    openSigner: () => Promise<PdfSigner>,
): Promise<Uint8Array> {
    if (format === 'json') return Buffer.from(`${JSON.stringify(report, null, 2)}\n`, 'utf8');
    if (format === 'csv') return formatCsv(report);
    // Loaded when first asked for: its fonts and tables would double the memory of a worker that never makes one.
    const { formatPdf } = await import('./pdf.js');
    const signer = await openSigner();
    return signer.sign(await formatPdf(report, await signer.certificate()));
}
