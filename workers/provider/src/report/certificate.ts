import { createPrivateKey, generateKeyPair, type KeyObject, randomBytes, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { errorMessageOf, failure, writeFileAtomic } from '@ocm/runtime';
import forge from 'node-forge';

const MAX_P12_BYTES = 1 << 20;
const MAX_PASSPHRASE_BYTES = 4_096;
const RSA_BITS = 3_072;
const SELF_SIGNED_YEARS = 10;
const DAY_MS = 86_400_000;

/** What signs PDF files. */
export interface Certificate {
    /** Whom it names: organisation or common name, else the whole subject. */
    name: string;
    /** SHA-256, hexadecimal digits with colons. */
    fingerprint: string;
    validFrom: Date;
    validTo: Date;
    isSelfSigned: boolean;
    /** DER, its own first. */
    certificates: readonly Uint8Array[];
    privateKey: KeyObject;
}
export interface P12Source {
    path: string;
    passphrase?: string | undefined;
    /** File with the passphrase, instead; a line break at its end does not count. */
    passphrasePath?: string | undefined;
}

const unusable = (path: string, why: string, cause?: unknown) =>
    failure('MKT_PROVIDER__REPORT_CERTIFICATE_UNUSABLE', `${path}: ${why}`, { path }, cause);

/** The organisation's certificate. @throws MKT_PROVIDER__REPORT_CERTIFICATE_UNUSABLE */
export async function readCertificate({ path, passphrase, passphrasePath }: P12Source): Promise<Certificate> {
    const file = await readBounded(path, MAX_P12_BYTES);
    const secret =
        passphrasePath === undefined
            ? (passphrase ?? '')
            : (await readBounded(passphrasePath, MAX_PASSPHRASE_BYTES)).toString('utf8').replace(/\r?\n$/, '');
    return parseP12(path, file, secret);
}

/**
 * The certificate of an organisation that has none: made once, kept in the folder, named by the key that signs reports, whose
 * detached signature says that the same hand made both.
 */
export async function openOwnCertificate(folder: string, reportKey: string): Promise<Certificate> {
    const path = join(folder, `report-certificate-${reportKey}.p12`);
    const known = await readFile(path).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return null;
        throw unusable(path, errorMessageOf(error), error);
    });
    const certificate = known === null ? null : parseP12(path, known, '');
    if (certificate !== null && certificate.validTo.getTime() > Date.now()) return certificate;
    const made = await makeP12(reportKey);
    await writeFileAtomic(path, made, 0o600);
    return parseP12(path, made, '');
}

/** @throws MKT_PROVIDER__REPORT_CERTIFICATE_UNUSABLE: a signature by it would be worth nothing */
export function assertValidAt({ name, validFrom, validTo }: Certificate, now: Date): void {
    if (now >= validFrom && now < validTo) return;
    throw unusable(
        name,
        `the certificate is valid from ${validFrom.toISOString()} to ${validTo.toISOString()}; renew it`,
    );
}

function parseP12(path: string, file: Buffer, passphrase: string): Certificate {
    const { privateKey, certificates } = openP12(path, file, passphrase);
    const parsed = certificates.map((der) => new X509Certificate(der));
    const own = parsed.find((candidate) => candidate.checkPrivateKey(privateKey));
    if (own === undefined) throw unusable(path, 'it has no certificate for its key');
    const others = certificates.filter((_, place) => parsed[place] !== own);
    const { CN: common, O: organisation } = own.toLegacyObject().subject as Partial<Record<'CN' | 'O', string>>;
    return {
        name: [organisation, common].find((name) => typeof name === 'string' && name !== '') ?? own.subject,
        fingerprint: own.fingerprint256,
        validFrom: new Date(own.validFrom),
        validTo: new Date(own.validTo),
        isSelfSigned: own.issuer === own.subject && own.verify(own.publicKey),
        certificates: [own.raw, ...others],
        privateKey,
    };
}

function openP12(path: string, file: Buffer, passphrase: string): { privateKey: KeyObject; certificates: Buffer[] } {
    const { oids } = forge.pki;
    try {
        const p12 = forge.pkcs12.pkcs12FromAsn1(forge.asn1.fromDer(file.toString('binary')), false, passphrase);
        const bagsOf = (bagType: string) => p12.getBags({ bagType })[bagType] ?? [];
        const key = [...bagsOf(oids.pkcs8ShroudedKeyBag ?? ''), ...bagsOf(oids.keyBag ?? '')].find(
            (bag) => bag.key,
        )?.key;
        if (!key) throw new Error('it has no RSA key');
        // What the library cannot read, a certificate with a key of another kind, it hands on as it is.
        const certificates = bagsOf(oids.certBag ?? '').map(({ cert, asn1 }) => {
            const node = cert ? forge.pki.certificateToAsn1(cert) : asn1;
            return Buffer.from(forge.asn1.toDer(node).getBytes(), 'binary');
        });
        return { privateKey: createPrivateKey(forge.pki.privateKeyToPem(key)), certificates };
    } catch (error) {
        const why = `it is no PKCS#12 file with an RSA key and a certificate that its passphrase opens (${errorMessageOf(error)})`;
        throw unusable(path, why, error);
    }
}

async function makeP12(name: string): Promise<Buffer> {
    const pair = await promisify(generateKeyPair)('rsa', { modulusLength: RSA_BITS });
    const pem = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const privateKey = forge.pki.privateKeyFromPem(pem);
    const certificate = forge.pki.createCertificate();
    certificate.publicKey = forge.pki.publicKeyFromPem(
        pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    );
    // Positive, whatever the first bit is.
    certificate.serialNumber = `00${randomBytes(16).toString('hex')}`;
    const begin = new Date(Date.now() - DAY_MS);
    certificate.validity.notBefore = begin;
    certificate.validity.notAfter = new Date(begin.getTime() + SELF_SIGNED_YEARS * 365 * DAY_MS);
    const subject = [{ name: 'commonName', value: name }];
    certificate.setSubject(subject);
    certificate.setIssuer(subject);
    certificate.setExtensions([
        { name: 'basicConstraints', cA: false, critical: true },
        { name: 'keyUsage', digitalSignature: true, nonRepudiation: true, critical: true },
        { name: 'subjectKeyIdentifier' },
    ]);
    certificate.sign(privateKey, forge.md.sha256.create());
    const p12 = forge.pkcs12.toPkcs12Asn1(privateKey, [certificate], '', { algorithm: 'aes256' });
    return Buffer.from(forge.asn1.toDer(p12).getBytes(), 'binary');
}

async function readBounded(path: string, maxBytes: number): Promise<Buffer> {
    try {
        if ((await stat(path)).size > maxBytes) throw new Error(`it is larger than ${maxBytes} bytes`);
        return await readFile(path);
    } catch (error) {
        throw unusable(path, `it cannot be read (${errorMessageOf(error)})`, error);
    }
}
