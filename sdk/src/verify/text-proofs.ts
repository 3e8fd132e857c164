import { fromHex } from '../core/bytes.js';
import { assertConsistency } from '../core/consistency.js';
import { type ErrorCode, isMarketplaceError } from '../core/error.js';
import { HASH_BYTES, sha256 } from '../core/hash.js';
import { decodeInclusionProof } from '../core/inclusion.js';
import { hashChildren, verifyAuditPath } from '../core/record-tree.js';
import { verifySettlementProof } from '../core/settlement-proof.js';
import { holds } from './leaf-in-root.js';

/** What a proof came to; `code` names the rule that it breaks, null for a proof that does not even parse. */
export type ProofOutcome = { readonly verified: true } | { readonly verified: false; readonly code: ErrorCode | null };

/** RFC 9162 2.1.4, hashes as hexadecimal digits: how JSON carries it. */
export interface ConsistencyProofText {
    readonly firstSize: number;
    readonly secondSize: number;
    readonly firstRoot: string;
    readonly secondRoot: string;
    readonly path: readonly string[];
}

/**
 * Whether a tree of which one head is known has only been appended to (RFC 9162 2.1.4.2). Never throws.
 *
 * @example const { verified } = checkConsistencyProof({ ...answer, firstSize: seen.size, firstRoot: seen.root });
 */
export function checkConsistencyProof(proof: ConsistencyProofText): ProofOutcome {
    try {
        const { firstSize, secondSize, firstRoot, secondRoot, path } = proof;
        const [first, second] = [fromHex(firstRoot), fromHex(secondRoot)];
        assertConsistency({ firstSize, secondSize, firstRoot: first, secondRoot: second, path: path.map(fromHex) });
        return { verified: true };
    } catch (error) {
        return { verified: false, code: isMarketplaceError(error) ? error.code : null };
    }
}

/** RFC 9162 2.1.3, bytes as hexadecimal digits. */
export interface InclusionProofText {
    readonly root: string;
    /** From zero. */
    readonly index: number;
    readonly size: number;
    readonly entry: string;
    readonly path: readonly string[];
}

/**
 * Whether an entry stands at its place in a tree (RFC 9162 2.1.3.2): a record in its session's log, a settlement in its
 * contract's history (`encodeHistoryEntry`). Never throws.
 *
 * @example const isSettled = checkInclusionProof({ root, index, size, entry: toHex(encodeHistoryEntry(settled)), path });
 */
export function checkInclusionProof({ root, index, size, entry, path }: InclusionProofText): boolean {
    return holds(() =>
        verifyAuditPath({ root: fromHex(root), index, size, entry: fromHex(entry), path: path.map(fromHex) }),
    );
}

/** A leaf of a settlement tree as a transaction carries it (protocol 6.5), bytes as hexadecimal digits, money as decimal. */
export interface SettlementProofText {
    readonly root: string;
    readonly totalBytes: string;
    readonly depth: number;
    /** The byte that the leaf covers. */
    readonly target: string;
    readonly leaf: string;
    readonly others: string;
    readonly path: string;
}

/**
 * Whether a leaf covers a byte of a commitment whose root, total and depth stand on chain. Never throws.
 *
 * @example const isCovered = checkSettlementProof({ root, totalBytes, depth, target, ...proof });
 */
export function checkSettlementProof(proof: SettlementProofText): boolean {
    return holds(() =>
        verifySettlementProof({
            root: fromHex(proof.root),
            totalBytes: BigInt(proof.totalBytes),
            depth: proof.depth,
            target: BigInt(proof.target),
            proof: decodeInclusionProof({
                leaf: fromHex(proof.leaf),
                others: fromHex(proof.others),
                path: fromHex(proof.path),
            }),
        }),
    );
}

/**
 * The head of a contract's history of settlements from what its account keeps of it: the roots of its full subtrees, that
 * of 2^i entries at place i. Null where places are missing.
 *
 * @example const head = computeHistoryHead(contract.historySize, contract.historyFrontier);
 */
export function computeHistoryHead(size: bigint, frontier: readonly Uint8Array[]): Uint8Array | null {
    if (size === 0n) return sha256();
    let head: Uint8Array | null = null;
    for (let level = 0; size >> BigInt(level) > 0n; level += 1) {
        if (((size >> BigInt(level)) & 1n) === 0n) continue;
        const root = frontier[level];
        if (root?.length !== HASH_BYTES) return null;
        head = head === null ? root : hashChildren(root, head);
    }
    return head;
}
