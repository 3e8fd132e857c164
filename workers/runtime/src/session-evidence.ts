import { type Contract, computeEpochBounds, type WithAddress } from '@ocm/sdk';
import {
    assertEvidence,
    decodeLeaf,
    decodeReceipt,
    decodeToken,
    type ErrorCode,
    type EvidenceTerms,
    fromBase64,
    hashToken,
    type Leaf,
    MarketplaceError,
    type Receipt,
    type Token,
    toHex,
    verify,
} from '@ocm/sdk/core';
import type { SessionEvidence } from '@ocm/sdk/http';
import type { PublicKey } from '@solana/web3.js';
import { failure } from './errors.js';

/** Kinds of delivery commitments (protocol 6.3). */
export const KIND_RECEIPTED_UNICAST = 0;
export const KIND_COSIGNED_ONLY = 1;
export const KIND_RECEIPTED_MULTICAST = 2;

export type SignedSession = Pick<SessionEvidence, 'token' | 'tokenSignature' | 'receipt' | 'receiptSignature' | 'leaf'>;
export type CheckedSession = { token: Token; tokenHash: Uint8Array; key: string; receipt: Receipt; leaf: Leaf };

/** What of a contract its sessions are judged by. */
export type SessionContract = Pick<
    WithAddress<Contract>,
    'address' | 'genesisAt' | 'epochLengthSecs' | 'tokenGraceSecs' | 'maxTokenBytes'
>;
export type SessionPlace = {
    clusterTag: number;
    epoch: number;
    kind: number;
    node: PublicKey;
    /** The contract's issuer in force in this epoch. */
    issuer: PublicKey;
};

/** What a session must fit to count for one commitment, as `prove_evidence` takes it from the accounts. */
export function toEvidenceTerms(contract: SessionContract, { node, issuer, ...place }: SessionPlace): EvidenceTerms {
    const { address, epochLengthSecs, tokenGraceSecs, maxTokenBytes } = contract;
    return {
        ...place,
        contract: address.toBytes(),
        epochEndAt: computeEpochBounds(contract, place.epoch).endsAt,
        epochLengthSecs,
        node: node.toBytes(),
        issuerKey: issuer.toBytes(),
        tokenGraceSecs,
        maxTokenBytes,
    };
}

/** How the rules of the chain are told; each of `assertEvidence` but for the two keys, which signatures decide here. */
const VERDICTS: Readonly<Partial<Record<ErrorCode, readonly [code: ErrorCode, message: string]>>> = {
    MKT_CORE__TOKEN_CONTRACT_WRONG: ['MKT_EVIDENCE__TOKEN_FOREIGN', 'its token is for another contract'],
    MKT_CORE__TOKEN_CLUSTER_WRONG: ['MKT_EVIDENCE__TOKEN_FOREIGN', 'its token is for another cluster'],
    MKT_CORE__TOKEN_EPOCH_WRONG: ['MKT_EVIDENCE__TOKEN_FOREIGN', 'its token is for another epoch'],
    MKT_CORE__TOKEN_NODE_WRONG: ['MKT_EVIDENCE__TOKEN_FOREIGN', 'its token is for another node'],
    MKT_CORE__TOKEN_KIND_WRONG: ['MKT_EVIDENCE__TOKEN_FOREIGN', 'its token is for another kind of delivery'],
    MKT_CORE__TOKEN_TIMES_WRONG: ['MKT_EVIDENCE__TOKEN_UNTIMELY', "its token's time does not fit its epoch"],
    MKT_CORE__TOKEN_TOO_LARGE: ['MKT_EVIDENCE__TOKEN_TOO_LARGE', 'its token allows more than the contract does'],
    MKT_CORE__RECEIPT_TOKEN_WRONG: ['MKT_EVIDENCE__RECEIPT_FOREIGN', 'its receipt is for another token'],
    MKT_CORE__RECEIPT_TOO_LARGE: ['MKT_EVIDENCE__RECEIPT_TOO_LARGE', 'its receipt says more than its token allows'],
    MKT_CORE__RECEIPT_TIME_WRONG: [
        'MKT_EVIDENCE__RECEIPT_UNTIMELY',
        "its receipt's last byte lies outside the token's time",
    ],
    MKT_CORE__LEAF_TOKEN_WRONG: ['MKT_EVIDENCE__LEAF_MISMATCH', 'its leaf is of another token'],
    MKT_CORE__LEAF_BYTES_WRONG: ['MKT_EVIDENCE__LEAF_MISMATCH', 'its leaf has other bytes than its receipt'],
    MKT_CORE__LEAF_OBJECTS_WRONG: ['MKT_EVIDENCE__LEAF_MISMATCH', 'its leaf has other objects than its receipt'],
    MKT_CORE__LEAF_RECEIPT_WRONG: ['MKT_EVIDENCE__LEAF_MISMATCH', 'its leaf is of another receipt'],
};

/**
 * Whether `prove_evidence` would take a session on chain: its rules (`assertEvidence`), then the two signatures. Operator,
 * content provider and watcher judge by this alone, so that none of them pays for, refuses or challenges what the chain
 * would see otherwise.
 * @throws MKT_EVIDENCE__TOKEN_FOREIGN, _TOKEN_UNTIMELY, _TOKEN_TOO_LARGE, _TOKEN_FORGED, _RECEIPT_FOREIGN, _RECEIPT_FORGED,
 * _RECEIPT_TOO_LARGE, _RECEIPT_UNTIMELY, _LEAF_MISMATCH, MKT_CORE__* for malformed bytes
 */
export function checkSession(session: SignedSession, terms: EvidenceTerms): CheckedSession {
    const [tokenBytes, receiptBytes] = [fromBase64(session.token), fromBase64(session.receipt)];
    const token = decodeToken(tokenBytes);
    const tokenHash = hashToken(tokenBytes);
    const key = toHex(tokenHash);
    const leaf = decodeLeaf(fromBase64(session.leaf));
    const refuse = (code: ErrorCode, message: string) => failure(code, `session ${key.slice(0, 16)}: ${message}`);

    const { issuerKey } = terms;
    const clientKey = token.clientPublicKey;
    try {
        assertEvidence({ terms, signed: { issuerKey, token: tokenBytes, clientKey, receipt: receiptBytes }, leaf });
    } catch (error) {
        const verdict = error instanceof MarketplaceError ? VERDICTS[error.code] : undefined;
        throw verdict === undefined ? error : refuse(...verdict);
    }
    if (!verify(issuerKey, tokenBytes, fromBase64(session.tokenSignature)))
        throw refuse('MKT_EVIDENCE__TOKEN_FORGED', "its token is not signed by the contract's issuer");
    if (!verify(clientKey, receiptBytes, fromBase64(session.receiptSignature)))
        throw refuse('MKT_EVIDENCE__RECEIPT_FORGED', "its receipt is not signed by the token's client");
    return { token, tokenHash, key, receipt: decodeReceipt(receiptBytes), leaf };
}
