import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { writeFileAtomic } from '@ocm/runtime';
import { formatLogFile } from '@ocm/sdk/core';
import type { SealedEpoch } from './evidence.js';
import { RECORD_FIELDS, toLogRecord } from './record-fields.js';

export interface EpochLogInput {
    /** Base58 address of this node. */
    node: string;
    epochKey: Uint8Array;
    sealed: SealedEpoch;
}

/** The RFC 7937 file of one contract's epoch at this node, records in order of completion. */
export function formatEpochLog({ node, epochKey, sealed }: EpochLogInput): string {
    const { contract, epoch, sessions, requests } = sealed;
    return formatLogFile({
        uuid: deriveUuid(`${node}/${contract}/${epoch}`),
        claimedOrigin: `${node.toLowerCase()}.ocm.invalid`,
        fields: [...RECORD_FIELDS],
        records: requests.map((request) => {
            const clientGroup = request.session === null ? undefined : sessions.get(request.session)?.token.clientGroup;
            return toLogRecord(request, { epochKey, clientGroup });
        }),
    });
}

/** Version 8 UUID (RFC 9562 5.8) of a name: a file that is written again after a crash is the same file. */
export function deriveUuid(name: string): string {
    const bytes = createHash('sha256').update(`OCM/log/v1${name}`).digest().subarray(0, 16);
    bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
    bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

export async function writeLogFile(
    folder: string,
    name: string,
    text: string,
): Promise<{ name: string; bytes: number; sha256: string }> {
    const data = Buffer.from(text, 'utf8');
    await writeFileAtomic(join(folder, name), data, 0o600);
    return { name, bytes: data.length, sha256: createHash('sha256').update(data).digest('hex') };
}
