import { fromBase64, fromHex } from '../core/bytes.js';
import { decodeLeaf } from '../core/leaf.js';
import { verifySettlementProof } from '../core/settlement-proof.js';
import type { LeafProof } from '../http/logs.js';

/** What stands on chain: the commitment's account, or any other source that the verifier trusts more than the prover. */
export interface CommittedRoot {
    readonly root: Uint8Array;
    readonly totalBytes: bigint;
    readonly depth: number;
}

/** A check of a stranger's data: what does not parse does not hold. */
export function holds(check: () => boolean): boolean {
    try {
        return check();
    } catch {
        return false;
    }
}

/** Whether a leaf (base64) is in the settlement tree whose root, total and depth stand on chain. */
export function isLeafInRoot(leaf: string, { bucket, path }: LeafProof, committed: CommittedRoot): boolean {
    const { root, totalBytes, depth } = committed;
    return verifySettlementProof({
        root,
        totalBytes,
        depth,
        proof: {
            leaf: decodeLeaf(fromBase64(leaf)),
            bucket: bucket.map((entry) => ({
                key: fromHex(entry.key),
                leafHash: fromHex(entry.leafHash),
                bytes: BigInt(entry.bytes),
            })),
            path: path.map(({ hash, sum }) => ({ hash: fromHex(hash), sum: BigInt(sum) })),
        },
    });
}
