import { createHash } from 'node:crypto';
import {
    computeEpochBounds,
    computeTreeHead,
    encodeLeaf,
    encodeReceipt,
    encodeRecord,
    encodeToken,
    formatLogFile,
    formatLogTimestamp,
    hashReceipt,
    hashToken,
    publicKeyOf,
    sha256,
    sign,
    toBase64,
    toHex,
    utf8,
} from '@ocm/sdk';
import { type FundedTrade, type RecordedSession, testIssuer } from '../support/index.js';
import { FIELDS, type Row, saltRecords } from './log-records.js';

export type EpochOfNode = { evidence: RecordedSession[]; log: string };

/** What a node of the trade holds of one epoch: viewers who each fetch some segments, one of them without a key. */
export function playEpoch(trade: FundedTrade, epoch: number, viewers: number, segments: number): EpochOfNode {
    const { beginsAt } = computeEpochBounds(trade.contract, epoch);
    const epochKey = sha256(utf8(`epoch key ${epoch}`));
    const rows: { values: Record<string, string | undefined>; viewer: number }[] = [];
    for (let segment = 0; segment < segments; segment += 1)
        for (let viewer = 0; viewer <= viewers; viewer += 1) {
            const isKeyless = viewer === viewers;
            if (isKeyless && segment > 0) continue;
            const bytes = 400_000 + 1_000 * viewer + segment;
            rows.push({
                viewer,
                values: {
                    ...formatLogTimestamp(Number(beginsAt) * 1_000 + 100 * rows.length),
                    'time-taken': '0.012',
                    'c-groupid': isKeyless ? 'unkeyed' : '7',
                    'cs-method': 'GET',
                    'u-uri': `http://origin.example/stream/seg-${segment}.m4s`,
                    protocol: 'HTTP/1.1',
                    'sc-status': '200',
                    'sc-total-bytes': `${bytes + 200}`,
                    'sc-entity-bytes': `${bytes}`,
                    's-sid': isKeyless ? undefined : toHex(sha256(utf8(`sid ${epoch} ${viewer}`))).slice(0, 16),
                },
            });
        }
    const digest = createHash('sha256').update(`${epoch}`).digest('hex');
    return {
        log: formatLogFile({
            uuid: [
                digest.slice(0, 8),
                digest.slice(8, 12),
                digest.slice(12, 16),
                digest.slice(16, 20),
                digest.slice(20, 32),
            ].join('-'),
            claimedOrigin: 'relay.ocm.invalid',
            fields: [...FIELDS],
            records: rows.map(({ values }) => values),
        }),
        evidence: Array.from({ length: viewers }, (_, viewer) => {
            const own = rows.flatMap((row, seq) => (row.viewer === viewer ? [{ ...row, seq }] : []));
            return signSession(trade, epoch, viewer, own, epochKey);
        }),
    };
}

function signSession(
    trade: FundedTrade,
    epoch: number,
    viewer: number,
    rows: Row[],
    epochKey: Uint8Array,
): RecordedSession {
    const { contract, node } = trade;
    const { beginsAt, endsAt } = computeEpochBounds(contract, epoch);
    const client = sha256(utf8(`client ${epoch} ${viewer}`));
    const token = encodeToken({
        contract: contract.address.toBytes(),
        clusterTag: contract.clusterTag,
        epoch,
        tokenId: sha256(utf8(`token ${epoch} ${viewer}`)).subarray(0, 16),
        node: node.address.toBytes(),
        clientPublicKey: publicKeyOf(client),
        maxBytes: 1_000_000_000n,
        notBeforeSecs: Number(beginsAt),
        notAfterSecs: Number(endsAt),
        clientGroup: 7,
        flags: 0,
    });
    const receipt = encodeReceipt({
        tokenHash: hashToken(token),
        seq: rows.length,
        objects: rows.length,
        bytes: rows.reduce((sum, { values }) => sum + BigInt(values['sc-entity-bytes'] ?? 0), 0n),
        lastMs: endsAt * 1_000n - 1n,
        ttfbP95Ms: 40,
        stallCentisecs: 0,
        errors: 0,
        accumulator: sha256(utf8('objects')),
    });
    const records = saltRecords(rows, epochKey);
    const bytes = new DataView(receipt.buffer, receipt.byteOffset).getBigUint64(56, true);
    return {
        token: toBase64(token),
        tokenSignature: toBase64(sign(testIssuer.secretKey.subarray(0, 32), token)),
        receipt: toBase64(receipt),
        receiptSignature: toBase64(sign(client, receipt)),
        leaf: toBase64(
            encodeLeaf({
                tokenHash: hashToken(token),
                bytes,
                objects: rows.length,
                class: 1,
                receiptHash: hashReceipt(receipt),
                logRoot: computeTreeHead(records.map(({ salted }) => encodeRecord(salted))),
            }),
        ),
        recordCount: records.length,
        records: records.map(({ seq, salted }) => ({
            seq,
            fields: salted.map(({ name, salt, value }) => ({ name, value, salt: toHex(salt) })),
        })),
    };
}
