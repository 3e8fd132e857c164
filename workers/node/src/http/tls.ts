import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { createSecureContext, type SecureContext, type Server } from 'node:tls';
import { errorMessageOf, failure } from '@ocm/runtime';

export interface TlsFiles {
    certPath: string;
    keyPath: string;
}
export interface TlsMaterial {
    cert: Buffer;
    key: Buffer;
}
interface Loaded extends TlsMaterial {
    context: SecureContext;
    leaf: X509Certificate;
}
/** Of a certificate in use: public facts only. */
export interface CertificateFacts {
    names: string[];
    /** Unix milliseconds. */
    notBeforeMs: number;
    notAfterMs: number;
}

/** Whether a request came over TLS, on either version of HTTP. */
export const isSecure = ({ socket }: IncomingMessage): boolean => 'encrypted' in socket && socket.encrypted === true;

/** Reads certificate chain and private key (PEM) and tries them. @throws MKT_NODE__TLS_UNUSABLE */
export async function readTls({ certPath, keyPath }: TlsFiles, field: string): Promise<TlsMaterial> {
    try {
        const [cert, key] = await Promise.all([readFile(certPath), readFile(keyPath)]);
        createSecureContext({ cert, key });
        return { cert, key };
    } catch (error) {
        throw failure(
            'MKT_NODE__TLS_UNUSABLE',
            `certificate ${certPath} and key ${keyPath} cannot be used (${errorMessageOf(error)}); correct ${field}`,
            {},
            error,
        );
    }
}

export function factsOf(certificate: X509Certificate): CertificateFacts {
    const names = (certificate.subjectAltName ?? '')
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name.startsWith('DNS:'))
        .map((name) => name.slice('DNS:'.length));
    return { names, notBeforeMs: Date.parse(certificate.validFrom), notAfterMs: Date.parse(certificate.validTo) };
}

/** The certificates of a listener. They may be replaced while it serves; connections that are open keep what they had. */
export class Certificates {
    #loaded: Loaded[] = [];
    readonly #servers = new Set<Server>();

    constructor(material: readonly TlsMaterial[]) {
        this.replace(material);
    }

    /** The first is for clients that name no host, or one that none is for. */
    replace(material: readonly TlsMaterial[]): void {
        this.#loaded = material.map(({ cert, key }) => ({
            cert,
            key,
            context: createSecureContext({ cert, key, minVersion: 'TLSv1.2' }),
            leaf: new X509Certificate(cert),
        }));
        for (const server of this.#servers) this.#show(server);
    }

    facts(): CertificateFacts[] {
        return this.#loaded.map(({ leaf }) => factsOf(leaf));
    }

    /** Without any certificate yet (ACME has not answered) every handshake fails. */
    options(): {
        SNICallback: (name: string, done: (error: Error | null, context?: SecureContext) => void) => void;
        cert?: Buffer;
        key?: Buffer;
    } {
        const [first] = this.#loaded;
        return {
            ...(first === undefined ? {} : { cert: first.cert, key: first.key }),
            SNICallback: (name, done) => done(null, this.#find(name)),
        };
    }

    /** Shows this server each replacement. */
    follow(server: Server): void {
        this.#servers.add(server);
        server.once('close', () => this.#servers.delete(server));
    }

    #find(name: string): SecureContext | undefined {
        const found = this.#loaded.find(({ leaf }) => leaf.checkHost(name) !== undefined) ?? this.#loaded[0];
        return found?.context;
    }

    #show(server: Server): void {
        const [first] = this.#loaded;
        if (first !== undefined) {
            server.setSecureContext({ cert: first.cert, key: first.key, minVersion: 'TLSv1.2' });
        }
    }
}
