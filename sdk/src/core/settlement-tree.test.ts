import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/settlement-trees.json' with { type: 'json' };
import { compareBytes, fromHex, toHex, utf8 } from './bytes.js';
import { MarketplaceError } from './error.js';
import { sha256 } from './hash.js';
import { decodeLeaf, hashLeaf, type Leaf } from './leaf.js';
import { computeTreeHead } from './record-tree.js';
import { computeSampleTarget } from './sampling.js';
import { hashBucket, hashSumNode } from './settlement-node.js';
import { verifySettlementProof } from './settlement-proof.js';
import { buildSettlementTree, emptyRoot, type SettlementProof } from './settlement-tree.js';

type Row = (typeof table.trees)[number]['proofs'][number];

const leafOf = (key: Uint8Array, bytes: bigint, i: number): Leaf => ({
    tokenHash: key,
    bytes,
    objects: i,
    class: 1,
    receiptHash: sha256(utf8(`r${i}`)),
    logRoot: computeTreeHead([]),
});
const readProof = (row: Row): SettlementProof => ({
    leaf: decodeLeaf(fromHex(row.leaf)),
    bucket: row.bucket.map(({ key, leafHash, bytes }) => ({
        key: fromHex(key),
        leafHash: fromHex(leafHash),
        bytes: BigInt(bytes),
    })),
    path: row.path.map(({ hash, sum }) => ({ hash: fromHex(hash), sum: BigInt(sum) })),
});
const check = (row: Row) =>
    verifySettlementProof({
        root: fromHex(row.root),
        totalBytes: BigInt(row.totalBytes),
        depth: row.depth,
        target: BigInt(row.target),
        proof: readProof(row),
    });
const build = (tree: (typeof table.trees)[number]) => {
    const leaves = tree.leaves.map(({ key, bytes }, i) => leafOf(fromHex(key), BigInt(bytes), i));
    return buildSettlementTree(leaves, tree.depthByRule ? {} : { depth: tree.depth });
};
const randomLeaves = fc
    .uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }), { minLength: 1, maxLength: 60, selector: toHex })
    .chain((keys) =>
        fc
            .array(fc.bigInt({ min: 1n, max: 1n << 40n }), { minLength: keys.length, maxLength: keys.length })
            .map((sizes) => keys.map((key, i) => leafOf(key, sizes[i] as bigint, i))),
    );

describe('settlement tree', () => {
    it.each(table.trees)('has the root, total and depth of the table: $name', (tree) => {
        const built = build(tree);
        expect(toHex(built.root)).toBe(tree.root);
        expect(built.totalBytes).toBe(BigInt(tree.totalBytes));
        expect(built.depth).toBe(tree.depth);
        expect(built.leafCount).toBe(tree.leaves.length);
    });

    it.each(table.trees)('builds and verifies the proofs of the table: $name', (tree) => {
        const built = build(tree);
        for (const row of tree.proofs) {
            expect(check(row), row.why).toBe(row.valid);
            if (!row.valid) continue;
            expect(built.prove(readProof(row).leaf.tokenHash)).toEqual(readProof(row));
            expect(built.find(BigInt(row.target))).toEqual(readProof(row).leaf.tokenHash);
        }
    });

    it('proves nothing below an inflated sum', () => {
        for (const row of table.forgedCommitment) expect(check(row), row.why).toBe(row.valid);
    });

    it('accepts no total beyond 64 bits, even where root and sums agree', () => {
        const leaf = leafOf(Uint8Array.of(...new Uint8Array(31), 1), (1n << 64n) - 1n, 0);
        const entry = { key: leaf.tokenHash, leafHash: hashLeaf(leaf), bytes: leaf.bytes };
        const sibling = { hash: sha256(), sum: 1n };
        const { hash: root, sum: totalBytes } = hashSumNode(hashBucket([entry]), sibling);
        const proof = { leaf, bucket: [entry], path: [sibling] };
        expect(verifySettlementProof({ root, totalBytes, depth: 1, proof })).toBe(false);
    });

    it('finds the keys and draws the samples of the table', () => {
        const built = build(table.trees[0]!);
        for (const { target, key } of table.find) expect(toHex(built.find(BigInt(target)))).toBe(key);
        for (const { seed, index, totalBytes, target } of table.samples) {
            expect(computeSampleTarget(fromHex(seed), index, BigInt(totalBytes))).toBe(BigInt(target));
        }
        expect(() => computeSampleTarget(new Uint8Array(32), 0, 0n)).toThrow(MarketplaceError);
    });

    it('knows the root of a tree without leaves at every depth', () => {
        for (const { depth, root } of table.emptyRoots) expect(toHex(emptyRoot(depth))).toBe(root);
        for (const depth of [0, 21, -1, 1.5, Number.NaN]) expect(() => emptyRoot(depth)).toThrow(MarketplaceError);
        const empty = buildSettlementTree([]);
        expect(empty.depth).toBe(1);
        expect(empty.root).toEqual(emptyRoot(1));
        expect(() => empty.find(0n)).toThrow(MarketplaceError);
    });

    it('does not depend on the order of the leaves', () => {
        fc.assert(
            fc.property(randomLeaves, (leaves) => {
                expect(buildSettlementTree([...leaves].reverse()).root).toEqual(buildSettlementTree(leaves).root);
            }),
            { numRuns: 30 },
        );
    });

    it('gives every target exactly one leaf', () => {
        fc.assert(
            fc.property(randomLeaves, fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (leaves, pick) => {
                const tree = buildSettlementTree(leaves);
                const target = pick % tree.totalBytes;
                const provers = leaves.filter(({ tokenHash }) =>
                    verifySettlementProof({ ...tree, target, proof: tree.prove(tokenHash) }),
                );
                expect(provers.map(({ tokenHash }) => tokenHash)).toEqual([tree.find(target)]);
            }),
            { numRuns: 60 },
        );
    });

    it('covers all bytes without gap or overlap, in key order', () => {
        fc.assert(
            fc.property(randomLeaves, (leaves) => {
                const tree = buildSettlementTree(leaves);
                let offset = 0n;
                for (const leaf of [...leaves].sort((a, b) => compareBytes(a.tokenHash, b.tokenHash))) {
                    expect(tree.find(offset)).toEqual(leaf.tokenHash);
                    offset += leaf.bytes;
                    expect(tree.find(offset - 1n)).toEqual(leaf.tokenHash);
                }
                expect(offset).toBe(tree.totalBytes);
            }),
            { numRuns: 40 },
        );
    });

    it('verifies no proof in which anything was changed', () => {
        const changes: ((proof: SettlementProof, i: number) => SettlementProof)[] = [
            (proof) => ({ ...proof, leaf: { ...proof.leaf, bytes: proof.leaf.bytes + 1n } }),
            (proof) => ({ ...proof, leaf: { ...proof.leaf, bytes: 0n } }),
            (proof) => ({ ...proof, leaf: { ...proof.leaf, objects: proof.leaf.objects ^ 1 } }),
            (proof) => ({ ...proof, leaf: { ...proof.leaf, tokenHash: sha256(proof.leaf.tokenHash) } }),
            (proof) => ({ ...proof, bucket: proof.bucket.map((e) => ({ ...e, bytes: e.bytes + 1n })) }),
            (proof) => ({ ...proof, bucket: proof.bucket.map((e) => ({ ...e, leafHash: sha256(e.leafHash) })) }),
            (proof) => ({ ...proof, bucket: [] }),
            (proof) => ({ ...proof, bucket: [...proof.bucket, ...proof.bucket] }),
            (proof, i) => ({ ...proof, path: proof.path.map((s, l) => (l === i ? { ...s, sum: s.sum + 1n } : s)) }),
            (proof, i) => ({ ...proof, path: proof.path.map((s, l) => (l === i ? { ...s, sum: -1n } : s)) }),
            (proof, i) => ({
                ...proof,
                path: proof.path.map((s, l) => (l === i ? { ...s, hash: sha256(s.hash) } : s)),
            }),
            (proof) => ({ ...proof, path: proof.path.slice(1) }),
            (proof) => ({ ...proof, path: null as unknown as SettlementProof['path'] }),
        ];
        fc.assert(
            fc.property(randomLeaves, fc.nat(), fc.nat(), (leaves, pick, level) => {
                const tree = buildSettlementTree(leaves);
                const proof = tree.prove((leaves[pick % leaves.length] as Leaf).tokenHash);
                expect(verifySettlementProof({ ...tree, proof })).toBe(true);
                expect(verifySettlementProof({ ...tree, totalBytes: tree.totalBytes + 1n, proof })).toBe(false);
                for (const change of changes) {
                    expect(verifySettlementProof({ ...tree, proof: change(proof, level % tree.depth) })).toBe(false);
                }
            }),
            { numRuns: 40 },
        );
    });

    it('refuses what would count twice, overflow or not fit', () => {
        const leaf = leafOf(sha256(utf8('a')), 5n, 0);
        const full = leafOf(sha256(utf8('b')), (1n << 64n) - 1n, 0);
        const code = (build: () => unknown) => {
            try {
                build();
            } catch (error) {
                return (error as MarketplaceError).code;
            }
            return 'accepted';
        };
        expect(code(() => buildSettlementTree([leaf, { ...leaf, bytes: 6n }]))).toBe('MKT_CORE__TREE_KEY_TWICE');
        expect(code(() => buildSettlementTree([leaf, full]))).toBe('MKT_CORE__TREE_TOTAL_TOO_LARGE');
        expect(code(() => buildSettlementTree([{ ...leaf, bytes: 0n }]))).toBe('MKT_CORE__LEAF_EMPTY');
        expect(code(() => buildSettlementTree([leaf], { depth: 21 }))).toBe('MKT_CORE__TREE_DEPTH_OUT_OF_RANGE');
        expect(code(() => buildSettlementTree([leaf]).prove(new Uint8Array(32)))).toBe('MKT_CORE__TREE_KEY_UNKNOWN');
        expect(code(() => buildSettlementTree([leaf]).prove(new Uint8Array(3)))).toBe('MKT_CORE__TREE_KEY_UNKNOWN');
        expect(code(() => buildSettlementTree([leaf]).find(5n))).toBe('MKT_CORE__TREE_TARGET_OUT_OF_RANGE');
        const nine = Array.from({ length: 9 }, (_, i) => leafOf(Uint8Array.of(...new Uint8Array(31), i), 1n, i));
        expect(code(() => buildSettlementTree(nine))).toBe('MKT_CORE__TREE_TOO_LARGE');
    });
});
