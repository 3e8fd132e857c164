import { failure } from '@ocm/runtime';
import { buildUnsignedLeaf, type Leaf } from '@ocm/sdk/core';
import type { VerifyInput } from './verify-commitment.js';

/**
 * Leaves of a commitment to traffic without receipts. Nothing about it can be proved, so that it is a matter of what the
 * content provider is willing to believe: whole or not at all, within its allowance.
 * @throws MKT_PROVIDER__UNSIGNED_NOT_ALLOWED, MKT_PROVIDER__NODE_TWICE, MKT_EVIDENCE__TOKEN_FOREIGN, MKT_CORE__*
 */
export function checkUnsigned(input: Omit<VerifyInput, 'signal'>): Leaf[] {
    const { manifest, commitment, nodes, unsignedAllowanceBytes } = input;
    if (unsignedAllowanceBytes === 0n || commitment.totalBytes > unsignedAllowanceBytes)
        throw failure(
            'MKT_PROVIDER__UNSIGNED_NOT_ALLOWED',
            `${commitment.totalBytes} bytes without receipts are above the ${unsignedAllowanceBytes} that this worker takes on the seller's word; raise unsignedAllowanceBytes to pay for them`,
        );
    const nodesByName = new Map(nodes.map((node) => [node.toBase58(), node.toBytes()]));
    const leaves = new Map<string, Leaf>();
    for (const { node: name, bytes } of manifest.unsigned ?? []) {
        const node = nodesByName.get(name);
        if (node === undefined)
            throw failure('MKT_EVIDENCE__TOKEN_FOREIGN', `node ${name} sells no capacity under this contract`);
        if (leaves.has(name)) throw failure('MKT_PROVIDER__NODE_TWICE', `node ${name} is counted twice`);
        const contract = commitment.contract.toBytes();
        leaves.set(name, buildUnsignedLeaf({ contract, epoch: commitment.epoch, node, bytes: BigInt(bytes) }));
    }
    return [...leaves.values()];
}
