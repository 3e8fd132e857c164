export type Column = { title: string; width: number; align?: 'left' | 'right' };

const ROW_GAP = 3;
const FONT_SIZE = 7.5;
const MARGIN_BOTTOM = 50;
const ROWS_PER_SLICE = 25;

/**
 * A table that goes on over pages, with its header on each. Cells wrap; a row is never divided, unless it is higher than
 * a page.
 */
export async function drawTable(
    doc: PDFKit.PDFDocument,
    columns: readonly Column[],
    rows: readonly (readonly string[])[],
): Promise<void> {
    const left = doc.page.margins.left;
    const heightOf = (cells: readonly string[], font: string) => {
        doc.font(font).fontSize(FONT_SIZE);
        const heights = columns.map(({ width }, place) => doc.heightOfString(cells[place] ?? '', { width: width - 6 }));
        return Math.max(...heights) + ROW_GAP;
    };
    const drawRow = (cells: readonly string[], font: string, height: number) => {
        doc.font(font).fontSize(FONT_SIZE);
        const top = doc.y;
        let x = left;
        for (const [place, { width, align = 'left' }] of columns.entries()) {
            // Without a line break of its own a cell would push the next one down.
            doc.text(cells[place] ?? '', x, top, { width: width - 6, align });
            x += width;
        }
        doc.x = left;
        doc.y = top + height;
    };
    const titles = columns.map(({ title }) => title);
    const drawHeader = () => {
        drawRow(titles, 'bold', heightOf(titles, 'bold'));
        const right = left + columns.reduce((sum, { width }) => sum + width, 0);
        doc.moveTo(left, doc.y - 1)
            .lineTo(right - 6, doc.y - 1)
            .lineWidth(0.4)
            .stroke();
        doc.y += 2;
    };
    const bottom = () => doc.page.height - MARGIN_BOTTOM;
    if (doc.y + 2 * heightOf(titles, 'bold') > bottom()) doc.addPage();
    drawHeader();
    for (const [place, row] of rows.entries()) {
        // The process issues tokens meanwhile.
        if (place % ROWS_PER_SLICE === ROWS_PER_SLICE - 1) await new Promise(setImmediate);
        const height = heightOf(row, 'body');
        if (doc.y + height > bottom()) {
            doc.addPage();
            drawHeader();
        }
        drawRow(row, 'body', height);
    }
    doc.moveDown(0.6);
}
