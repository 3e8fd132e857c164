import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { fromHex, sha256, toHex, utf8 } from '../src/protocol/bytes.js';
import { canonicalJson, parseCanonical } from '../src/protocol/canonical-json.js';
import { verifySignature } from '../src/protocol/ed25519.js';
import { decodeLeaf, decodeReceipt, decodeToken } from '../src/protocol/messages.js';
import { settle, splitSlash } from '../src/protocol/money.js';
import { commitRecord, treeHead } from '../src/protocol/record-tree.js';
import { medianOf } from '../src/protocol/sla.js';
import { computeSumTree, verifyCover } from '../src/protocol/sum-tree.js';

type InclusionVector = {
    why: string;
    root: string;
    totalBytes: string;
    depth: number;
    target: string;
    leaf: string;
    others: string;
    path: string;
    error?: string;
};
type TreeVector = {
    name: string;
    depth: number;
    leaves: { key: string; bytes: string }[];
    root: string;
    totalBytes: string;
};

const readVectors = (name: string) =>
    JSON.parse(readFileSync(new URL(`../../../tests/vectors/${name}.json`, import.meta.url), 'utf8'));

describe('code that was written from the text of the protocol', () => {
    it('has the record root and the settlement of protocol 6.18', () => {
        const salts = [0, 1, 2].map((place) => toHex(sha256(utf8(`salt${place}`)).subarray(0, 16)));
        const record = commitRecord([
            { name: 'date', salt: salts[0] ?? '', value: '2026-01-02' },
            { name: 'time', salt: salts[1] ?? '', value: '03:04:05' },
            { name: 'sc-total-bytes', salt: salts[2] ?? '', value: '48000000' },
        ]);
        expect(toHex(treeHead([record ?? new Uint8Array()]))).toBe(
            'f1c91c83c301bb252596749e03a72319f4b84310ad29c2e77055aecdda47e406',
        );
        const splits = [7_000, 2_500, 500].map((basisPoints) => ({ basisPoints }));
        expect(settle({ earned: 39_999n, penaltyBasisPoints: 0, feeBasisPoints: 200, splits })).toEqual({
            penalty: 0n,
            net: 39_999n,
            fee: 799n,
            payouts: [27_440n, 9_800n, 1_960n],
            treasury: 799n,
        });
    });

    it('has the tree heads of RFC 9162 and the sum tree of protocol 6.18', () => {
        expect(toHex(treeHead([]))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
        expect(toHex(treeHead(['a', 'b', 'c'].map(utf8)))).toBe(
            '36642e73c2540ab121e3a6bf9545b0a24982cd830eb13d3cd19de3ce6c021ec1',
        );
        const leaves = [0, 1, 2, 3, 4].map((place) => leafOf(place));
        expect(computeSumTree(leaves, 3)).toEqual({
            root: 'f3798df652c66ea1267f946707587ad6156892660a23e37b6e3652d4bc6e6edf',
            totalBytes: 15_000n,
        });
        const again = leaves[0] ?? leafOf(0);
        expect(computeSumTree([...leaves, again], 3)).toHaveProperty('problem');
        expect(
            computeSumTree(
                Array.from({ length: 20 }, (_, place) => leafOf(place)),
                1,
            ),
        ).toHaveProperty('problem');
    });

    it.each(readVectors('inclusion-proofs').proofs as InclusionVector[])(
        'judges a proof of inclusion as the program does: $why',
        (vector) => {
            const { root, totalBytes, depth, target, error } = vector;
            const leaf = decodeLeaf(fromHex(vector.leaf));
            const proof = { others: fromHex(vector.others), path: fromHex(vector.path) };
            const isIncluded =
                leaf !== null &&
                verifyCover({ root, totalBytes: BigInt(totalBytes), depth }, BigInt(target), {
                    ...proof,
                    key: leaf.tokenHash,
                    leafHash: leaf.hash,
                    bytes: leaf.bytes,
                });
            expect(isIncluded).toBe(error === undefined);
        },
    );

    it.each(readVectors('settlement-trees').trees as TreeVector[])('builds the settlement tree: $name', (vector) => {
        const leaves = vector.leaves.map(({ key, bytes }, place) => leafOf(place, fromHex(key), BigInt(bytes)));
        expect(computeSumTree(leaves, vector.depth)).toEqual({
            root: vector.root,
            totalBytes: BigInt(vector.totalBytes),
        });
    });

    it('splits slashed stake and takes medians as the programs do', () => {
        for (const { slashed, hasChallenger, ...split } of readVectors('slashing').splits) {
            const shares = splitSlash(BigInt(slashed), hasChallenger);
            expect(Object.fromEntries(Object.entries(shares).map(([name, share]) => [name, `${share}`]))).toEqual(
                split,
            );
        }
        for (const { reports, median } of readVectors('sla-reports').medians)
            if (median) expect(medianOf(reports)).toEqual(median);
    });
});

describe('bytes of a stranger', () => {
    it('are no message unless every byte of their form is right', () => {
        expect(decodeToken(new Uint8Array(160))).toBeNull();
        expect(decodeReceipt(new Uint8Array(112))).toBeNull();
        expect(decodeLeaf(new Uint8Array(112))).toBeNull();
        expect(decodeLeaf(new Uint8Array(111).fill(1))).toBeNull();
    });

    it('are signed by no key of small order, which would sign anything', () => {
        const identity = new Uint8Array(32);
        identity[0] = 1;
        const signature = new Uint8Array(64);
        signature[0] = 1;
        expect(verifySignature(identity, utf8('anything'), signature)).toBe(false);
        expect(verifySignature(fromHex('ff'.repeat(32)), utf8('anything'), signature)).toBe(false);
    });

    it.each([
        '{"b":1,"a":2}',
        '{"a": 1}',
        '{"a":1}\n',
        '{"a":1,"a":1}',
        '{"a":1.0}',
        '{"a":1e3}',
        '"\\u0061"',
        '[',
        '\ufeff{}',
    ])('are not canonical as %j', (text) => {
        expect(parseCanonical(utf8(text))).toHaveProperty('problem');
    });

    it('are canonical where they are the one spelling of their value', () => {
        const text = canonicalJson({ b: [1, null, true], a: { d: 'ü', c: '' } });
        expect(text).toBe('{"a":{"c":"","d":"ü"},"b":[1,null,true]}');
        expect(parseCanonical(utf8(text))).toHaveProperty('value');
    });
});

function leafOf(place: number, key = sha256(utf8(`tok${place}`)), bytes = 1_000n * BigInt(place + 1)) {
    const leaf = Buffer.alloc(112);
    leaf.set(key, 0);
    leaf.writeBigUInt64LE(bytes, 32);
    leaf.writeUInt32LE(place, 40);
    leaf[44] = 1;
    leaf.set(sha256(utf8(`r${place}`)), 48);
    leaf.set(treeHead([]), 80);
    return { key, leafHash: sha256(Uint8Array.of(0), leaf), bytes };
}
