import {
    commitField,
    computeAuditPath,
    encodeRecord,
    fromBase64,
    fromHex,
    hashToken,
    logFieldId,
    toHex,
} from '@ocm/sdk/core';
import type { FieldProof, SessionEvidence } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';

export interface FieldRequest {
    /** Hexadecimal hash of the session's token. */
    session: string;
    /** Of the session's records, from zero. */
    recordIndex: number;
    /** Name of RFC 7937. */
    field: string;
}
type Opened = Omit<FieldProof, 'node' | 'contract' | 'epoch'>;

/** Opens one field of one record; of its other fields only their commitments are told. @throws RequestProblem 404 */
export function proveField(sessions: readonly SessionEvidence[], request: FieldRequest): Opened {
    const { session, recordIndex, field } = request;
    const found = sessions.find(({ token }) => toHex(hashToken(fromBase64(token))) === session);
    if (found === undefined) {
        throw unknown('SESSION_NOT_EVIDENCED', 'The epoch has no receipted session of that token hash at this node.');
    }
    const record = found.records[recordIndex];
    if (record === undefined) {
        throw unknown(
            'RECORD_UNKNOWN',
            `The session has ${found.records.length} records; ask for an index below that.`,
        );
    }
    const position = record.fields.findIndex(({ name }) => name === field);
    const opened = record.fields[position];
    if (opened === undefined) {
        const names = record.fields.map(({ name }) => name).join(', ');
        throw unknown('FIELD_UNKNOWN', `The record has no field of that name; it has ${names}.`);
    }
    const salted = found.records.map(({ fields }) =>
        fields.map(({ name, value, salt }) => ({ fieldId: logFieldId(name), salt: fromHex(salt), value })),
    );
    return {
        session,
        leaf: found.leaf,
        recordIndex,
        recordCount: found.records.length,
        auditPath: computeAuditPath(salted.map(encodeRecord), recordIndex).map(toHex),
        commitments: (salted[recordIndex] ?? []).map(({ salt, fieldId, value }) =>
            toHex(commitField(salt, fieldId, value)),
        ),
        position,
        field: opened,
    };
}

const unknown = (what: string, message: string): RequestProblem =>
    new RequestProblem(404, `MKT_NODE__${what}`, message);
