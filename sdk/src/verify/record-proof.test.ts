import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    buildSettlementTree,
    computeAuditPath,
    computeTreeHead,
    encodeLeaf,
    encodeRecord,
    type Leaf,
    logFieldId,
    sha256,
    toBase64,
    toHex,
    utf8,
} from '../core/index.js';
import type { RecordProof } from '../http/committer.js';
import { type CommittedRoot, verifyRecordProof } from './record-proof.js';

const FIELDS = ['date', 'time', 'cs-method', 'sc-entity-bytes'];
const COMMITMENT = '11111111111111111111111111111111';

/** A commitment over `sessions` sessions of three records each, and the proof of one record of the first. */
function buildCase(sessions: number, recordIndex: number): { proof: RecordProof; committed: CommittedRoot } {
    const records = [0, 1, 2].map((record) =>
        FIELDS.map((name, field) => ({
            name,
            value: `${record}-${field}`,
            salt: toHex(sha256(utf8(`${record}/${field}`)).slice(0, 16)),
        })),
    );
    const entries = records.map((fields, record) =>
        encodeRecord(
            fields.map(({ name, value }, field) => ({
                fieldId: logFieldId(name),
                value,
                salt: sha256(utf8(`${record}/${field}`)).slice(0, 16),
            })),
        ),
    );
    const leaves: Leaf[] = Array.from({ length: sessions }, (_, session) => ({
        tokenHash: sha256(utf8(`token ${session}`)),
        bytes: BigInt(1000 * (session + 1)),
        objects: session + 1,
        class: 1,
        receiptHash: sha256(utf8(`receipt ${session}`)),
        logRoot: computeTreeHead(entries),
    }));
    const tree = buildSettlementTree(leaves);
    const leaf = leaves[0] as Leaf;
    const { bucket, path } = tree.prove(leaf.tokenHash);
    return {
        committed: tree,
        proof: {
            commitment: COMMITMENT,
            record: { fields: records[recordIndex] ?? [] },
            recordIndex,
            recordCount: records.length,
            auditPath: computeAuditPath(entries, recordIndex).map(toHex),
            leaf: toBase64(encodeLeaf(leaf)),
            bucket: bucket.map((entry) => ({
                key: toHex(entry.key),
                leafHash: toHex(entry.leafHash),
                bytes: entry.bytes.toString(),
            })),
            path: path.map(({ hash, sum }) => ({ hash: toHex(hash), sum: sum.toString() })),
        },
    };
}

describe('verifyRecordProof', () => {
    it('accepts every record of commitments of every small size', () => {
        for (let sessions = 1; sessions <= 40; sessions += 1) {
            for (const record of [0, 1, 2]) {
                const { proof, committed } = buildCase(sessions, record);
                expect(verifyRecordProof(proof, committed)).toEqual({
                    recordInLeaf: true,
                    leafInRoot: true,
                    verified: true,
                });
            }
        }
    });

    it('rejects a record of which any field was changed, and says that the leaf is not to blame', () => {
        const { proof, committed } = buildCase(9, 1);
        for (const field of proof.record.fields) {
            const fields = proof.record.fields.map((other) =>
                other === field ? { ...other, value: `${other.value}0` } : other,
            );
            expect(verifyRecordProof({ ...proof, record: { fields } }, committed)).toEqual({
                recordInLeaf: false,
                leafInRoot: true,
                verified: false,
            });
        }
    });

    it('rejects another root, total or depth', () => {
        const { proof, committed } = buildCase(9, 1);
        const { root, totalBytes, depth } = committed;
        expect(verifyRecordProof(proof, { root: sha256(root), totalBytes, depth }).verified).toBe(false);
        expect(verifyRecordProof(proof, { root, totalBytes: totalBytes + 1n, depth }).verified).toBe(false);
        expect(verifyRecordProof(proof, { root, totalBytes, depth: depth + 1 }).verified).toBe(false);
    });

    it('rejects a leaf that claims more bytes than it was committed with', () => {
        const { proof, committed } = buildCase(9, 1);
        const { bucket } = proof;
        const inflated = bucket.map((entry, index) =>
            index === 0 ? { ...entry, bytes: (BigInt(entry.bytes) + 1n).toString() } : entry,
        );
        expect(verifyRecordProof({ ...proof, bucket: inflated }, committed).leafInRoot).toBe(false);
    });

    it('never throws on a hostile proof', () => {
        const { proof, committed } = buildCase(5, 0);
        const text = fc.string({ maxLength: 80 });
        fc.assert(
            fc.property(text, text, fc.integer(), (hex, base64, index) => {
                const hostile = {
                    ...proof,
                    leaf: base64,
                    recordIndex: index,
                    auditPath: [hex],
                    path: [{ hash: hex, sum: base64 }],
                };
                return verifyRecordProof(hostile, committed).verified === false;
            }),
        );
    });
});
