import { deriveFieldSalt, deriveRecordKey, encodeLogValues, LOG_FIELDS } from '@ocm/sdk';

export const FIELDS = [
    'date',
    'time',
    'time-taken',
    'c-groupid',
    'cs-method',
    'u-uri',
    'protocol',
    'sc-status',
    'sc-total-bytes',
    'sc-entity-bytes',
    's-sid',
] as const;

/** One line of a log file, with its number in the epoch. */
export type Row = { values: Record<string, string | undefined>; seq: number };

/** Values as the file holds them, with the salts that hide them in their commitments. */
export function saltRecords(rows: readonly Row[], epochKey: Uint8Array) {
    return rows.map(({ seq, values }) => {
        const recordKey = deriveRecordKey(epochKey, seq);
        const texts = encodeLogValues(FIELDS, values);
        return {
            seq,
            salted: FIELDS.map((name, index) => ({
                name,
                fieldId: LOG_FIELDS[name],
                salt: deriveFieldSalt(recordKey, LOG_FIELDS[name]),
                value: texts[index] ?? '',
            })),
        };
    });
}
