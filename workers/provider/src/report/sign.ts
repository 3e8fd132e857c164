import { createHash } from 'node:crypto';
import { failure } from '@ocm/runtime';
import { equalBytes, fromBase64, fromHex, sign, toBase64, toHex, verify } from '@ocm/sdk/core';
import { type ReportSignature, reportSignature } from '@ocm/sdk/http';
import { type Keypair, PublicKey } from '@solana/web3.js';

const FORMAT = 'OCM/report/v1';
const DOMAIN_BYTES = 16;
const SECRET_SEED_BYTES = 32;

/** 16 bytes of domain and the file's SHA-256: too short for a transaction, so that the key may also sign those. */
function messageOf(sha256: Uint8Array): Uint8Array {
    const message = new Uint8Array(DOMAIN_BYTES + sha256.length);
    message.set(new TextEncoder().encode(FORMAT));
    message.set(sha256, DOMAIN_BYTES);
    return message;
}

const hashOf = (file: Uint8Array): Uint8Array => Uint8Array.from(createHash('sha256').update(file).digest());

/** SHA-256 in hexadecimal digits. */
export const hashReport = (file: Uint8Array): string => toHex(hashOf(file));

/** A detached signature of a report. The same file gives the same signature. */
export function signReport(file: Uint8Array, signer: Keypair): ReportSignature {
    const sha256 = hashOf(file);
    return {
        format: FORMAT,
        algorithm: 'ed25519',
        sha256: toHex(sha256),
        publicKey: signer.publicKey.toBase58(),
        signature: toBase64(sign(signer.secretKey.subarray(0, SECRET_SEED_BYTES), messageOf(sha256))),
    };
}

/**
 * @param expectedKey base58; whoever leaves it out learns only that the holder of the named key signed.
 * @throws MKT_PROVIDER__REPORT_SIGNATURE_WRONG telling what does not fit
 */
export function assertReportSigned(file: Uint8Array, signature: unknown, expectedKey?: string): ReportSignature {
    const wrong = (why: string) =>
        failure('MKT_PROVIDER__REPORT_SIGNATURE_WRONG', `the report is not as signed: ${why}`);
    const parsed = reportSignature.safeParse(signature);
    if (!parsed.success) throw wrong('the signature file is not one of this format');
    const { sha256, publicKey } = parsed.data;
    const hash = hashOf(file);
    if (!equalBytes(hash, fromHex(sha256))) throw wrong(`its SHA-256 is ${toHex(hash)}, signed was ${sha256}`);
    if (expectedKey !== undefined && expectedKey !== publicKey) throw wrong(`it was signed by ${publicKey}`);
    if (!isSignedBy(publicKey, hash, parsed.data.signature)) throw wrong('the signature does not fit its key');
    return parsed.data;
}

function isSignedBy(publicKey: string, hash: Uint8Array, signature: string): boolean {
    try {
        return verify(new PublicKey(publicKey).toBytes(), messageOf(hash), fromBase64(signature));
    } catch {
        return false;
    }
}
