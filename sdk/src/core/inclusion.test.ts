import { PublicKey, Transaction, TransactionInstruction } from '@solana/web3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/inclusion-proofs.json' with { type: 'json' };
import { fromHex, toHex, utf8 } from './bytes.js';
import { isMarketplaceError } from './error.js';
import { sha256 } from './hash.js';
import { decodeInclusionProof, encodeInclusionProof, type InclusionProof, proveTarget } from './inclusion.js';
import { hashLeaf, type Leaf } from './leaf.js';
import { computeTreeHead } from './record-tree.js';
import { verifySettlementProof } from './settlement-proof.js';
import { buildSettlementTree, type SettlementTree } from './settlement-tree.js';
import { computeInclusionTransactionBytes, fitsTransaction, MAX_TRANSACTION_BYTES } from './transaction-size.js';

type Commitment = Pick<SettlementTree, 'root' | 'totalBytes' | 'depth'>;

const leafOf = (key: Uint8Array, bytes: bigint): Leaf => ({
    tokenHash: key,
    bytes,
    objects: 1,
    class: 1,
    receiptHash: sha256(key),
    logRoot: computeTreeHead([]),
});
const holds = (commitment: Commitment, target: bigint, proof: InclusionProof): boolean => {
    try {
        return verifySettlementProof({ ...commitment, target, proof: decodeInclusionProof(proof) });
    } catch (error) {
        if (!isMarketplaceError(error)) throw error;
        return false;
    }
};
const leafSets = fc
    .uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 30, selector: toHex })
    .chain((keys) =>
        fc
            .array(fc.bigInt(1n, 1n << 40n), { minLength: keys.length, maxLength: keys.length })
            .map((sizes) => keys.map((key, i) => leafOf(key, sizes[i] as bigint))),
    );

describe('inclusion proofs in a transaction', () => {
    it.each(table.proofs)('hold or fail as in the table: $why', (row) => {
        const commitment = { root: fromHex(row.root), totalBytes: BigInt(row.totalBytes), depth: row.depth };
        const proof = { leaf: fromHex(row.leaf), others: fromHex(row.others), path: fromHex(row.path) };
        expect(holds(commitment, BigInt(row.target), proof)).toBe(!('error' in row));
        if (!('error' in row)) expect(encodeInclusionProof(decodeInclusionProof(proof))).toEqual(proof);
    });

    it('prove the one leaf that covers a target, and not the target after it', () => {
        fc.assert(
            fc.property(leafSets, fc.bigInt(0n, (1n << 64n) - 1n), (leaves, pick) => {
                const tree = buildSettlementTree(leaves);
                const target = pick % tree.totalBytes;
                const proof = proveTarget(tree, target);
                expect(holds(tree, target, proof)).toBe(true);
                const { leaf } = decodeInclusionProof(proof);
                expect(leaf.tokenHash).toEqual(tree.find(target));
                expect(holds(tree, target + leaf.bytes, proof)).toBe(false);
                expect(target < leaf.bytes || !holds(tree, target - leaf.bytes, proof)).toBe(true);
                expect(holds({ ...tree, totalBytes: tree.totalBytes + 1n }, target, proof)).toBe(false);
                expect(holds({ ...tree, totalBytes: tree.totalBytes - 1n }, target, proof)).toBe(false);
            }),
            { numRuns: 40 },
        );
    });

    it('fail with any byte changed', () => {
        fc.assert(
            fc.property(
                leafSets,
                fc.bigInt(0n, (1n << 64n) - 1n),
                fc.integer({ min: 1, max: 255 }),
                (leaves, pick, mask) => {
                    const tree = buildSettlementTree(leaves);
                    const target = pick % tree.totalBytes;
                    const proof = proveTarget(tree, target);
                    for (const part of [proof.leaf, proof.others, proof.path]) {
                        for (let i = 0; i < part.length; i++) {
                            part[i] = (part[i] as number) ^ mask;
                            expect(holds(tree, target, proof)).toBe(false);
                            part[i] = (part[i] as number) ^ mask;
                        }
                    }
                    expect(holds(tree, target, proof)).toBe(true);
                },
            ),
            { numRuns: 8 },
        );
    });

    it('refuse targets outside the tree and cut-off bytes', () => {
        const tree = buildSettlementTree([leafOf(sha256(utf8('a')), 5n)]);
        expect(() => proveTarget(tree, 5n)).toThrow('total bytes');
        const proof = proveTarget(tree, 4n);
        expect(() => decodeInclusionProof({ ...proof, path: proof.path.slice(1) })).toThrow('field="path"');
        expect(() => decodeInclusionProof({ ...proof, others: new Uint8Array(71) })).toThrow('field="others"');
    });

    it('show their leaf hash in its bucket', () => {
        const leaf = leafOf(sha256(utf8('a')), 5n);
        const { bucket } = decodeInclusionProof(proveTarget(buildSettlementTree([leaf]), 0n));
        expect(bucket).toEqual([{ key: leaf.tokenHash, leafHash: hashLeaf(leaf), bytes: 5n }]);
    });
});

describe('the size of a transaction with a proof', () => {
    const key = (i: number) => new PublicKey(sha256(Uint8Array.of(i)));
    const shape = { addresses: 6, signatures: 1, accounts: 5, argumentBytes: 1 };
    const proofOf = (others: number, depth: number): InclusionProof => ({
        leaf: new Uint8Array(112),
        others: new Uint8Array(72 * others),
        path: new Uint8Array(40 * depth),
    });
    /** Discriminator, arguments, the leaf, and two byte lists of four bytes of length each; nothing if it is too long. */
    const serialize = ({ leaf, others, path }: InclusionProof, argumentBytes = 1): number | undefined => {
        const data = Buffer.alloc(8 + argumentBytes + leaf.length + 4 + others.length + 4 + path.length);
        const keys = [0, 1, 2, 3, 4].map((i) => ({ pubkey: key(i), isSigner: i === 0, isWritable: i < 2 }));
        const transaction = new Transaction({
            feePayer: key(0),
            blockhash: key(9).toBase58(),
            lastValidBlockHeight: 1,
        });
        transaction.add(new TransactionInstruction({ programId: key(8), keys, data }));
        try {
            return transaction.serialize({ requireAllSignatures: false }).length;
        } catch {
            return undefined;
        }
    };

    it('is what the real encoder writes, up to the limit of the cluster', () => {
        let refused = 0;
        for (let depth = 1; depth <= 20; depth++) {
            for (let others = 0; others <= 7; others++) {
                const proof = proofOf(others, depth);
                const bytes = computeInclusionTransactionBytes(proof, shape);
                const written = serialize(proof);
                expect(fitsTransaction({ depth, others }, shape)).toBe(written !== undefined);
                if (written === undefined) refused += 1;
                else expect(bytes).toBe(written);
            }
        }
        expect(refused).toBeGreaterThan(0);
        expect(refused).toBeLessThan(160);
    });

    it('fits to the byte', () => {
        const proof = proofOf(3, 12);
        const room = MAX_TRANSACTION_BYTES - computeInclusionTransactionBytes(proof, { ...shape, argumentBytes: 0 });
        const size = { depth: 12, others: 3 };
        expect(fitsTransaction(size, { ...shape, argumentBytes: room })).toBe(true);
        expect(serialize(proof, room)).toBe(MAX_TRANSACTION_BYTES);
        expect(fitsTransaction(size, { ...shape, argumentBytes: room + 1 })).toBe(false);
        expect(serialize(proof, room + 1)).toBe(undefined);
        const further = { ...shape, argumentBytes: room - 40, furtherInstructionBytes: 40 };
        expect(computeInclusionTransactionBytes(proof, further)).toBe(MAX_TRANSACTION_BYTES);
    });

    it('refuses what no tree or transaction can have', () => {
        expect(() => fitsTransaction({ depth: 21, others: 0 }, shape)).toThrow('depth=21');
        expect(() => fitsTransaction({ depth: 0, others: 0 }, shape)).toThrow('depth=0');
        expect(() => fitsTransaction({ depth: 1, others: 8 }, shape)).toThrow('field="others"');
        expect(() => fitsTransaction({ depth: 1, others: 0 }, { ...shape, accounts: -1 })).toThrow('field="accounts"');
    });
});
