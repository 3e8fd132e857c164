import { describe, expect, it } from 'vitest';
import cosignTable from '../../../tests/vectors/cosigns.json' with { type: 'json' };
import instructions from '../../../tests/vectors/ed25519-instructions.json' with { type: 'json' };
import table from '../../../tests/vectors/evidence.json' with { type: 'json' };
import { fromHex, toHex } from './bytes.js';
import { type Cosign, decodeCosign, encodeCosign } from './cosign.js';
import { sign, verify } from './ed25519.js';
import { encodeEd25519CosignData, encodeEd25519PairData } from './ed25519-instruction.js';
import { parseEd25519Cosign, parseEd25519Pair } from './ed25519-parse.js';
import { isMarketplaceError } from './error.js';
import { assertEvidence } from './evidence.js';
import { sha256 } from './hash.js';
import { decodeLeaf } from './leaf.js';

/** The table names the errors of Rust; messages have one code for each kind of message. */
const RESERVED: Record<string, string> = {
    LengthWrong: 'MKT_CORE__MESSAGE_LENGTH_WRONG',
    DomainWrong: 'MKT_CORE__MESSAGE_DOMAIN_WRONG',
};
const codeOf = (error: string): string =>
    RESERVED[error] ?? `MKT_CORE__${error.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase()}`;
const outcome = (compute: () => unknown): string => {
    try {
        compute();
    } catch (error) {
        if (!isMarketplaceError(error)) throw error;
        return error.code;
    }
    return 'accepted';
};
const view = (data: Uint8Array) => ({ data, accountsLength: 0, programIdMatches: true });
const bytesOf = <Row extends Record<string, string>>(row: Row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, fromHex(value)])) as {
        [Name in keyof Row]: Uint8Array;
    };

describe('Ed25519 instructions', () => {
    const pair = bytesOf(instructions.pair);
    const cosign = bytesOf(instructions.cosign);

    it('have the bytes of the table', () => {
        expect(toHex(encodeEd25519PairData(pair))).toBe(instructions.pair.data);
        expect(toHex(encodeEd25519CosignData(cosign))).toBe(instructions.cosign.data);
        const { issuerKey, clientKey, token, receipt } = pair;
        expect(parseEd25519Pair(view(pair.data))).toEqual({ issuerKey, clientKey, token, receipt });
        const { publicKey, message } = cosign;
        expect(parseEd25519Cosign(view(cosign.data))).toEqual({ publicKey, message });
    });

    it('carry signatures that verify', () => {
        expect(verify(pair.issuerKey, pair.token, pair.tokenSignature)).toBe(true);
        expect(verify(pair.clientKey, pair.receipt, pair.receiptSignature)).toBe(true);
        expect(verify(cosign.publicKey, cosign.message, cosign.signature)).toBe(true);
    });

    it('are refused for the stated reason in any other layout', () => {
        for (const row of instructions.invalid) {
            const parse = row.layout === 'pair' ? parseEd25519Pair : parseEd25519Cosign;
            const { accountsLength, programIdMatches } = row;
            const result = outcome(() => parse({ data: fromHex(row.data), accountsLength, programIdMatches }));
            expect(result, row.why).toBe(codeOf(row.error));
        }
    });

    it('are refused with any byte of the header changed', () => {
        for (const [parse, data, header] of [
            [parseEd25519Pair, pair.data, 30],
            [parseEd25519Cosign, cosign.data, 16],
        ] as const) {
            for (let i = 0; i < header; i++) {
                for (const mask of [1, 2, 0x80, 0xff]) {
                    const changed = Uint8Array.from(data);
                    changed[i] = (changed[i] as number) ^ mask;
                    expect(outcome(() => parse(view(changed)))).toMatch(/^MKT_CORE__ED25519_/);
                }
            }
        }
    });

    it('refuse to encode a part of another length, by name', () => {
        for (const name of ['issuerKey', 'tokenSignature', 'clientKey', 'receiptSignature', 'token', 'receipt']) {
            const wrong = { ...pair, [name]: new Uint8Array(5) };
            expect(() => encodeEd25519PairData(wrong)).toThrow(`field="${name}"`);
        }
        for (const name of ['publicKey', 'signature', 'message']) {
            expect(() => encodeEd25519CosignData({ ...cosign, [name]: new Uint8Array(5) })).toThrow(`field="${name}"`);
        }
    });
});

describe('co-signatures', () => {
    const read = (row: (typeof cosignTable.cosigns)[number]): Cosign => ({
        commitment: fromHex(row.commitment),
        root: fromHex(row.root),
        totalBytes: BigInt(row.totalBytes),
        gross: BigInt(row.gross),
        penaltyBasisPoints: row.penaltyBasisPoints,
    });

    it('have the bytes of the table', () => {
        for (const row of cosignTable.cosigns) {
            expect(toHex(encodeCosign(read(row)))).toBe(row.encoded);
            expect(decodeCosign(fromHex(row.encoded))).toEqual(read(row));
        }
    });

    it('are refused for the stated reason', () => {
        for (const row of cosignTable.invalid) {
            const code = row.error === 'ReservedNotZero' ? 'MKT_CORE__COSIGN_RESERVED_NOT_ZERO' : codeOf(row.error);
            expect(
                outcome(() => decodeCosign(fromHex(row.encoded))),
                row.why,
            ).toBe(code);
        }
        const cosign = read(cosignTable.cosigns[0]!);
        expect(() => encodeCosign({ ...cosign, penaltyBasisPoints: 10_001 })).toThrow('penaltyBasisPoints');
        expect(() => encodeCosign({ ...cosign, root: new Uint8Array(31) })).toThrow('field="root"');
    });

    it('are signed and read back through the instruction', () => {
        const secretSeed = sha256(Uint8Array.of(1));
        const message = encodeCosign(read(cosignTable.cosigns[0]!));
        const publicKey = fromHex(instructions.cosign.publicKey);
        const data = encodeEd25519CosignData({ publicKey, signature: sign(secretSeed, message), message });
        expect(parseEd25519Cosign(view(data)).message).toEqual(message);
    });
});

describe('evidence', () => {
    type Case = (typeof table.cases)[number];
    const input = (row: Case) => ({
        terms: {
            ...row.terms,
            contract: fromHex(row.terms.contract),
            node: fromHex(row.terms.node),
            issuerKey: fromHex(row.terms.issuerKey),
            epochEndAt: BigInt(row.terms.epochEndAt),
            maxTokenBytes: BigInt(row.terms.maxTokenBytes),
        },
        signed: {
            issuerKey: fromHex(row.issuerKey),
            clientKey: fromHex(row.clientKey),
            token: fromHex(row.token),
            receipt: fromHex(row.receipt),
        },
        leaf: decodeLeaf(fromHex(row.leaf)),
    });

    it.each(table.cases)('holds or fails for the stated reason: $why', (row) => {
        const { error } = row as { error?: string };
        const code = error === 'ReservedNotZero' ? 'MKT_CORE__TOKEN_RESERVED_NOT_ZERO' : error && codeOf(error);
        expect(outcome(() => assertEvidence(input(row as Case)))).toBe(code ?? 'accepted');
    });

    it('fails with any byte of a signed message changed', () => {
        const evidence = input(table.cases[0] as Case);
        for (const message of [evidence.signed.token, evidence.signed.receipt]) {
            for (let i = 0; i < message.length; i++) {
                message[i] = (message[i] as number) ^ 1;
                expect(outcome(() => assertEvidence(evidence))).toMatch(/^MKT_CORE__/);
                message[i] = (message[i] as number) ^ 1;
            }
        }
        expect(outcome(() => assertEvidence(evidence))).toBe('accepted');
    });
});
