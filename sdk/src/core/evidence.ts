import { equalBytes } from './bytes.js';
import type { Ed25519Pair } from './ed25519-layout.js';
import { type ErrorCode, MarketplaceError } from './error.js';
import type { Leaf } from './leaf.js';
import { decodeReceipt, hashReceipt, type Receipt } from './receipt.js';
import { decodeToken, hashToken, TOKEN_FLAG_MULTICAST, type Token } from './token.js';

/** How far a client's clock may be before the token's time at the last byte. */
export const RECEIPT_EARLY_SECS = 60;
/** How long after its token's time a transfer may still end. Nodes accept receipts by the same two limits. */
export const RECEIPT_LATE_SECS = 600;

/** Kinds of delivery with receipts; kind 1 is paid on a co-signature only. */
const RECEIPTED_UNICAST = 0;
const RECEIPTED_MULTICAST = 2;

/** What the accounts say that the evidence has to fit. */
export interface EvidenceTerms {
    /** Address of the contract. */
    readonly contract: Uint8Array;
    readonly clusterTag: number;
    /** Epoch of the commitment. */
    readonly epoch: number;
    /** End of that epoch, Unix seconds. */
    readonly epochEndAt: bigint;
    readonly epochLengthSecs: number;
    /** A node of the contract's seller. */
    readonly node: Uint8Array;
    /** The contract's issuer key in force in that epoch. */
    readonly issuerKey: Uint8Array;
    /** Kind of delivery of the commitment. */
    readonly kind: number;
    /** How long after the epoch's end a token may be valid. */
    readonly tokenGraceSecs: number;
    readonly maxTokenBytes: bigint;
}

export interface EvidenceInput {
    readonly terms: EvidenceTerms;
    /** Messages whose signatures by these keys were verified. */
    readonly signed: Ed25519Pair;
    readonly leaf: Leaf;
}

type Rule = readonly [code: ErrorCode, holds: boolean];

/**
 * Whether a token and a receipt stand behind a sampled leaf: prove_evidence of protocol 6.7, without the signatures. The
 * same rules in the same order as on chain, so that nobody pays for a transaction that must fail.
 *
 * @throws MKT_CORE__MESSAGE_*, MKT_CORE__TOKEN_RESERVED_NOT_ZERO, and one per rule: MKT_CORE__ISSUER_KEY_WRONG,
 * MKT_CORE__TOKEN_CONTRACT_WRONG, MKT_CORE__TOKEN_CLUSTER_WRONG, MKT_CORE__TOKEN_EPOCH_WRONG, MKT_CORE__TOKEN_NODE_WRONG,
 * MKT_CORE__TOKEN_KIND_WRONG, MKT_CORE__TOKEN_TIMES_WRONG, MKT_CORE__TOKEN_TOO_LARGE, MKT_CORE__CLIENT_KEY_WRONG,
 * MKT_CORE__RECEIPT_TOKEN_WRONG, MKT_CORE__RECEIPT_TOO_LARGE, MKT_CORE__RECEIPT_TIME_WRONG, MKT_CORE__LEAF_TOKEN_WRONG,
 * MKT_CORE__LEAF_BYTES_WRONG, MKT_CORE__LEAF_OBJECTS_WRONG, MKT_CORE__LEAF_RECEIPT_WRONG
 * @example assertEvidence({ terms, signed: { issuerKey, token, clientKey, receipt }, leaf });
 */
export function assertEvidence({ terms, signed, leaf }: EvidenceInput): void {
    const token = decodeToken(signed.token);
    const receipt = decodeReceipt(signed.receipt);
    const rules: readonly Rule[] = [
        ['MKT_CORE__ISSUER_KEY_WRONG', equalBytes(signed.issuerKey, terms.issuerKey)],
        ...tokenRules(terms, token),
        ['MKT_CORE__CLIENT_KEY_WRONG', equalBytes(signed.clientKey, token.clientPublicKey)],
        ...receiptRules(token, signed.token, receipt),
        ...leafRules(leaf, receipt, signed.receipt),
    ];
    for (const [code, holds] of rules) {
        if (!holds) throw new MarketplaceError(code, { epoch: terms.epoch });
    }
}

function tokenRules(terms: EvidenceTerms, token: Token): readonly Rule[] {
    const isMulticast = (token.flags & TOKEN_FLAG_MULTICAST) !== 0;
    return [
        ['MKT_CORE__TOKEN_CONTRACT_WRONG', equalBytes(token.contract, terms.contract)],
        ['MKT_CORE__TOKEN_CLUSTER_WRONG', token.clusterTag === terms.clusterTag],
        ['MKT_CORE__TOKEN_EPOCH_WRONG', token.epoch === terms.epoch],
        ['MKT_CORE__TOKEN_NODE_WRONG', equalBytes(token.node, terms.node)],
        ['MKT_CORE__TOKEN_KIND_WRONG', terms.kind === (isMulticast ? RECEIPTED_MULTICAST : RECEIPTED_UNICAST)],
        ['MKT_CORE__TOKEN_TIMES_WRONG', isTimely(terms, token)],
        ['MKT_CORE__TOKEN_TOO_LARGE', token.maxBytes <= terms.maxTokenBytes],
    ];
}

/** A token of one epoch pays in no other. */
function isTimely(terms: EvidenceTerms, { notBeforeSecs, notAfterSecs }: Token): boolean {
    return (
        notBeforeSecs < notAfterSecs &&
        BigInt(notAfterSecs) <= terms.epochEndAt + BigInt(terms.tokenGraceSecs) &&
        notAfterSecs - notBeforeSecs <= terms.epochLengthSecs + terms.tokenGraceSecs
    );
}

function receiptRules(token: Token, tokenBytes: Uint8Array, receipt: Receipt): readonly Rule[] {
    const earliestSecs = BigInt(token.notBeforeSecs - RECEIPT_EARLY_SECS);
    const latestSecs = BigInt(token.notAfterSecs + RECEIPT_LATE_SECS);
    const isInside = receipt.lastMs >= earliestSecs * 1000n && receipt.lastMs <= latestSecs * 1000n;
    return [
        ['MKT_CORE__RECEIPT_TOKEN_WRONG', equalBytes(receipt.tokenHash, hashToken(tokenBytes))],
        ['MKT_CORE__RECEIPT_TOO_LARGE', receipt.bytes <= token.maxBytes],
        ['MKT_CORE__RECEIPT_TIME_WRONG', isInside],
    ];
}

function leafRules(leaf: Leaf, receipt: Receipt, receiptBytes: Uint8Array): readonly Rule[] {
    return [
        ['MKT_CORE__LEAF_TOKEN_WRONG', equalBytes(leaf.tokenHash, receipt.tokenHash)],
        ['MKT_CORE__LEAF_BYTES_WRONG', leaf.bytes === receipt.bytes],
        ['MKT_CORE__LEAF_OBJECTS_WRONG', leaf.objects === receipt.objects],
        ['MKT_CORE__LEAF_RECEIPT_WRONG', equalBytes(leaf.receiptHash, hashReceipt(receiptBytes))],
    ];
}
