import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatPdf } from '../src/report/pdf.js';
import { readPdfText } from './support/pdf-text.js';
import { createReportFixture } from './support/report.js';

const MARGIN = 40;
const [PAGE_WIDTH, PAGE_HEIGHT] = [595.28, 841.89];
const arePopplerToolsInstalled = spawnSync('pdftotext', ['-v']).error === undefined;
if (!arePopplerToolsInstalled)
    process.stderr.write('SKIPPED: the look of PDFs needs pdftotext and pdftoppm (poppler-utils)\n');

const ARABIC = 'شركة التوصيل السريع';
const NAMES = {
    'a long name': 'A Very Long Name of an Organisation '.repeat(12),
    'a name of one endless word': 'x'.repeat(600),
    'a name from right to left': `${ARABIC} ${'المحدودة '.repeat(60)}`,
    'a name in a script that the font has not': '株式会社配信'.repeat(30),
    'a name of all of them': `${ARABIC} 株式会社 שלום עולם Ltd ${'\u202e'}txt.exe\u0000\u2029`.repeat(8),
};
let folder: string;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-layout-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A report in which this text stands wherever others' texts can. */
async function write(text: string): Promise<{ path: string; file: Uint8Array }> {
    const report = createReportFixture({ epochs: 30, reason: text });
    const [node] = report.byNode;
    const byFootprint = [{ footprints: [text], bytes: '1', sessions: 1 }];
    const all = { ...report, byFootprint, byNode: node === undefined ? [] : [node] };
    const file = await formatPdf(all, { name: text, fingerprint: 'AB:'.repeat(32), isSelfSigned: false });
    const path = join(folder, 'report.pdf');
    await writeFile(path, file);
    return { path, file };
}
/** What is printed of a text, without the places where lines break. */
const textOf = (file: Uint8Array) => readPdfText(file).join('').replaceAll('\n', '');

describe.skipIf(!arePopplerToolsInstalled)('the pages of a report', () => {
    it.each(Object.entries(NAMES))(
        'hold %s within their margins, and are drawn without a complaint',
        async (_, text) => {
            const { path } = await write(text);
            const boxes = spawnSync('pdftotext', ['-bbox', path, '-'], { maxBuffer: 64 << 20 }).stdout.toString();
            const words = [...boxes.matchAll(/xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)"/g)];
            expect(words.length).toBeGreaterThan(300);
            for (const [box, left = '', top = '', right = '', bottom = ''] of words) {
                expect(Number(left), box).toBeGreaterThanOrEqual(MARGIN - 1);
                expect(Number(top), box).toBeGreaterThanOrEqual(MARGIN - 1);
                expect(Number(right), box).toBeLessThanOrEqual(PAGE_WIDTH - MARGIN + 1);
                expect(Number(bottom), box).toBeLessThanOrEqual(PAGE_HEIGHT - 15);
            }
            const drawn = spawnSync('pdftoppm', ['-r', '20', '-png', path, join(folder, 'page')]);
            expect([drawn.status, drawn.stderr.toString()]).toEqual([0, '']);
        },
    );
});

describe('a text of others', () => {
    it('names by number what the font has not, and what would turn the text that follows', async () => {
        const { file } = await write('中 \u202etxt.exe\u2066 end');
        expect(textOf(file)).toContain('[U+4E2D] [U+202E]txt.exe[U+2066] end');
    });

    it('is shown as it is where the font has it', async () => {
        const { file } = await write('Ärzte & Söhne, Ελλάδα, Україна, ∑ 1 %');
        expect(textOf(file)).toContain('Ärzte & Söhne, Ελλάδα, Україна, ∑ 1 %');
    });

    it.skipIf(!arePopplerToolsInstalled)('is read from right to left where it runs so', async () => {
        const hebrew = 'שלום עולם טוב';
        const { path } = await write(`${hebrew} Ltd`);
        const boxes = spawnSync('pdftotext', ['-bbox', path, '-']).stdout.toString();
        // As glyphs lie: each word from its end, and the first word to the right of the next.
        const reverse = (word: string) => [...word].reverse().join('');
        const lefts = hebrew
            .split(' ')
            .map((word) => Number(new RegExp(`xMin="([\\d.]+)"[^>]*>${reverse(word)}<`).exec(boxes)?.[1]));
        const [first = 0, second = 0, third = 0] = lefts;
        expect(first).toBeGreaterThan(second);
        expect(second).toBeGreaterThan(third);
        expect(third).toBeGreaterThan(0);
        expect(boxes).toContain('>Ltd<');
    });
});
