import {
    buildSettlementTree,
    computeAuditPath,
    encodeLeaf,
    fromHex,
    type Leaf,
    LOG_FIELDS,
    sha256,
    toBase64,
    toHex,
    utf8,
} from '@ocm/sdk';
import type { CommitmentManifest, FieldProof } from '@ocm/sdk/http';
import table from '../vectors/record-commitments.json' with { type: 'json' };

/** Plain JSON, as a page gets it. */
export interface Disclosure {
    proof: FieldProof;
    manifest: Pick<CommitmentManifest, 'sessions'>;
    committed: { root: string; totalBytes: string; depth: number };
    /** Changes that must make the proof fail. */
    lies: object[];
}

const NAMES = new Map<number, string>(Object.entries(LOG_FIELDS).map(([name, id]) => [id, name]));
const ADDRESS = '11111111111111111111111111111111';

/** Each named field of the vectors' log, disclosed alone, in a commitment of that log's session and four others. */
export function buildDisclosures(): Disclosure[] {
    const entries = table.log.records.map(fromHex);
    const leaves: Leaf[] = Array.from({ length: 5 }, (_, session) => ({
        tokenHash: sha256(utf8(`token ${session}`)),
        bytes: BigInt(1_000 * (session + 1)),
        objects: session + 1,
        class: 1,
        receiptHash: sha256(utf8(`receipt ${session}`)),
        logRoot: session === 0 ? fromHex(table.log.root) : sha256(),
    }));
    const [own] = leaves;
    if (own === undefined) throw new Error('a commitment has leaves');
    const tree = buildSettlementTree(leaves);
    const signed = { token: '', tokenSignature: '', receipt: '', receiptSignature: '', node: ADDRESS };
    const shared = {
        manifest: {
            depth: tree.depth,
            sessions: leaves.map((leaf) => ({ ...signed, leaf: toBase64(encodeLeaf(leaf)) })),
        },
        committed: { root: toHex(tree.root), totalBytes: tree.totalBytes.toString(), depth: tree.depth },
    };
    return table.records.flatMap(({ fields }, recordIndex) =>
        fields.flatMap(({ salt, fieldId, value }, position): Disclosure[] => {
            const name = NAMES.get(fieldId);
            if (name === undefined) return [];
            const field = { name, value, salt };
            const proof = {
                node: ADDRESS,
                contract: ADDRESS,
                epoch: 0,
                session: toHex(own.tokenHash),
                leaf: toBase64(encodeLeaf(own)),
                recordIndex,
                recordCount: entries.length,
                auditPath: computeAuditPath(entries, recordIndex).map(toHex),
                commitments: fields.map(({ commitment }) => commitment),
                position,
                field,
            };
            const lies = [
                { field: { ...field, value: `${value}0` } },
                { field: { ...field, salt: '00'.repeat(16) } },
                { field: { ...field, name: name === 'date' ? 'time' : 'date' } },
                { position: position + 1 },
                { recordIndex: (recordIndex + 1) % entries.length },
                { commitments: [] },
            ];
            return [{ proof, ...shared, lies }];
        }),
    );
}
