import { commitField, fromHex, logFieldId, toHex } from '@ocm/sdk/core';
import type { FieldProof } from '@ocm/sdk/http';
import { RequestProblem } from '../http/problem.js';
import type { SessionRecords } from './evidence.js';

export interface FieldRequest {
    /** Hexadecimal hash of the session's token. */
    session: string;
    /** Of the session's records, from zero. */
    recordIndex: number;
    /** Name of RFC 7937. */
    field: string;
}
export const unknownRecord = (recordCount: number): RequestProblem =>
    new RequestProblem(
        404,
        'MKT_NODE__RECORD_UNKNOWN',
        `The session has ${recordCount} records; ask for an index below that.`,
    );

type Opened = Omit<FieldProof, 'node' | 'contract' | 'epoch'>;

/** Opens one field of the page's first record; of its other fields only their commitments are told. @throws RequestProblem 404 */
export function proveField({ session, leaf, recordCount, from, records, path }: SessionRecords, field: string): Opened {
    const [record] = records;
    if (record === undefined) throw unknownRecord(recordCount);
    const { fields } = record;
    const position = fields.findIndex(({ name }) => name === field);
    const opened = fields[position];
    if (opened === undefined) {
        const names = fields.map(({ name }) => name).join(', ');
        throw new RequestProblem(
            404,
            'MKT_NODE__FIELD_UNKNOWN',
            `The record has no field of that name; it has ${names}.`,
        );
    }
    return {
        session,
        leaf,
        recordIndex: from,
        recordCount,
        // Of a range of one record the path is its inclusion proof.
        auditPath: path,
        commitments: fields.map(({ name, salt, value }) => toHex(commitField(fromHex(salt), logFieldId(name), value))),
        position,
        field: opened,
    };
}
