import type { Statement } from './statement.js';

/** JSON with amounts as decimal texts: numbers of JSON lose precision above 2^53. */
export function toJson(statement: Statement): string {
    const text = JSON.stringify(
        statement,
        (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
        2,
    );
    return `${text}\n`;
}

const COLUMNS = [
    'contract',
    'epoch',
    'kind',
    'commitment',
    'state',
    'sessions',
    'sessionsWithRecords',
    'bytes',
    'loggedBytes',
    'gross',
    'topUp',
    'penaltyBasisPoints',
    'penalty',
    'net',
    'fee',
    'treasury',
] as const;
const MAX_PAYEES = 8;

/** One row per commitment (RFC 4180). No value can begin a formula: all are numbers, addresses and words of ours. */
export function toCsv(statement: Statement): string {
    const payees = Array.from({ length: MAX_PAYEES }, (_, place) => `payout${place}`);
    const rows = statement.lines.map((line) => {
        const cells = { ...line, contract: statement.contract };
        const own = COLUMNS.map((column) => cells[column]?.toString() ?? '');
        return [...own, ...payees.map((_, place) => (line.payouts[place] ?? 0n).toString())];
    });
    return [[...COLUMNS, ...payees], ...rows].map((row) => `${row.map(quote).join(',')}\r\n`).join('');
}

const quote = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
