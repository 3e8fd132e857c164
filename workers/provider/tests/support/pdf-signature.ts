import { createHash, createVerify, X509Certificate } from 'node:crypto';
import forge from 'node-forge';

const { asn1 } = forge;
const SIGNING_TIME = '1.2.840.113549.1.9.5';
const MESSAGE_DIGEST = '1.2.840.113549.1.9.4';
const SIGNING_CERTIFICATE_V2 = '1.2.840.113549.1.9.16.2.47';
type Node = forge.asn1.Asn1;

const childrenOf = (node: Node | undefined): Node[] => (node?.value ?? []) as Node[];
const bytesOf = (node: Node | undefined): Buffer => Buffer.from(String(node?.value ?? ''), 'binary');
const toDer = (node: Node): Buffer => Buffer.from(asn1.toDer(node).getBytes(), 'binary');
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

/** What a reader checks of a signature inside a PDF, step by step. */
export interface PdfSignatureVerdict {
    /** All of the file but the signature itself is signed. */
    coversAll: boolean;
    digestFits: boolean;
    /** The certificate's key made the signature. */
    signatureFits: boolean;
    /** The signature names this certificate by its hash. */
    namesCertificate: boolean;
    hasSigningTimeAttribute: boolean;
    certificate: X509Certificate;
    certificateCount: number;
}

/** Reads CMS by its structure alone (RFC 5652), with nothing of what wrote it. */
export function readPdfSignature(file: Uint8Array): PdfSignatureVerdict {
    const raw = Buffer.from(file);
    const text = raw.toString('latin1');
    const numbers = /\/ByteRange \[(\d+) (\d+) (\d+) (\d+)\]/.exec(text)?.slice(1).map(Number) ?? [];
    const [from = -1, length = 0, next = 0, rest = 0] = numbers;
    const hex = text.slice(length + 1, next - 1);
    const coversAll = from === 0 && next + rest === raw.length && /^[0-9a-f]+$/.test(hex);
    const signed = Buffer.concat([raw.subarray(from, length), raw.subarray(next, next + rest)]);

    const contents = Buffer.from(hex, 'hex').toString('binary');
    const contentInfo = asn1.fromDer(contents, { parseAllBytes: false } as never);
    const signedData = childrenOf(childrenOf(childrenOf(contentInfo)[1])[0]);
    const [, , , certificates, signerInfos] = signedData;
    const [, issuerAndSerial, , attributes, , signature] = childrenOf(childrenOf(signerInfos)[0]);
    const ders = childrenOf(certificates).map(toDer);
    const serial = bytesOf(childrenOf(issuerAndSerial)[1]).toString('hex').replace(/^0+/, '').toUpperCase();
    const own = ders.find((der) => new X509Certificate(der).serialNumber.replace(/^0+/, '') === serial);
    if (own === undefined) throw new Error('the signer has no certificate in the signature');
    const certificate = new X509Certificate(own);
    const values = new Map(
        childrenOf(attributes).map((attribute) => {
            const [type, value] = childrenOf(attribute);
            return [asn1.derToOid(String(type?.value)), childrenOf(value)[0]];
        }),
    );
    const asSet = asn1.create(asn1.Class.UNIVERSAL, asn1.Type.SET, true, childrenOf(attributes));
    const essCertId = childrenOf(childrenOf(values.get(SIGNING_CERTIFICATE_V2))[0])[0];
    return {
        coversAll,
        digestFits: bytesOf(values.get(MESSAGE_DIGEST)).equals(sha256(signed)),
        signatureFits: createVerify('sha256').update(toDer(asSet)).verify(certificate.publicKey, bytesOf(signature)),
        namesCertificate: bytesOf(childrenOf(essCertId)[0]).equals(sha256(own)),
        hasSigningTimeAttribute: values.has(SIGNING_TIME),
        certificate,
        certificateCount: ders.length,
    };
}
