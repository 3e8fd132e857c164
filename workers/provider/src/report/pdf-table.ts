import { toPrintable } from './pdf-text.js';

export type Column = { title: string; width: number; align?: 'left' | 'right' };
/** Cells, and what is said of the row below them over its whole width. */
export type Row = { cells: readonly string[]; note?: string };
type Doc = PDFKit.PDFDocument;

const CELL_GAP = 6;
const ROW_GAP = 3;
const FONT_SIZE = 7.5;
const NOTE_FONT_SIZE = 6.5;
const NOTE_COLOR = '#555555';
const RULE_COLOR = '#cccccc';
const MARGIN_BOTTOM = 50;
const ROWS_PER_SLICE = 25;

/**
 * A table that goes on over pages, with its header on each. Cells wrap; a row is never divided, unless it is higher than
 * a page.
 */
export async function drawTable(
    doc: Doc,
    columns: readonly Column[],
    rows: readonly (Row | readonly string[])[],
): Promise<void> {
    const table = createTable(doc, columns);
    const bottom = () => doc.page.height - MARGIN_BOTTOM;
    if (doc.y + 2 * table.headerHeight > bottom()) doc.addPage();
    table.drawHeader();
    for (const [place, given] of rows.entries()) {
        // The process issues tokens meanwhile.
        if (place % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) await new Promise(setImmediate);
        const row = table.prepare('cells' in given ? given : { cells: given });
        if (doc.y + row.height > bottom()) {
            doc.addPage();
            table.drawHeader();
        }
        row.draw();
    }
    doc.moveDown(0.6);
}

function createTable(doc: Doc, columns: readonly Column[]) {
    const left = doc.page.margins.left;
    const width = columns.reduce((sum, column) => sum + column.width, 0) - CELL_GAP;
    const rule = (color: string) =>
        doc
            .moveTo(left, doc.y)
            .lineTo(left + width, doc.y)
            .lineWidth(0.4)
            .strokeColor(color)
            .stroke();
    const prepare = ({ cells, note }: Row, font = 'body') => {
        doc.font(font).fontSize(FONT_SIZE);
        const texts = columns.map((column, place) => toPrintable(doc, cells[place] ?? '', column.width - CELL_GAP));
        const heights = columns.map((column, place) => measure(doc, texts[place] ?? '', column.width - CELL_GAP));
        const cellsHeight = Math.max(...heights) + (note === undefined ? ROW_GAP : 1);
        doc.fontSize(NOTE_FONT_SIZE);
        const said = note === undefined ? null : toPrintable(doc, note, width);
        const height = cellsHeight + (said === null ? 0 : measure(doc, said, width) + 2 * ROW_GAP);
        const draw = () => {
            const top = doc.y;
            doc.font(font).fontSize(FONT_SIZE);
            let x = left;
            for (const [place, column] of columns.entries()) {
                // Each from the top: a text without a place of its own would begin below the last.
                doc.text(texts[place] ?? '', x, top, { width: column.width - CELL_GAP, align: column.align ?? 'left' });
                x += column.width;
            }
            doc.x = left;
            doc.y = top + height;
            if (said === null) return;
            doc.fontSize(NOTE_FONT_SIZE)
                .fillColor(NOTE_COLOR)
                .text(said, left, top + cellsHeight, { width });
            doc.fillColor('black');
            doc.y = top + height - ROW_GAP;
            rule(RULE_COLOR);
            doc.y = top + height;
        };
        return { height, draw };
    };
    const header = prepare({ cells: columns.map(({ title }) => title) }, 'bold');
    const drawHeader = () => {
        header.draw();
        doc.y -= 1;
        rule('black');
        doc.y += 3;
    };
    return { prepare, drawHeader, headerHeight: header.height };
}

const measure = (doc: Doc, text: string, width: number): number => doc.heightOfString(text, { width });
