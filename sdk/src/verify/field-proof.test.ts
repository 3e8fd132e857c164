import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
    buildSettlementTree,
    commitField,
    computeAuditPath,
    computeTreeHead,
    concatBytes,
    encodeLeaf,
    type Leaf,
    logFieldId,
    sha256,
    toBase64,
    toHex,
    utf8,
} from '../core/index.js';
import type { FieldProof } from '../http/logs.js';
import { findLeafProof, verifyFieldProof } from './field-proof.js';
import type { CommittedRoot } from './leaf-in-root.js';

const FIELDS = ['date', 'time', 'c-groupid', 'sc-entity-bytes', 's-ccid'];
const ADDRESS = '11111111111111111111111111111111';
const PROVED = { fieldInRecord: true, recordInLeaf: true, leafInRoot: true, verified: true };

interface Case {
    proof: FieldProof;
    manifest: Parameters<typeof findLeafProof>[0];
    committed: CommittedRoot;
}
/** A commitment over `sessions` sessions, and the proof of one field of one of the three records of the first. */
function buildCase(sessions: number, recordIndex: number, position: number, depth?: number): Case {
    const salted = [0, 1, 2].map((record) =>
        FIELDS.map((name, field) => ({
            name,
            value: `${record}-${field}`,
            salt: sha256(utf8(`${record}/${field}`)).slice(0, 16),
        })),
    );
    const commitments = salted.map((record) =>
        record.map(({ name, value, salt }) => commitField(salt, logFieldId(name), value)),
    );
    const entries = commitments.map((record) => concatBytes(...record));
    const leaves: Leaf[] = Array.from({ length: sessions }, (_, session) => ({
        tokenHash: sha256(utf8(`token ${session}`)),
        bytes: BigInt(1000 * (session + 1)),
        objects: session + 1,
        class: 1,
        receiptHash: sha256(utf8(`receipt ${session}`)),
        logRoot: computeTreeHead(entries),
    }));
    const [own] = leaves;
    const opened = salted[recordIndex]?.[position];
    if (own === undefined || opened === undefined) throw new Error('a case has a session and a field');
    const committed = buildSettlementTree(leaves, depth === undefined ? {} : { depth });
    const signed = { token: '', tokenSignature: '', receipt: '', receiptSignature: '', node: ADDRESS };
    return {
        committed,
        manifest: {
            depth: committed.depth,
            sessions: leaves.map((leaf) => ({ ...signed, leaf: toBase64(encodeLeaf(leaf)) })),
        },
        proof: {
            node: ADDRESS,
            contract: ADDRESS,
            epoch: 0,
            session: toHex(own.tokenHash),
            leaf: toBase64(encodeLeaf(own)),
            recordIndex,
            recordCount: entries.length,
            auditPath: computeAuditPath(entries, recordIndex).map(toHex),
            commitments: (commitments[recordIndex] ?? []).map(toHex),
            position,
            field: { ...opened, salt: toHex(opened.salt) },
        },
    };
}
const verdictOf = ({ proof, manifest, committed }: Case, change: Partial<FieldProof> = {}) =>
    verifyFieldProof({ ...proof, ...change }, findLeafProof(manifest, proof.session), committed);

describe('verifyFieldProof', () => {
    it('accepts a commitment of the depth that the seller chose', () => {
        for (const depth of [3, 7, 20]) expect(verdictOf(buildCase(3, 1, 2, depth))).toEqual(PROVED);
    });

    it('accepts every field of every record, alone, in commitments of every small size', () => {
        for (let sessions = 1; sessions <= 20; sessions += 1) {
            for (const record of [0, 1, 2]) {
                for (const field of FIELDS.keys())
                    expect(verdictOf(buildCase(sessions, record, field))).toEqual(PROVED);
            }
        }
    });

    it('rejects another value, salt, name or place, and says that the rest is not to blame', () => {
        const made = buildCase(5, 1, 3);
        const { field } = made.proof;
        const lies: Partial<FieldProof>[] = [
            { field: { ...field, value: '1-30' } },
            { field: { ...field, salt: '00'.repeat(16) } },
            { field: { ...field, name: 'sc-total-bytes' } },
            { field: { ...field, name: 'no-such-field' } },
            { position: 2 },
            { position: 99 },
        ];
        for (const lie of lies) {
            expect(verdictOf(made, lie)).toEqual({ ...PROVED, fieldInRecord: false, verified: false });
        }
    });

    it('rejects a record that is not in the leaf, and a leaf that is not the session’s or not in the root', () => {
        const made = buildCase(5, 1, 3);
        const [first = '', ...rest] = made.proof.commitments;
        for (const lie of [
            { recordIndex: 0 },
            { recordCount: 1 },
            { commitments: [...rest, first] },
            { auditPath: [] },
        ]) {
            expect(verdictOf(made, lie).recordInLeaf).toBe(false);
        }
        expect(verdictOf(made, { session: toHex(sha256(utf8('token 1'))) }).leafInRoot).toBe(false);
        const inflated = { ...made, committed: { ...made.committed, totalBytes: made.committed.totalBytes + 1n } };
        expect(verdictOf(inflated)).toEqual({ ...PROVED, leafInRoot: false, verified: false });
    });

    it('never throws on a hostile proof, and never accepts one', () => {
        const made = buildCase(3, 0, 0);
        const text = fc.string({ maxLength: 80 });
        fc.assert(
            fc.property(text, text, fc.integer(), (hex, base64, index) => {
                const lie = { leaf: base64, recordIndex: index, auditPath: [hex], commitments: [hex], position: index };
                expect(verdictOf(made, lie).verified).toBe(false);
            }),
        );
    });
});
