import { z } from 'zod';
import { receiptResponse } from './node.js';
import { address, base64Of, hash32, SIGNATURE_BYTES, TOKEN_BYTES, u64String } from './primitives.js';

/** HTTP interface of a content provider's worker: issues tokens, takes copies of receipts, shows what it co-signed. */
export const TOKENS_PATH = '/v1/tokens';
/** `POST`, body `signedReceipt`, answer `receiptCopyResponse`: the client's copy, which no node can lose. */
export const RECEIPT_COPIES_PATH = '/v1/receipts';
export const PROVIDER_STATUS_PATH = '/v1/status';

export const tokenRequest = z.object({
    /** The node that the router chose. */
    node: address,
    /** Fresh Ed25519 public key of this session, base64. */
    clientPublicKey: base64Of(32),
});
export type TokenRequest = z.infer<typeof tokenRequest>;
export const tokenResponse = z.object({
    token: base64Of(TOKEN_BYTES),
    tokenSignature: base64Of(SIGNATURE_BYTES),
    contract: address,
    epoch: z.number().int(),
    /** Unix seconds of the cluster's Clock as the token was issued: viewers judge its life by it, not by their own clocks. */
    clusterTimeSecs: z.number().int().positive().optional(),
});
export type TokenResponse = z.infer<typeof tokenResponse>;

/**
 * `POST`, bearer secret of the content provider, body `issuedToken`, answer `issuedTokenResponse`: tells the worker of a
 * token that the provider's own service issued with the library, so that it co-signs what is delivered under it.
 */
export const ISSUED_TOKENS_PATH = '/v1/tokens/issued';
export const issuedToken = z.object({ token: base64Of(TOKEN_BYTES), tokenSignature: base64Of(SIGNATURE_BYTES) });
export type IssuedToken = z.infer<typeof issuedToken>;
export const issuedTokenResponse = z.object({ tokenHash: hash32 });

/** The highest copy that the provider holds for the token, this one or a later one. */
export const receiptCopyResponse = receiptResponse;
export type ReceiptCopyResponse = z.infer<typeof receiptCopyResponse>;

export const providerStatus = z.object({
    contracts: z.array(address),
    tokensIssued: z.number().int(),
    receiptCopies: z.number().int(),
    commitments: z.array(
        z.object({
            commitment: address,
            contract: address,
            epoch: z.number().int(),
            root: hash32,
            totalBytes: u64String,
            verdict: z.enum(['cosigned', 'refused', 'waiting']),
            reason: z.string(),
        }),
    ),
});
export type ProviderStatus = z.infer<typeof providerStatus>;
