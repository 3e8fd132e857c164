import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliveryReport } from '@ocm/sdk/http';
import { Keypair } from '@solana/web3.js';
import { describe, expect, it } from 'vitest';
import { formatCsv } from '../src/report/csv.js';
import { createHourNamer } from '../src/report/hours.js';
import { formatPdf } from '../src/report/pdf.js';
import { assertReportSigned, signReport } from '../src/report/sign.js';
import { readPdfText } from './support/pdf-text.js';
import { createReportFixture } from './support/report.js';

const isPdftotextInstalled = spawnSync('pdftotext', ['-v']).error === undefined;

describe('a report as CSV', () => {
    const linesOf = (reason?: string) =>
        Buffer.from(formatCsv(createReportFixture(reason === undefined ? {} : { reason })))
            .toString('utf8')
            .split('\r\n');

    it('has one figure a row, whole to the unit, and says what is not known', () => {
        const lines = linesOf();
        expect(lines[0]).toBe('section,item,measure,value,unit');
        expect(lines).toContain('delivery,all,committed,18446744073709551615,bytes');
        expect(lines).toContain('hour,2027-01-15T09:00+01:00,delivered,18446744073709551614,bytes');
        expect(lines).toContain('cache,all,share from cache,not known,parts per million');
        expect(lines).toContain('epoch,2/0,delivered,not known,bytes');
        expect(lines.some((line) => line.startsWith('not proved,1,text,'))).toBe(true);
        expect(lines.at(-1)).toBe('');
    });

    it.each([
        '=HYPERLINK("http://evil.example";"x")',
        '+1+1',
        '-2+3',
        '@SUM(A1)',
        '\t=1',
        '\r=1',
        '＝1+1',
        "=cmd|'/c calc'!A0",
    ])('lets no text of others become a formula: %j', (reason) => {
        const text = linesOf(reason).join('\r\n');
        const cell = /epoch,0\/0,reason,("?)(.)/s.exec(text);
        expect(cell?.[2]).toBe("'");
    });

    it('quotes commas, quotes and line breaks, so that no text begins a row of its own', () => {
        const text = linesOf('a "quoted", reason\r\npayee,x,paid,1,').join('\r\n');
        expect(text).toContain('epoch,0/0,reason,"a ""quoted"", reason\r\npayee,x,paid,1,",');
    });
});

describe('a report as PDF', () => {
    it('is the same for the same data, and dated by it', async () => {
        const [first, second] = [await formatPdf(createReportFixture()), await formatPdf(createReportFixture())];
        expect(Buffer.from(first).equals(second)).toBe(true);
        expect(Buffer.from(first).toString('latin1')).toContain('(D:20270115110000Z)');
    });

    it('embeds its fonts and goes on over pages with every row once and a header on each', async () => {
        const file = await formatPdf(createReportFixture({ epochs: 200 }));
        const raw = Buffer.from(file).toString('latin1');
        expect(raw).toContain('/FontFile2');
        expect(raw).not.toMatch(/\/BaseFont \/Helvetica/);
        const pages = readPdfText(file);
        expect(pages.length).toBeGreaterThan(3);
        const text = pages.join('\n');
        for (let epoch = 0; epoch < 200; epoch += 1)
            expect(text.split('\n').filter((line) => line === `${epoch}/0`)).toHaveLength(1);
        expect(pages.filter((page) => page.includes('199/0'))).toHaveLength(1);
        const withEpochs = pages.filter((page) => /^\d+\/0$/m.test(page));
        for (const page of withEpochs) expect(page).toContain('Epoch/kind');
        for (const [place, page] of pages.entries()) expect(page).toContain(`page ${place + 1} of ${pages.length}`);
        expect(text).toContain('18446744073709551615');
        expect(text.replace(/\s+/g, ' ')).toContain('not proof of a human viewer');
    });

    it('takes whatever text there is in a reason', async () => {
        const reason = `${'x'.repeat(480)} \u202e<script>\u0000)\\ ∑`;
        const text = readPdfText(await formatPdf(createReportFixture({ reason }))).join('');
        expect(text.replaceAll('\n', '')).toContain('<script>');
    });

    it.skipIf(!isPdftotextInstalled)('is readable by pdftotext', async () => {
        const folder = await mkdtemp(join(tmpdir(), 'ocm-pdf-'));
        await writeFile(join(folder, 'report.pdf'), await formatPdf(createReportFixture()));
        const { stdout, status } = spawnSync('pdftotext', ['-layout', join(folder, 'report.pdf'), '-']);
        await rm(folder, { recursive: true });
        expect(status).toBe(0);
        expect(stdout.toString()).toMatch(/Committed bytes\s+18446744073709551615/);
    });
});

describe('a report’s signature', () => {
    const signer = Keypair.generate();
    const wrong = expect.objectContaining({ code: 'MKT_PROVIDER__REPORT_SIGNATURE_WRONG' });

    it('holds for the file and key, and for the same file is the same', async () => {
        const file = await formatPdf(createReportFixture());
        const signature = signReport(file, signer);
        expect(signReport(file, signer)).toEqual(signature);
        expect(assertReportSigned(file, JSON.parse(JSON.stringify(signature)), signer.publicKey.toBase58())).toEqual(
            signature,
        );
        expect(() => assertReportSigned(file, signature, Keypair.generate().publicKey.toBase58())).toThrow(wrong);
    });

    it('fails after one changed byte, wherever it is', async () => {
        const file = await formatPdf(createReportFixture());
        const signature = signReport(file, signer);
        for (const place of [0, 100, file.length >> 1, file.length - 1]) {
            const changed = Uint8Array.from(file);
            changed[place] = (changed[place] ?? 0) ^ 1;
            expect(() => assertReportSigned(changed, signature)).toThrow(wrong);
            // Also when the hash is made to fit.
            const refitted = { ...signature, sha256: signReport(changed, Keypair.generate()).sha256 };
            expect(() => assertReportSigned(changed, refitted)).toThrow(wrong);
        }
        expect(() => assertReportSigned(file.subarray(0, -1), signature)).toThrow(wrong);
    });

    it.each([null, 'text', {}, { ...signReport(new Uint8Array(1), signer), signature: 'A'.repeat(88) }, []])(
        'refuses %j as a signature file',
        (signature) => {
            expect(() => assertReportSigned(new Uint8Array(1), signature)).toThrow(wrong);
        },
    );
});

describe('hours of a report', () => {
    const at = (iso: string) => Date.parse(iso);

    it('are local, with their offset: the hour that comes twice has two names, the one that is left out none', () => {
        const { name } = createHourNamer('Europe/Berlin');
        expect(name(at('2026-10-25T00:30:00Z'))).toBe('2026-10-25T02:00+02:00');
        expect(name(at('2026-10-25T01:30:00Z'))).toBe('2026-10-25T02:00+01:00');
        expect(name(at('2026-03-29T00:59:59Z'))).toBe('2026-03-29T01:00+01:00');
        expect(name(at('2026-03-29T01:00:00Z'))).toBe('2026-03-29T03:00+02:00');
        expect(createHourNamer('Asia/Kathmandu').name(at('2026-01-01T00:10:00Z'))).toBe('2026-01-01T05:00+05:45');
        expect(createHourNamer('Asia/Kathmandu').name(at('2026-01-01T00:15:00Z'))).toBe('2026-01-01T06:00+05:45');
        expect(createHourNamer('UTC').name(at('2026-12-31T23:59:59Z'))).toBe('2026-12-31T23:00+00:00');
    });

    it('refuse what is no time zone', () => {
        for (const zone of ['', 'Mars/Olympus', '../etc/passwd', 'UTC; drop'])
            expect(() => createHourNamer(zone)).toThrow(
                expect.objectContaining({ code: 'MKT_PROVIDER__TIMEZONE_UNKNOWN' }),
            );
        expect(deliveryReport.parse(createReportFixture())).toBeDefined();
    });
});
