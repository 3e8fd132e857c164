import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import table from '../../../tests/vectors/messages.json' with { type: 'json' };
import { fromHex, toHex } from './bytes.js';
import { isMarketplaceError, MarketplaceError } from './error.js';
import { decodeLeaf, encodeLeaf, hashLeaf, type Leaf } from './leaf.js';
import {
    assertReceiptFollows,
    decodeReceipt,
    encodeReceipt,
    extendAccumulator,
    hashReceipt,
    initialAccumulator,
    type Receipt,
} from './receipt.js';
import { decodeSessionProof, encodeSessionProof } from './session-proof.js';
import { decodeToken, encodeToken, hashToken, type Token } from './token.js';

const readToken = (row: (typeof table.tokens)[number]): Token => ({
    contract: fromHex(row.contract),
    clusterTag: row.clusterTag,
    epoch: row.epoch,
    tokenId: fromHex(row.tokenId),
    node: fromHex(row.node),
    clientPublicKey: fromHex(row.clientPublicKey),
    maxBytes: BigInt(row.maxBytes),
    notBeforeSecs: row.notBeforeSecs,
    notAfterSecs: row.notAfterSecs,
    clientGroup: row.clientGroup,
    flags: row.flags,
});
const readReceipt = (row: (typeof table.receipts)[number]): Receipt => ({
    tokenHash: fromHex(row.tokenHash),
    seq: row.seq,
    objects: row.objects,
    bytes: BigInt(row.bytes),
    lastMs: BigInt(row.lastMs),
    ttfbP95Ms: row.ttfbP95Ms,
    stallCentisecs: row.stallCentisecs,
    errors: row.errors,
    accumulator: fromHex(row.accumulator),
});
const readLeaf = (row: (typeof table.leaves)[number]): Leaf => ({
    tokenHash: fromHex(row.tokenHash),
    bytes: BigInt(row.bytes),
    objects: row.objects,
    class: row.class,
    receiptHash: fromHex(row.receiptHash),
    logRoot: fromHex(row.logRoot),
});
const DECODERS = { token: decodeToken, receipt: decodeReceipt, leaf: decodeLeaf };
const CODES: Record<string, RegExp> = {
    LengthWrong: /LENGTH_WRONG$/,
    DomainWrong: /DOMAIN_WRONG$/,
    ReservedNotZero: /RESERVED_NOT_ZERO$/,
    LeafEmpty: /LEAF_EMPTY$/,
};

describe('signed messages', () => {
    it.each(table.tokens)('encodes the token "$name" to the bytes of the table', (row) => {
        expect(toHex(encodeToken(readToken(row)))).toBe(row.encoded);
        expect(decodeToken(fromHex(row.encoded))).toEqual(readToken(row));
        expect(toHex(hashToken(readToken(row)))).toBe(row.hash);
        expect(toHex(hashToken(fromHex(row.encoded)))).toBe(row.hash);
    });

    it.each(table.receipts)('encodes the receipt "$name" to the bytes of the table', (row) => {
        expect(toHex(encodeReceipt(readReceipt(row)))).toBe(row.encoded);
        expect(decodeReceipt(fromHex(row.encoded))).toEqual(readReceipt(row));
        expect(toHex(hashReceipt(readReceipt(row)))).toBe(row.hash);
    });

    it.each(table.leaves)('encodes the leaf "$name" to the bytes of the table', (row) => {
        expect(toHex(encodeLeaf(readLeaf(row)))).toBe(row.encoded);
        expect(decodeLeaf(fromHex(row.encoded))).toEqual(readLeaf(row));
        expect(toHex(hashLeaf(readLeaf(row)))).toBe(row.hash);
    });

    it.each(table.invalid)('refuses a $message: $why', ({ message, encoded, error }) => {
        const decode = DECODERS[message as keyof typeof DECODERS];
        try {
            decode(fromHex(encoded));
            expect.unreachable('it was accepted');
        } catch (caught) {
            expect(caught).toBeInstanceOf(MarketplaceError);
            expect((caught as MarketplaceError).code).toMatch(CODES[error] as RegExp);
        }
    });

    it('chains the accumulator over objects in order', () => {
        const { tokenHash, objects, values } = table.accumulator;
        const chain = [initialAccumulator(fromHex(tokenHash))];
        for (const { sha256, lengthBytes } of objects) {
            chain.push(extendAccumulator(chain[chain.length - 1] as Uint8Array, fromHex(sha256), lengthBytes));
        }
        expect(chain.map(toHex)).toEqual(values);
        expect(() => extendAccumulator(chain[0] as Uint8Array, fromHex(tokenHash), 1.5)).toThrow(MarketplaceError);
    });

    it('encodes the session proof to the bytes of the table', () => {
        const row = table.sessionProof;
        const proof = {
            tokenHash: fromHex(row.tokenHash),
            node: fromHex(row.node),
            timestampMs: BigInt(row.timestampMs),
        };
        expect(toHex(encodeSessionProof(proof))).toBe(row.encoded);
        expect(decodeSessionProof(fromHex(row.encoded))).toEqual(proof);
    });

    it('refuses to encode values that do not fit their field', () => {
        const token = readToken(table.tokens[0]!);
        const changes: Partial<Token>[] = [
            { epoch: -1 },
            { epoch: 2 ** 32 },
            { epoch: 1.5 },
            { epoch: Number.NaN },
            { maxBytes: -1n },
            { maxBytes: 1n << 64n },
            { maxBytes: 5 as unknown as bigint },
            { node: new Uint8Array(31) },
            { node: 'x' as unknown as Uint8Array },
            { tokenId: new Uint8Array(32) },
            { flags: 2 },
        ];
        for (const change of changes) expect(() => encodeToken({ ...token, ...change })).toThrow(MarketplaceError);
        expect(() => encodeLeaf({ ...readLeaf(table.leaves[0]!), class: 256 })).toThrow(MarketplaceError);
    });

    it('accepts a receipt only if it continues the last one', () => {
        const last = readReceipt(table.receipts[0]!);
        const next = { ...last, seq: last.seq + 1 };
        expect(() => assertReceiptFollows(last, next)).not.toThrow();
        const regressions: [string, Partial<Receipt>][] = [
            ['seq', { seq: last.seq }],
            ['bytes', { bytes: last.bytes - 1n }],
            ['objects', { objects: last.objects - 1 }],
            ['lastMs', { lastMs: last.lastMs - 1n }],
            ['tokenHash', { tokenHash: new Uint8Array(32) }],
        ];
        for (const [field, change] of regressions) {
            expect(() => assertReceiptFollows(last, { ...next, ...change })).toThrow(`field="${field}"`);
        }
    });

    it('round-trips every receipt and leaf, whatever their numbers', () => {
        const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
        const u32 = fc.nat(0xffffffff);
        const u16 = fc.nat(0xffff);
        const u64 = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });
        const receipts = fc.record({
            tokenHash: hash,
            seq: u32,
            objects: u32,
            bytes: u64,
            lastMs: u64,
            ttfbP95Ms: u16,
            stallCentisecs: u16,
            errors: u32,
            accumulator: hash,
        });
        fc.assert(
            fc.property(receipts, (receipt) => {
                expect(decodeReceipt(encodeReceipt(receipt))).toEqual(receipt);
            }),
        );
        const leaves = fc.record({
            tokenHash: hash,
            bytes: fc.bigInt({ min: 1n, max: (1n << 64n) - 1n }),
            objects: u32,
            class: fc.nat(255),
            receiptHash: hash,
            logRoot: hash,
        });
        fc.assert(
            fc.property(leaves, (leaf) => {
                expect(decodeLeaf(encodeLeaf(leaf))).toEqual(leaf);
            }),
        );
    });

    it('throws nothing but MarketplaceError for hostile bytes', () => {
        const hostile = fc.oneof(
            fc.uint8Array({ maxLength: 200 }),
            fc.uint8Array({ minLength: 160, maxLength: 160 }),
            fc.uint8Array({ minLength: 112, maxLength: 112 }),
            fc.uint8Array({ minLength: 88, maxLength: 88 }),
            fc.anything().map((value) => value as Uint8Array),
        );
        fc.assert(
            fc.property(hostile, (bytes) => {
                for (const decode of [decodeToken, decodeReceipt, decodeLeaf, decodeSessionProof]) {
                    try {
                        decode(bytes);
                    } catch (error) {
                        if (!isMarketplaceError(error)) throw error;
                    }
                }
            }),
        );
    });

    it('keeps what it decoded when the input changes afterwards', () => {
        const bytes = fromHex(table.tokens[0]!.encoded);
        const token = decodeToken(bytes);
        bytes.fill(0);
        expect(toHex(token.node)).toBe(table.tokens[0]!.node);
    });
});
