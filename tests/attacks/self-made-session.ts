import {
    computeTreeHead,
    decodeToken,
    encodeReceipt,
    fromBase64,
    hashReceipt,
    hashToken,
    type KeyPair,
    sign,
} from '@ocm/sdk/core';
import type { IssuedToken } from '@ocm/sdk/http';
import type { FundedTrade, TestSession } from '../support/index.js';

/** A session as its operator commits it, signed by whoever holds the client's key. */
export function sessionOf({ contract }: FundedTrade, key: KeyPair, issued: IssuedToken, bytes: bigint): TestSession {
    const token = fromBase64(issued.token);
    const tokenHash = hashToken(token);
    const { notAfterSecs } = decodeToken(token);
    const receipt = encodeReceipt({
        tokenHash,
        seq: 1,
        objects: 1,
        bytes,
        lastMs: BigInt(notAfterSecs) * 1_000n - 1n,
        ttfbP95Ms: 20,
        stallCentisecs: 0,
        errors: 0,
        accumulator: new Uint8Array(32),
    });
    return {
        leaf: {
            tokenHash,
            bytes,
            objects: 1,
            class: 0,
            receiptHash: hashReceipt(receipt),
            logRoot: computeTreeHead([]),
        },
        evidence: {
            issuerKey: contract.issuer[0]?.toBytes() ?? new Uint8Array(32),
            token,
            tokenSignature: fromBase64(issued.tokenSignature),
            clientKey: key.publicKey,
            receipt,
            receiptSignature: sign(key.secretSeed, receipt),
        },
    };
}
