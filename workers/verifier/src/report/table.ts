import type { Statement } from './statement.js';

export type Terminal = { columns: number; hasColor: boolean };

const WIDE = 120;
const MAX_DIFFERENCES_SHOWN = 50;
const MAX_NOTES_SHOWN = 20;
const MIN_COLUMNS = 40;

/** What a stranger's file or RPC node says must not steer the terminal. */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '�');

const short = (address: string): string =>
    address.length > 12 ? `${address.slice(0, 6)}…${address.slice(-4)}` : address;

/** The statement as a table, for a terminal of a width. */
export function renderStatement(statement: Statement, terminal: Terminal): string {
    const isWide = terminal.columns >= WIDE;
    const name = isWide ? (address: string) => address : short;
    const paint = (code: number, text: string) => (terminal.hasColor ? `\u001b[${code}m${text}\u001b[0m` : text);
    const wrap = (text: string, indent: string) =>
        wrapText(printable(text), Math.max(MIN_COLUMNS, terminal.columns), indent);
    const head = [
        'epoch',
        'kind',
        'state',
        'sessions',
        'bytes',
        'gross',
        'top-up',
        'penalty',
        'net',
        'fee',
        'shares',
        'treasury',
    ];
    const rows = statement.lines.map((line) => [
        `${line.epoch}`,
        `${line.kind}`,
        line.state,
        line.sessions === null ? 'not here' : `${line.sessions}`,
        `${line.bytes}`,
        `${line.gross}`,
        `${line.topUp}`,
        `${line.penalty}`,
        `${line.net}`,
        `${line.fee}`,
        `${line.payouts.reduce((sum, amount) => sum + amount, 0n)}`,
        `${line.treasury}`,
    ]);
    const payees = statement.payees.map(({ payee, earned, paid, owed, place }) => [
        place === 8 ? 'treasury' : `payee ${place + 1}`,
        name(payee),
        `${earned}`,
        `${paid}`,
        `${owed}`,
    ]);
    const verdict = statement.agrees
        ? paint(32, 'Everything that could be checked agrees.')
        : paint(
              31,
              statement.differences.length === 1 ? '1 difference.' : `${statement.differences.length} differences.`,
          );
    return [
        `contract ${statement.contract}, ${statement.states.join(' or ')}`,
        `amounts in base units of ${statement.mint}`,
        '',
        ...renderTable(head, rows),
        '',
        ...renderTable(['', 'address', 'earned', 'paid out', 'owed'], payees),
        '',
        `deposited ${statement.deposited}, refunded ${statement.refunded}, in the vault ${statement.vault}`,
        '',
        ...(statement.notChecked.length === 0 ? [] : ['Not checked:']),
        ...shown(statement.notChecked, MAX_NOTES_SHOWN).map((note) => wrap(note, '  ')),
        'Not proved:',
        ...statement.notProved.map((text) => wrap(text, '  ')),
        '',
        ...shown(
            statement.differences.map(({ record, problem }) => `${record}: ${problem}`),
            MAX_DIFFERENCES_SHOWN,
        ).map((text) => paint(31, wrap(text, '  ').replace(/^ {2}/, '✗ '))),
        verdict,
        '',
    ].join('\n');
}

function shown(texts: readonly string[], limit: number): string[] {
    const rest = texts.length - limit;
    return rest <= 0 ? [...texts] : [...texts.slice(0, limit), `… and ${rest} more; --json FILE writes all`];
}

function renderTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
    const widths = head.map((title, column) =>
        Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)),
    );
    const isText = head.map((_, column) => rows.some((row) => !/^-?\d*$/.test(row[column] ?? '')));
    return [head, ...rows].map((row) =>
        row
            .map((cell, column) =>
                isText[column] ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
            )
            .join('  ')
            .trimEnd(),
    );
}

function wrapText(text: string, columns: number, indent: string): string {
    const lines: string[] = [];
    let line = indent;
    for (const word of text.split(' ')) {
        if (line.length + word.length + 1 > columns && line.trim() !== '') {
            lines.push(line);
            line = `${indent}  `;
        }
        line += line.trim() === '' ? word : ` ${word}`;
    }
    return [...lines, line].join('\n');
}
