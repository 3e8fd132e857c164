import { createHash, createSign, type KeyObject, X509Certificate } from 'node:crypto';
import forge from 'node-forge';

const { asn1 } = forge;
const { Class, Type } = asn1;
const OIDS = {
    data: '1.2.840.113549.1.7.1',
    signedData: '1.2.840.113549.1.7.2',
    contentType: '1.2.840.113549.1.9.3',
    messageDigest: '1.2.840.113549.1.9.4',
    signingCertificateV2: '1.2.840.113549.1.9.16.2.47',
    sha256: '2.16.840.1.101.3.4.2.1',
    rsaEncryption: '1.2.840.113549.1.1.1',
} as const;

type Node = forge.asn1.Asn1;
const sequence = (...parts: Node[]): Node => asn1.create(Class.UNIVERSAL, Type.SEQUENCE, true, parts);
const set = (...parts: Node[]): Node => asn1.create(Class.UNIVERSAL, Type.SET, true, parts);
const tagged = (...parts: Node[]): Node => asn1.create(Class.CONTEXT_SPECIFIC, 0, true, parts);
const octets = (bytes: Uint8Array): Node =>
    asn1.create(Class.UNIVERSAL, Type.OCTETSTRING, false, Buffer.from(bytes).toString('binary'));
const oid = (name: keyof typeof OIDS): Node =>
    asn1.create(Class.UNIVERSAL, Type.OID, false, asn1.oidToDer(OIDS[name]).getBytes());
const integer = (value: number): Node =>
    asn1.create(Class.UNIVERSAL, Type.INTEGER, false, asn1.integerToDer(value).getBytes());
const toDer = (node: Node): Buffer => Buffer.from(asn1.toDer(node).getBytes(), 'binary');
const fromDer = (der: Uint8Array): Node => asn1.fromDer(Buffer.from(der).toString('binary'));
const sha256 = (bytes: Uint8Array): Buffer => createHash('sha256').update(bytes).digest();

export interface CmsSigner {
    /** DER, the signer's own first. */
    certificates: readonly Uint8Array[];
    /** RSA. */
    privateKey: KeyObject;
}

/**
 * A detached CMS signature as PAdES baseline B-B wants it (ETSI EN 319 142-1): the attribute that names the certificate by
 * its hash, so that no other with the same key can be put in its place, and none with a time, which the PDF tells. The
 * library's own signer does it the other way round.
 */
export function signCms(content: Uint8Array, { certificates, privateKey }: CmsSigner): Buffer {
    const [own] = certificates;
    if (own === undefined) throw new Error('a signer has a certificate');
    const attributes = inDerOrder([
        sequence(oid('contentType'), set(oid('data'))),
        sequence(oid('messageDigest'), set(octets(sha256(content)))),
        // ESSCertIDv2 with SHA-256, which is its default and so left out.
        sequence(oid('signingCertificateV2'), set(sequence(sequence(sequence(octets(sha256(own))))))),
    ]);
    // Signed as a SET, sent as [0] (RFC 5652 5.4).
    const signature = createSign('sha256')
        .update(toDer(set(...attributes)))
        .sign(privateKey);
    const signerInfo = sequence(
        integer(1),
        issuerAndSerial(own),
        algorithm('sha256'),
        tagged(...attributes),
        algorithm('rsaEncryption'),
        octets(signature),
    );
    const signedData = sequence(
        integer(1),
        set(algorithm('sha256')),
        sequence(oid('data')),
        tagged(...inDerOrder(certificates.map(fromDer))),
        set(signerInfo),
    );
    return toDer(sequence(oid('signedData'), tagged(signedData)));
}

const algorithm = (name: 'sha256' | 'rsaEncryption'): Node =>
    sequence(oid(name), asn1.create(Class.UNIVERSAL, Type.NULL, false, ''));

/** Of the certificate as it is: what is decoded and encoded anew may differ. */
function issuerAndSerial(certificate: Uint8Array): Node {
    const { serialNumber } = new X509Certificate(certificate);
    const [tbs] = fromDer(certificate).value as Node[];
    const fields = (tbs?.value ?? []) as Node[];
    const at = fields.findIndex(({ type, tagClass }) => tagClass === Class.UNIVERSAL && type === Type.INTEGER);
    const [serial, , issuer] = fields.slice(at);
    if (serial === undefined || issuer === undefined) throw new Error(`certificate ${serialNumber} has no issuer`);
    return sequence(issuer, serial);
}

const inDerOrder = (nodes: Node[]): Node[] =>
    nodes
        .map((node) => ({ node, der: toDer(node) }))
        .sort((left, right) => Buffer.compare(left.der, right.der))
        .map(({ node }) => node);
