import { MarketplaceError } from './error.js';
import { assertUint } from './fields.js';
import { HASH_BYTES } from './hash.js';
import { BUCKET_ENTRY_BYTES, type InclusionProof, SIBLING_BYTES } from './inclusion.js';
import { LEAF_BYTES } from './leaf.js';
import { MAX_BUCKET_ENTRIES, MAX_TREE_DEPTH, MIN_TREE_DEPTH } from './settlement-node.js';

/** Longest transaction that a cluster takes. */
export const MAX_TRANSACTION_BYTES = 1232;

const SIGNATURE_BYTES = 64;
const ADDRESS_BYTES = 32;
/** Number of signatures, of header bytes, of addresses and of instructions, and the recent blockhash. */
const MESSAGE_BYTES = 1 + 3 + 1 + 1 + HASH_BYTES;
const DISCRIMINATOR_BYTES = 8;
/** Borsh writes the length of a byte list in front of it. */
const LENGTH_PREFIX_BYTES = 4;
/** Program, number of accounts, and two bytes of data length, as the data is longer than 127 bytes. */
const INSTRUCTION_BYTES = 1 + 1 + 2;

/** What an instruction holds beside a proof. */
export interface InclusionTransaction {
    /** Different addresses of the transaction, signers and programs included. */
    readonly addresses: number;
    readonly signatures: number;
    /** Accounts of the instruction, repeated ones included. */
    readonly accounts: number;
    /** Bytes of the instruction's arguments beside the proof. */
    readonly argumentBytes: number;
    /** Bytes of all further instructions, their headers included. */
    readonly furtherInstructionBytes?: number;
}

/** Length of a legacy transaction whose one large instruction carries a proof with `others` entries and `depth` siblings. */
function sizeOf(others: number, depth: number, shape: InclusionTransaction): number {
    const proof = LEAF_BYTES + 2 * LENGTH_PREFIX_BYTES + others * BUCKET_ENTRY_BYTES + depth * SIBLING_BYTES;
    const data = DISCRIMINATOR_BYTES + shape.argumentBytes + proof;
    const message = MESSAGE_BYTES + shape.addresses * ADDRESS_BYTES + INSTRUCTION_BYTES + shape.accounts + data;
    return message + shape.signatures * SIGNATURE_BYTES + (shape.furtherInstructionBytes ?? 0);
}

/**
 * Bytes of the transaction that carries a proof: leaf as a fixed array, others and path as byte lists. Above
 * {@link MAX_TRANSACTION_BYTES} the proof has to be written to an account first.
 *
 * @throws MKT_CORE__FIELD_OUT_OF_RANGE
 * @example computeInclusionTransactionBytes(proof, { addresses: 7, signatures: 1, accounts: 6, argumentBytes: 1 });
 */
export function computeInclusionTransactionBytes(proof: InclusionProof, shape: InclusionTransaction): number {
    assertShape(shape);
    return sizeOf(proof.others.length / BUCKET_ENTRY_BYTES, proof.path.length / SIBLING_BYTES, shape);
}

/**
 * Whether every proof of a tree of this depth fits a transaction, with up to `others` further entries in its bucket.
 *
 * @throws MKT_CORE__FIELD_OUT_OF_RANGE, MKT_CORE__TREE_DEPTH_OUT_OF_RANGE
 * @example const needsBuffer = !fitsTransaction({ depth: tree.depth, others: 7 }, shape);
 */
export function fitsTransaction(size: { depth: number; others: number }, shape: InclusionTransaction): boolean {
    assertShape(shape);
    assertUint('others', size.others, 8);
    assertUint('depth', size.depth, 8);
    if (size.others >= MAX_BUCKET_ENTRIES) {
        throw new MarketplaceError('MKT_CORE__FIELD_OUT_OF_RANGE', { field: 'others', value: size.others });
    }
    if (size.depth > MAX_TREE_DEPTH || size.depth < MIN_TREE_DEPTH) {
        throw new MarketplaceError('MKT_CORE__TREE_DEPTH_OUT_OF_RANGE', { depth: size.depth });
    }
    return sizeOf(size.others, size.depth, shape) <= MAX_TRANSACTION_BYTES;
}

function assertShape(shape: InclusionTransaction): void {
    for (const [name, value] of Object.entries(shape)) assertUint(name, value, 16);
}
