import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Keypair } from '@solana/web3.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPdfSigner } from '../src/commands/open.js';
import type { ProviderConfig } from '../src/config.js';
import type { P12Source } from '../src/report/certificate.js';
import { formatReport } from '../src/report/formats.js';
import { createPdfSigner } from '../src/report/pdf-signer.js';
import { issueP12, put } from './support/certificates.js';
import { readPdfSignature } from './support/pdf-signature.js';
import { createReportFixture } from './support/report.js';

const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;
if (!hasOpenssl) process.stderr.write("SKIPPED: tests of an organisation's certificate need openssl\n");

const reportKey = Keypair.generate().publicKey.toBase58();
let folder: string;
beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ocm-certificate-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const signerOf = (p12: P12Source | null, key = reportKey) => createPdfSigner({ p12, dataDir: folder, reportKey: key });

describe('a certificate of its own', () => {
    it('is made once for each report key and kept for nobody else to read', async () => {
        const { fingerprint, isSelfSigned } = await signerOf(null).certificate();
        expect(isSelfSigned).toBe(true);
        expect((await signerOf(null).certificate()).fingerprint).toBe(fingerprint);
        const path = join(folder, `report-certificate-${reportKey}.p12`);
        expect((await stat(path)).mode & 0o777).toBe(0o600);
        const other = Keypair.generate().publicKey.toBase58();
        expect((await signerOf(null, other).certificate()).name).toBe(other);
        expect((await readFile(path)).length).toBeGreaterThan(0);
    });
});

describe.skipIf(!hasOpenssl)("an organisation's certificate", () => {
    it('signs with all that its file holds, and is told on the page', async () => {
        const path = await issueP12(folder, { organisation: 'Ärzte und Söhne' });
        const signer = signerOf({ path, passphrasePath: await put(folder, 'passphrase', 'secret\n') });
        const file = await formatReport(createReportFixture(), 'pdf', async () => signer);
        const { certificate, ...verdict } = readPdfSignature(file);
        const holds = { coversAll: true, digestFits: true, signatureFits: true, namesCertificate: true };
        expect(verdict).toMatchObject({ ...holds, certificateCount: 2 });
        expect(certificate.issuer).toBe('CN=Root');
        const root = new X509Certificate(await readFile(join(folder, 'root.pem')));
        expect(certificate.verify(root.publicKey)).toBe(true);
        expect(await signerOf({ path, passphrase: 'secret' }).certificate()).toMatchObject({
            name: 'Ärzte und Söhne',
            isSelfSigned: false,
        });
    });

    it.each<[string, () => Promise<P12Source>]>([
        ['is not there', async () => ({ path: join(folder, 'none.p12') })],
        ['is no PKCS#12 file', async () => ({ path: await put(folder, 'x.p12', 'hello') })],
        ['is too large', async () => ({ path: await put(folder, 'x.p12', Buffer.alloc((1 << 20) + 1)) })],
        ['has another passphrase', async () => ({ path: await issueP12(folder), passphrase: 'wrong' })],
        [
            'has its passphrase nowhere',
            async () => ({ path: await issueP12(folder), passphrasePath: `${folder}/none` }),
        ],
        [
            'has a key of another kind',
            async () => ({ path: await issueP12(folder, { key: 'ec:P-256' }), passphrase: 'secret' }),
        ],
    ])('that %s is refused, by its path or name', async (_, make) => {
        const source = await make();
        await expect(signerOf(source).certificate()).rejects.toMatchObject({
            code: 'MKT_PROVIDER__REPORT_CERTIFICATE_UNUSABLE',
        });
    });

    it.each([
        ['over', 31],
        ['not valid yet', -1],
    ])('that is %s when a report is asked for is refused, and signs again when the time is right', async (_, days) => {
        const p12 = { path: await issueP12(folder), passphrase: 'secret' };
        const clock = { days };
        const now = () => new Date(Date.now() + clock.days * 86_400_000);
        const signer = createPdfSigner({ p12, dataDir: folder, reportKey, now });
        const refusal = {
            code: 'MKT_PROVIDER__REPORT_CERTIFICATE_UNUSABLE',
            message: expect.stringContaining('renew'),
        };
        await expect(signer.sign(Buffer.from('%PDF-'))).rejects.toMatchObject(refusal);
        clock.days = 1;
        expect((await signer.certificate()).name).toBe('Example');
    });

    it('is looked at when the worker starts, where one is configured', async () => {
        const { publicKey } = Keypair.generate();
        const start = (reportCertificatePath?: string) =>
            openPdfSigner({ dataDir: folder, reportCertificatePath } as ProviderConfig, { publicKey } as Keypair);
        await expect(start(join(folder, 'none.p12'))).rejects.toMatchObject({
            code: 'MKT_PROVIDER__REPORT_CERTIFICATE_UNUSABLE',
        });
        await start();
        expect(await readdir(folder)).toEqual([]);
    });

    it('is read anew when it was mended, without a restart', async () => {
        const path = await put(folder, 'org.p12', 'broken');
        const signer = signerOf({ path, passphrase: 'secret' });
        await expect(signer.certificate()).rejects.toThrow(path);
        await issueP12(folder, { name: 'org' });
        expect((await signer.certificate()).name).toBe('Example');
    });
});
