import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import https from 'node:https';
import { join } from 'node:path';
import tls from 'node:tls';
import forge from 'node-forge';
import type { Answer } from './support.js';

const DAY_MS = 86_400_000;

export interface TestCertificate {
    certPath: string;
    keyPath: string;
    cert: string;
    serial: string;
}
let serials = 0x1000;
/** A self-signed certificate for these names, made anew so that no key is in the repository. */
export async function issue(
    folder: string,
    names: string[],
    { file = 'tls', fromMs = -DAY_MS, toMs = 10 * DAY_MS }: { file?: string; fromMs?: number; toMs?: number } = {},
): Promise<TestCertificate> {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const keyPem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
    const key = forge.pki.privateKeyFromPem(keyPem);
    const made = forge.pki.createCertificate();
    made.publicKey = forge.pki.setRsaPublicKey(key.n, key.e);
    serials += 1;
    made.serialNumber = serials.toString(16);
    made.validity.notBefore = new Date(Date.now() + fromMs);
    made.validity.notAfter = new Date(Date.now() + toMs);
    made.setSubject([{ name: 'commonName', value: names[0] ?? '' }]);
    made.setIssuer([{ name: 'commonName', value: names[0] ?? '' }]);
    made.setExtensions([{ name: 'subjectAltName', altNames: names.map((value) => ({ type: 2, value })) }]);
    made.sign(key, forge.md.sha256.create());
    const cert = forge.pki.certificateToPem(made);
    const [certPath, keyPath] = [join(folder, `${file}.crt`), join(folder, `${file}.key`)];
    await writeFile(certPath, cert);
    await writeFile(keyPath, keyPem, { mode: 0o600 });
    return { certPath, keyPath, cert, serial: made.serialNumber.toUpperCase() };
}

export interface Secure {
    ca: string | string[];
    servername?: string;
    localAddress?: string;
}
export const connect2 = (
    base: string,
    { ca, servername = 'localhost', localAddress }: Secure,
): http2.ClientHttp2Session => {
    const session = http2.connect(base, { ca, servername, ...(localAddress === undefined ? {} : { localAddress }) });
    session.on('error', () => undefined);
    return session;
};

export interface Answer2 extends Answer {
    /** Of RST_STREAM; 0 if the stream ended well. */
    rstCode: number;
}
export function ask2(
    session: http2.ClientHttp2Session,
    path: string,
    { body, ...headers }: http2.OutgoingHttpHeaders & { body?: string } = {},
): Promise<Answer2> {
    return new Promise((resolve, reject) => {
        const stream = session.request({ ':path': path, ...headers }, { endStream: body === undefined });
        const chunks: Buffer[] = [];
        let received: http2.IncomingHttpHeaders = {};
        stream.on('response', (found) => {
            received = found;
        });
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('error', () => undefined);
        stream.on('close', () => {
            const status = Number((received as Record<string, unknown>)[':status'] ?? 0);
            if (status === 0 && stream.rstCode === 0) reject(new Error('the connection ended'));
            resolve({ status, headers: received, body: Buffer.concat(chunks), rstCode: stream.rstCode });
        });
        if (body !== undefined) stream.end(body);
    });
}

/** HTTP/1.1 over TLS. */
export function askTls(
    base: string,
    path: string,
    { ca, servername = 'localhost', localAddress }: Secure,
): Promise<Answer> {
    const { hostname: host, port } = new URL(base);
    return new Promise((resolve, reject) => {
        const sent = https.request({ host, port, path, ca, servername, localAddress, agent: false }, (response) => {
            const chunks: Buffer[] = [];
            response.on('data', (chunk: Buffer) => chunks.push(chunk));
            response.on('end', () =>
                resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
            );
        });
        sent.on('error', reject);
        sent.end();
    });
}

/** A bare connection after its handshake. */
export function connectTls(base: string, options: tls.ConnectionOptions): Promise<tls.TLSSocket> {
    const { hostname: host, port } = new URL(base);
    return new Promise((resolve, reject) => {
        const socket = tls.connect({ host, port: Number(port), servername: 'localhost', ...options }, () =>
            resolve(socket),
        );
        socket.on('error', reject);
    });
}
