import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keypair } from '@solana/web3.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { formatReport } from '../src/report/formats.js';
import { createPdfSigner } from '../src/report/pdf-signer.js';
import { put } from './support/certificates.js';
import { readPdfSignature } from './support/pdf-signature.js';
import { createReportFixture } from './support/report.js';

const isInstalled = (program: string) => spawnSync(program, ['-v']).error === undefined;
const hasPdfsig = isInstalled('pdfsig');
if (!hasPdfsig) process.stderr.write('SKIPPED: a second opinion on signed PDFs needs pdfsig (poppler-utils)\n');

const reportKey = Keypair.generate().publicKey.toBase58();
const HOLDS = { coversAll: true, digestFits: true, signatureFits: true, namesCertificate: true };
/** Of each test; of all, with the certificate that takes a second to make. */
let folder: string;
let dataDir: string;
const makeFolder = () => mkdtemp(join(tmpdir(), 'ocm-signed-'));
const removeFolder = (path: string) => rm(path, { recursive: true, force: true });
beforeAll(async () => {
    dataDir = await makeFolder();
});
afterAll(() => removeFolder(dataDir));
beforeEach(async () => {
    folder = await makeFolder();
});
afterEach(() => removeFolder(folder));

const signed = async () => {
    const signer = createPdfSigner({ p12: null, dataDir, reportKey });
    return Buffer.from(await formatReport(createReportFixture(), 'pdf', async () => signer));
};
async function pdfsig(file: Uint8Array): Promise<string> {
    const path = await put(folder, 'report.pdf', file);
    const { stdout, stderr } = spawnSync('pdfsig', ['-nocert', path]);
    return `${stdout}${stderr}`;
}

describe('a PDF report', () => {
    it('is signed inside as PAdES wants it: all of it, by a certificate that it names, with its time in the dictionary', async () => {
        const file = await signed();
        const { certificate, ...verdict } = readPdfSignature(file);
        expect(verdict).toEqual({ ...HOLDS, hasSigningTimeAttribute: false, certificateCount: 1 });
        expect(certificate.subject).toBe(`CN=${reportKey}`);
        const text = file.toString('latin1');
        expect(text).toContain('/SubFilter /ETSI.CAdES.detached');
        const [, told = ''] = /\/M \(D:(\d{14})Z\)/.exec(text) ?? [];
        const iso = told.replace(/(....)(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6Z');
        expect(Math.abs(Date.now() - Date.parse(iso))).toBeLessThan(60_000);
    });

    it('holds no more after one changed byte, wherever it is', async () => {
        const file = await signed();
        const start = file.indexOf('/Contents <') + '/Contents <'.length;
        const places = [8, 500, file.length >> 1, start - 40, file.indexOf('>', start) + 20, file.length - 8];
        for (const place of places) {
            const changed = Buffer.from(file);
            changed[place] = (changed[place] ?? 0) ^ 1;
            const { coversAll, digestFits } = readPdfSignature(changed);
            expect([place, coversAll && digestFits]).toEqual([place, false]);
        }
        const appended = readPdfSignature(Buffer.concat([file, Buffer.from('\n% more')]));
        expect(appended.coversAll).toBe(false);
    });

    it.skipIf(!hasPdfsig)('is valid for pdfsig without a complaint, and not after one changed byte', async () => {
        const file = await signed();
        const told = await pdfsig(file);
        expect(told).toContain('Signature Validation: Signature is Valid.');
        expect(told).toContain('Signature Type: ETSI.CAdES.detached');
        expect(told).toContain('Total document signed');
        expect(told).not.toContain('Error');
        const changed = Buffer.from(file);
        const place = file.indexOf('/Creator');
        changed[place + 1] = 0x4b;
        expect(await pdfsig(changed)).toContain('Signature Validation: Digest Mismatch.');
    });

    it('keeps what it was before it was signed, the same for the same data', async () => {
        const [first, second] = [await signed(), await signed()];
        const unsignedOf = (file: Buffer) => file.subarray(0, file.indexOf('%%EOF'));
        expect(unsignedOf(first).equals(unsignedOf(second))).toBe(true);
    });
});
