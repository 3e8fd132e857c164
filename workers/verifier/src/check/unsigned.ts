import { addressBytes } from '../chain/address.js';
import { type CopyManifest, manifestFile } from '../copy/layout.js';
import type { Findings } from '../findings.js';
import { domain, sha256, u32, u64 } from '../protocol/bytes.js';
import type { SumLeaf } from '../protocol/sum-tree.js';
import type { CommitmentBooks } from '../replay/commitment-books.js';
import { compareTree } from './manifest-terms.js';

const UNSIGNED_DOMAIN = domain('OCM/unsigned/v1');

/** The leaf of a node's traffic without receipts: keyed by contract, epoch and node, with no receipt and no records. */
function unsignedLeaf({ contract, epoch }: CommitmentBooks, node: string, bytes: bigint): SumLeaf {
    const key = sha256(UNSIGNED_DOMAIN, addressBytes(contract), u32(epoch), addressBytes(node));
    const [objectsAndClass, receipt] = [new Uint8Array(8), new Uint8Array(32)];
    return { key, leafHash: sha256(Uint8Array.of(0), key, u64(bytes), objectsAndClass, receipt, sha256()), bytes };
}

/** A commitment of kind 1: figures that nobody signed for one by one, agreed to as a whole. */
export function checkUnsigned(
    manifest: CopyManifest,
    commitment: string,
    books: CommitmentBooks,
    findings: Findings,
): void {
    const leaves = manifest.unsigned.map(({ node, bytes }) => unsignedLeaf(books, node, BigInt(bytes)));
    findings.note(
        `epoch ${books.epoch}: ${books.totalBytes} bytes of unsigned viewers are the seller's own figure, payable on the co-signature alone (kind 1)`,
    );
    if (manifest.sessions.length > 0)
        findings.add(
            manifestFile(commitment),
            `manifest of ${commitment}, sessions`,
            'are there, in a commitment of kind 1',
        );
    compareTree(leaves, commitment, books, findings);
}
