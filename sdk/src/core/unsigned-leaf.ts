import { domain, FieldWriter } from './fields.js';
import { HASH_BYTES, sha256 } from './hash.js';
import type { Leaf } from './leaf.js';
import { computeTreeHead } from './record-tree.js';

const DOMAIN = domain('OCM/unsigned/v1');
const NO_RECEIPT = new Uint8Array(HASH_BYTES);

export interface UnsignedDelivery {
    /** Address of the contract, 32 bytes. */
    readonly contract: Uint8Array;
    readonly epoch: number;
    /** Address of the node, 32 bytes. */
    readonly node: Uint8Array;
    /** What the node served without a receipt, at least 1. */
    readonly bytes: bigint;
}

/**
 * The leaf of a commitment of kind 1: one for each node, keyed by `SHA256(dom | contract | epoch u32 | node)`, so that
 * nothing of a viewer goes into it. Both sides build it from the node's own figure; it can never be proved, only agreed to.
 *
 * @throws MKT_CORE__FIELD_*, MKT_CORE__LEAF_EMPTY when it is encoded with 0 bytes
 * @example const tree = buildSettlementTree(nodes.map(({ node, bytes }) => buildUnsignedLeaf({ contract, epoch, node, bytes })));
 */
export function buildUnsignedLeaf({ contract, epoch, node, bytes }: UnsignedDelivery): Leaf {
    const place = new FieldWriter(DOMAIN.length + 2 * HASH_BYTES + 4)
        .bytes('domain', DOMAIN, DOMAIN.length)
        .bytes('contract', contract, HASH_BYTES)
        .u32('epoch', epoch)
        .bytes('node', node, HASH_BYTES)
        .finish();
    return {
        tokenHash: sha256(place),
        bytes,
        objects: 0,
        class: 0,
        receiptHash: NO_RECEIPT,
        logRoot: computeTreeHead([]),
    };
}
