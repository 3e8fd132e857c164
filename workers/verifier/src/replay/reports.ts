import { medianOf, type SlaSummary } from '../protocol/sla.js';
import { accountOf, commitmentOf, type Handler } from './ledger.js';

export const reportSla: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    const summary = step.instruction.args.summary as unknown as SlaSummary;
    record.reports.push(summary);
    record.books.reportCount += 1;
    step.events.expect('SlaReported', {
        report: accountOf(step, 'report'),
        commitment: accountOf(step, 'commitment'),
        auditor: accountOf(step, 'auditor'),
        summary,
        evidenceRoot: step.instruction.args.evidenceRoot ?? '',
    });
};

export const resolveSla: Handler = (step) => {
    const record = commitmentOf(step);
    if (record === null) return;
    const { reports, books } = record;
    if (reports.length < Math.max(1, step.books.sla.quorum))
        step.findings.add(step.file, step.where, `takes ${reports.length} reports for a quorum`);
    books.slaSummary = medianOf(reports);
    books.slaSource = 'reports';
    step.events.expect('SlaResolved', {
        commitment: accountOf(step, 'commitment'),
        reports: reports.length,
        summary: books.slaSummary,
    });
};

export const closeReport: Handler = (step) => {
    step.events.expect('SlaReportClosed', {
        report: accountOf(step, 'report'),
        commitment: accountOf(step, 'commitment'),
    });
};
