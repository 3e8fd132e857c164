import { createHash, randomBytes } from 'node:crypto';
import {
    computeTreeHead,
    encodeLeaf,
    encodeReceipt,
    encodeRecord,
    encodeToken,
    fromHex,
    generateKeyPair,
    hashReceipt,
    hashToken,
    initialAccumulator,
    type KeyPair,
    logFieldId,
    type Receipt,
    sign,
    type Token,
    toBase64,
    toHex,
} from '@ocm/sdk/core';
import type { SaltedRecord, SessionEvidence } from '@ocm/sdk/http';
import { PublicKey } from '@solana/web3.js';

/** Builders of real sessions: real keys, real signatures, real record trees. */
export const CLUSTER_TAG = 0x0c_0f_fe_e0;
export const GENESIS_SECS = 1_700_000_000;
export const EPOCH_SECS = 60;
export const TOKEN_GRACE_SECS = 10;
export const MAX_TOKEN_BYTES = 1_000_000_000n;

export const freshAddress = (): PublicKey => new PublicKey(randomBytes(32));
/** Same name, same key: runs are repeatable. */
export const namedAddress = (name: string): PublicKey => new PublicKey(createHash('sha256').update(name).digest());

export type ContractFixture = ReturnType<typeof createContract>;
export function createContract(issuer: KeyPair, name = 'contract') {
    return {
        address: namedAddress(name),
        contentProvider: namedAddress(`${name} content provider`),
        seller: namedAddress(`${name} seller`),
        vault: namedAddress(`${name} vault`),
        claims: [namedAddress(`${name} claim`)],
        issuer: [new PublicKey(issuer.publicKey), PublicKey.default],
        issuerFromEpoch: [0, 0],
        genesisAt: BigInt(GENESIS_SECS),
        epochLengthSecs: EPOCH_SECS,
        epochCount: 100,
        capKilobitsPerSecond: 1_000_000n,
        commitFeePerEpoch: 0n,
        commitDelaySecs: 10,
        commitWindowSecs: 40,
        cosignWindowSecs: 600,
        proveWindowSecs: 300,
        challengeWindowSecs: 300,
        tokenGraceSecs: TOKEN_GRACE_SECS,
        maxTokenBytes: MAX_TOKEN_BYTES,
        pricePerGigabyte: [5_000n, 0n, 0n] as readonly [bigint, bigint, bigint],
        sla: { quorum: 3, maxPenaltyBasisPoints: 0, severeBasisPoints: 0, slashBasisPoints: 0, tiers: [] },
        mint: namedAddress('mint'),
        tokenProgram: namedAddress('token program'),
        splits: [{ payee: namedAddress(`${name} payee`), basisPoints: 10_000 }],
        treasury: namedAddress('treasury'),
        owed: Array.from({ length: 9 }, () => 0n),
        state: 'active' as 'active' | 'proposed' | 'underfunded' | 'closing' | 'settled' | 'cancelled',
    };
}

export type SessionOptions = {
    contract: { address: PublicKey };
    issuer: KeyPair;
    node: PublicKey;
    epoch?: number;
    bytes?: bigint;
    seq?: number;
    records?: number;
    token?: Partial<Token>;
    receipt?: Partial<Receipt>;
    client?: KeyPair;
};
export type SessionFixture = {
    evidence: SessionEvidence & { records: SaltedRecord[] };
    tokenBytes: Uint8Array;
    receiptBytes: Uint8Array;
    receiptSignature: Uint8Array;
    key: string;
    client: KeyPair;
};

export function createSession(options: SessionOptions): SessionFixture {
    const {
        contract,
        issuer,
        node,
        epoch = 0,
        bytes = 1_000_000n,
        seq = 1,
        records = 3,
        client = generateKeyPair(),
    } = options;
    const startSecs = GENESIS_SECS + epoch * EPOCH_SECS;
    const tokenBytes = encodeToken({
        contract: contract.address.toBytes(),
        clusterTag: CLUSTER_TAG,
        epoch,
        tokenId: Uint8Array.from(randomBytes(16)),
        node: node.toBytes(),
        clientPublicKey: client.publicKey,
        maxBytes: MAX_TOKEN_BYTES,
        notBeforeSecs: startSecs,
        notAfterSecs: startSecs + EPOCH_SECS + TOKEN_GRACE_SECS,
        clientGroup: 7,
        flags: 0,
        ...options.token,
    });
    return resign({ tokenBytes, issuer, client, bytes, seq, records, startSecs, receipt: options.receipt ?? {} });
}

/** A further receipt for the same token. */
export function continueSession(session: SessionFixture, issuer: KeyPair, bytes: bigint, seq: number): SessionFixture {
    const { tokenBytes, client } = session;
    return resign({ tokenBytes, issuer, client, bytes, seq, records: 1, startSecs: GENESIS_SECS, receipt: {} });
}

type Parts = {
    tokenBytes: Uint8Array;
    issuer: KeyPair;
    client: KeyPair;
    bytes: bigint;
    seq: number;
    records: number;
    startSecs: number;
    receipt: Partial<Receipt>;
};

function resign({ tokenBytes, issuer, client, bytes, seq, records, startSecs, receipt }: Parts): SessionFixture {
    const tokenHash = hashToken(tokenBytes);
    const receiptBytes = encodeReceipt({
        tokenHash,
        seq,
        objects: records,
        bytes,
        lastMs: BigInt(startSecs) * 1000n + 30_000n,
        ttfbP95Ms: 40,
        stallCentisecs: 0,
        errors: 0,
        accumulator: initialAccumulator(tokenHash),
        ...receipt,
    });
    const evidenced = Array.from({ length: records }, (_, index) => createRecord(index));
    const logRoot = computeTreeHead(
        evidenced.map(({ fields }) =>
            encodeRecord(
                fields.map(({ name, value, salt }) => ({ salt: fromHex(salt), fieldId: logFieldId(name), value })),
            ),
        ),
    );
    const receiptSignature = sign(client.secretSeed, receiptBytes);
    const leaf = encodeLeaf({
        tokenHash,
        bytes,
        objects: records,
        class: 0,
        receiptHash: hashReceipt(receiptBytes),
        logRoot,
    });
    return {
        tokenBytes,
        receiptBytes,
        receiptSignature,
        client,
        key: toHex(tokenHash),
        evidence: {
            token: toBase64(tokenBytes),
            tokenSignature: toBase64(sign(issuer.secretSeed, tokenBytes)),
            receipt: toBase64(receiptBytes),
            receiptSignature: toBase64(receiptSignature),
            leaf: toBase64(leaf),
            recordCount: evidenced.length,
            records: evidenced,
        },
    };
}

function createRecord(seq: number): SaltedRecord {
    const salted = (name: string, value: string) => ({ name, value, salt: randomBytes(16).toString('hex') });
    return {
        seq,
        fields: [
            salted('date', '2026-01-02'),
            salted('time', '03:04:05'),
            salted('u-uri', `http://cdn.example/seg-${seq}.m4s`),
        ],
    };
}
