import type { DeliveryReport, SlaFigures } from '@ocm/sdk/http';
import { stringify } from 'csv-stringify/sync';

export const NOT_KNOWN = 'not known';
type Row = [section: string, item: string, measure: string, value: string | number, unit: string];
const orUnknown = (value: string | number | null): string | number => value ?? NOT_KNOWN;

/**
 * One row per figure: section, item, measure, value, unit; RFC 4180 with CRLF. A cell that a spreadsheet would take for a
 * formula begins with an apostrophe: reasons and names come from others.
 */
export function formatCsv(report: DeliveryReport): Uint8Array {
    const rows: Row[] = [...headRows(report), ...deliveryRows(report), ...qualityRows(report), ...moneyRows(report)];
    for (const epoch of report.epochs) rows.push(...epochRows(epoch));
    for (const [place, text] of report.notProved.entries())
        rows.push(['not proved', String(place + 1), 'text', text, '']);
    for (const [place, text] of report.notes.entries()) rows.push(['note', String(place + 1), 'text', text, '']);
    const header = ['section', 'item', 'measure', 'value', 'unit'];
    return Buffer.from(stringify([header, ...rows], { record_delimiter: '\r\n', escape_formulas: true }), 'utf8');
}

function headRows(report: DeliveryReport): Row[] {
    const { contract, contentProvider, seller, mint, from, to, beginsAt, endsAt, timezone } = report;
    return [
        ['report', 'contract', 'address', contract, ''],
        ['report', 'content provider', 'address', contentProvider, ''],
        ['report', 'seller', 'address', seller, ''],
        ['report', 'mint', 'address', mint, ''],
        ['report', 'epochs', 'from', from, 'epoch'],
        ['report', 'epochs', 'to', to, 'epoch'],
        ['report', 'epochs', 'begin', beginsAt, 'unix seconds'],
        ['report', 'epochs', 'end', endsAt, 'unix seconds'],
        ['report', 'hours', 'time zone', timezone, ''],
    ];
}

function deliveryRows(report: DeliveryReport): Row[] {
    const amount = (section: string, item: string, { bytes, sessions }: { bytes: string; sessions: number }): Row[] => [
        [section, item, 'delivered', bytes, 'bytes'],
        [section, item, 'sessions', sessions, 'sessions'],
    ];
    const { cache } = report;
    return [
        ['delivery', 'all', 'committed', report.committedBytes, 'bytes'],
        ...amount('delivery', 'all', { bytes: report.sessionBytes, sessions: report.sessions }),
        ...report.byHour.flatMap((row) => amount('hour', row.hour, row)),
        ...report.byGroup.flatMap((row) => amount('client group', String(row.group), row)),
        ...report.byFootprint.flatMap((row) => amount('footprint', row.footprints.join(' ') || NOT_KNOWN, row)),
        ...report.byNode.flatMap((row) => amount('node', row.node, row)),
        ['cache', 'all', 'share from cache', orUnknown(cache?.ratioPpm ?? null), 'parts per million'],
        ['cache', 'all', 'from cache', orUnknown(cache?.cachedBytes ?? null), 'bytes'],
        ['cache', 'all', 'logged', orUnknown(cache?.loggedBytes ?? null), 'bytes'],
        ['cache', 'log files', 'read', cache?.logFiles ?? 0, 'files'],
        ['cache', 'log files', 'unreadable', report.unreadableLogs, 'files'],
    ];
}

function figureRows(section: string, item: string, figures: SlaFigures): Row[] {
    return [
        [section, item, 'availability', orUnknown(figures.availabilityPpm), 'parts per million'],
        [section, item, 'errors', orUnknown(figures.errorPpm), 'parts per million'],
        [section, item, 'time to first byte, 95th percentile', orUnknown(figures.ttfbP95Ms), 'milliseconds'],
        [section, item, 'stalls', orUnknown(figures.stallPpm), 'parts per million'],
    ];
}

function qualityRows({ quality }: DeliveryReport): Row[] {
    return [
        ['quality', 'receipt copies', 'sessions', quality.copies, 'sessions'],
        ['quality', 'receipt copies', 'delivered', quality.copiedBytes, 'bytes'],
        ['quality', 'receipt copies not committed', 'sessions', quality.uncommittedCopies, 'sessions'],
        ['quality', 'receipt copies not committed', 'delivered', quality.uncommittedBytes, 'bytes'],
        ...figureRows('quality', 'measured', quality.figures),
        ...quality.tiers.map(({ metric, threshold, basisPoints, measured, isKept }): Row => {
            const verdict = isKept === null ? NOT_KNOWN : isKept ? 'kept' : 'breached';
            return [
                'sla',
                `${metric} ${threshold}`,
                `measured ${measured ?? NOT_KNOWN}`,
                verdict,
                `${basisPoints} basis points`,
            ];
        }),
    ];
}

function moneyRows({ money }: DeliveryReport): Row[] {
    const unit = 'base units';
    return [
        ['money', 'all', 'gross', money.gross, unit],
        ['money', 'all', 'top-up', money.topUp, unit],
        ['money', 'all', 'penalty', money.penalty, unit],
        ['money', 'all', 'net', money.net, unit],
        ['money', 'all', 'fee', money.fee, unit],
        ['money', 'commitments', 'settled', money.settledCommitments, 'commitments'],
        ['money', 'commitments', 'open', money.openCommitments, 'commitments'],
        ['money', 'history on chain', 'complete', money.isComplete ? 'yes' : 'no', ''],
        ...money.payees.map(({ role, payee, amount }): Row => [`payee (${role})`, payee, 'paid', amount, unit]),
    ];
}

function epochRows(epoch: DeliveryReport['epochs'][number]): Row[] {
    const item = `${epoch.epoch}/${epoch.kind}`;
    const unit = 'base units';
    return [
        ['epoch', item, 'commitment', epoch.commitment, ''],
        ['epoch', item, 'root', epoch.root, ''],
        ['epoch', item, 'state', epoch.state, ''],
        ['epoch', item, 'committed', epoch.committedBytes, 'bytes'],
        ['epoch', item, 'delivered', orUnknown(epoch.sessionBytes), 'bytes'],
        ['epoch', item, 'sessions', orUnknown(epoch.sessions), 'sessions'],
        ['epoch', item, 'decision', orUnknown(epoch.verdict), ''],
        ['epoch', item, 'reason', orUnknown(epoch.reason), ''],
        ...figureRows('epoch', item, epoch.settledFigures),
        ['epoch', item, 'gross', epoch.gross, unit],
        ['epoch', item, 'top-up', orUnknown(epoch.topUp), unit],
        ['epoch', item, 'penalty', orUnknown(epoch.penalty), unit],
        ['epoch', item, 'net', orUnknown(epoch.net), unit],
    ];
}
