import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from '@ocm/runtime';
import { formatLogRows } from '@ocm/sdk/core';
import { hash32 } from '@ocm/sdk/http';
import { z } from 'zod';
import { type EpochKeys, recordContextOf, type SealedEpoch } from './evidence.js';
import { listRecordFields, recordValues } from './record-fields.js';

/** What is known of a log file without reading it. */
export const logFileFacts = z.object({
    name: z.string(),
    uuid: z.uuid(),
    bytes: z.number().int(),
    records: z.number().int(),
    sha256: hash32,
});
export type LogFileFacts = z.infer<typeof logFileFacts>;
export interface LogFilePart {
    name: string;
    uuid: string;
    records: number;
    text: string;
}
export interface EpochLogInput extends EpochKeys {
    /** Base58 address of this node. */
    node: string;
    sealed: SealedEpoch;
}

/**
 * The RFC 7937 files of one contract's epoch at this node, records in order of completion. A file ends when the next record
 * would make it longer than `maxFileBytes`, or was completed `maxFileSecs` after its first. They are written when the epoch
 * is over and not before: until then nobody knows whether a group is large enough to be named.
 */
export function formatEpochLogs({ node, sealed, ...keys }: EpochLogInput): LogFilePart[] {
    const { contract, epoch, rules, requests } = sealed;
    const context = recordContextOf(sealed, keys);
    const fields = listRecordFields(rules);
    const format = (part: number, rows: readonly string[][]): LogFilePart => {
        const uuid = deriveUuid(`${node}/${contract}/${epoch}${part === 0 ? '' : `/${part}`}`);
        const claimedOrigin = `${node.toLowerCase()}.ocm.invalid`;
        const name = `${contract}-${epoch}${part === 0 ? '' : `.${part}`}.log`;
        return { name, uuid, records: rows.length, text: formatLogRows({ uuid, claimedOrigin, fields, rows }) };
    };
    const emptyBytes = format(0, []).text.length;
    const parts: LogFilePart[] = [];
    let rows: string[][] = [];
    let [bytes, firstMs] = [emptyBytes, 0];
    for (const [seq, request] of requests.entries()) {
        const row = recordValues(request, seq, context);
        // Values are printable ASCII, so characters are bytes; separators and CRLF make up one more each.
        const rowBytes = row.reduce((sum, value) => sum + value.length + 1, 1);
        const isOver = bytes + rowBytes > rules.maxFileBytes || request.endedAtMs >= firstMs + rules.maxFileSecs * 1000;
        if (rows.length > 0 && isOver) {
            parts.push(format(parts.length, rows));
            rows = [];
            bytes = emptyBytes;
        }
        if (rows.length === 0) firstMs = request.endedAtMs;
        rows.push(row);
        bytes += rowBytes;
    }
    return rows.length > 0 || parts.length === 0 ? [...parts, format(parts.length, rows)] : parts;
}

/** Version 8 UUID (RFC 9562 5.8) of a name: a file that is written again after a crash is the same file. */
export function deriveUuid(name: string): string {
    const bytes = createHash('sha256').update(`OCM/log/v1${name}`).digest().subarray(0, 16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export async function writeLogFile(folder: string, { text, ...part }: LogFilePart): Promise<LogFileFacts> {
    const data = Buffer.from(text, 'utf8');
    await writeFileAtomic(join(folder, part.name), data, 0o600);
    return { ...part, bytes: data.length, sha256: createHash('sha256').update(data).digest('hex') };
}
