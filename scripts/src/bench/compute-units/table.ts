import { type Figures, QUANTITIES } from './measurements.js';

const HEADINGS = { units: 'compute units', transactionBytes: 'bytes', feeLamports: 'fee', rentLamports: 'rent moved' };
const COLUMNS = ['first', 'typical', 'worst'] as const;

/** Figures of all instructions for a terminal: compute units, transaction bytes and lamports. */
export function formatTable(figures: Figures, unmeasured: readonly string[]): string {
    const heading = [
        'instruction',
        ...QUANTITIES.flatMap((key) => COLUMNS.map((column) => `${HEADINGS[key]} ${column}`)),
    ];
    const rows = Object.entries(figures).map(([name, row]) => [
        name,
        ...QUANTITIES.flatMap((key) => COLUMNS.map((column) => String(row[key][column]))),
    ]);
    const lines = [heading, ...rows, ...unmeasured.map((name) => [name, 'unmeasured'])];
    const widths = heading.map((_, place) => Math.max(...lines.map((line) => line[place]?.length ?? 0)));
    const pad = (cell: string, place: number) =>
        place === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[place] ?? 0);
    return lines.map((line) => `${line.map(pad).join('  ')}\n`).join('');
}
