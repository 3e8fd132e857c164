import { plainAddPlaceholder } from '@signpdf/placeholder-plain';
import { Signer, SignPdf } from '@signpdf/signpdf';
import { assertValidAt, type Certificate, openOwnCertificate, type P12Source, readCertificate } from './certificate.js';
import { signCms } from './cms.js';

const SUB_FILTER = 'ETSI.CAdES.detached';
/** What a CMS signature has beside certificates, with room. */
const SIGNATURE_ROOM_BYTES = 4_096;

export interface PdfSignerOptions {
    /** The organisation's certificate; without it one of its own is made. */
    p12: P12Source | null;
    dataDir: string;
    /** Base58 of the key that signs reports. */
    reportKey: string;
    now?: () => Date;
}
export interface PdfSigner {
    certificate(): Promise<Certificate>;
    /** Appends a signature, with the time, to a PDF; what was there stays as it was. */
    sign(file: Uint8Array): Promise<Uint8Array>;
}

/** Signs PDF files as PAdES baseline B-B. Nothing is read before it is needed. */
export function createPdfSigner({ p12, dataDir, reportKey, now = () => new Date() }: PdfSignerOptions): PdfSigner {
    let opened: Promise<Certificate> | undefined;
    const certificate = async (): Promise<Certificate> => {
        opened ??= p12 === null ? openOwnCertificate(dataDir, reportKey) : readCertificate(p12);
        try {
            const found = await opened;
            assertValidAt(found, now());
            return found;
        } catch (error) {
            // Read anew when asked again: somebody may have mended it meanwhile.
            opened = undefined;
            throw error;
        }
    };
    return {
        certificate,
        async sign(file) {
            const found = await certificate();
            const signingTime = now();
            const room = found.certificates.reduce((sum, { length }) => sum + length, SIGNATURE_ROOM_BYTES);
            const prepared = plainAddPlaceholder({
                pdfBuffer: Buffer.from(file),
                reason: `Delivery report, key ${reportKey}`,
                contactInfo: '',
                name: found.name,
                location: '',
                signingTime,
                signatureLength: room,
                subFilter: SUB_FILTER,
                // A name of PDF, which has no spaces.
                appName: 'OpenCapacityMarketplace',
            });
            return new SignPdf().sign(prepared, new CertificateSigner(found), signingTime);
        },
    };
}

class CertificateSigner extends Signer {
    readonly #certificate: Certificate;

    constructor(certificate: Certificate) {
        super();
        this.#certificate = certificate;
    }

    override async sign(content: Buffer): Promise<Buffer> {
        return signCms(content, this.#certificate);
    }
}
