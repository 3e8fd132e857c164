import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { damaged, StateError } from './errors.js';
import { segmentSchema } from './history-log.js';

const MAGIC = Buffer.from('SIMSNAP1');
/** magic 8 | length of meta u32 | length of runtime u32 | CRC-32 of meta u32 | CRC-32 of runtime u32 */
const HEAD_BYTES = 24;
/** Whose snapshot format the runtime bytes are in; it is not promised to be stable between versions. */
export const RUNTIME_VERSION = 'litesvm 1.5.0';

const decimal = z.string().regex(/^-?\d+$/);
const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const metaSchema = z.object({
    generation: z.number().int().positive(),
    runtimeVersion: z.string(),
    genesisHash: z.string(),
    slotHashSecret: hex32,
    faucetSeed: hex32,
    slot: decimal,
    unixTimestamp: decimal,
    offsetMs: z.number(),
    nextSequence: z.number().int().nonnegative(),
    history: z.array(segmentSchema),
});
export type SnapshotMeta = z.infer<typeof metaSchema>;

export interface SnapshotContents {
    readonly meta: SnapshotMeta;
    /** What the runtime saved of itself. */
    readonly runtime: Uint8Array;
}

/** Writes a snapshot beside its name and moves it there once it is on disk: a half-written one is never found. */
export function writeSnapshotFile(path: string, { meta, runtime }: SnapshotContents): void {
    const metaBytes = Buffer.from(JSON.stringify(meta));
    const head = Buffer.alloc(HEAD_BYTES);
    MAGIC.copy(head);
    head.writeUInt32LE(metaBytes.length, 8);
    head.writeUInt32LE(runtime.length, 12);
    head.writeUInt32LE(crc32(metaBytes), 16);
    head.writeUInt32LE(crc32(runtime), 20);
    const temporary = `${path}.tmp`;
    const file = openSync(temporary, 'w', 0o600);
    try {
        for (const part of [head, metaBytes, runtime]) {
            for (let written = 0; written < part.length; ) written += writeSync(file, part, written);
        }
        fsyncSync(file);
    } finally {
        closeSync(file);
    }
    renameSync(temporary, path);
    syncDirectory(dirname(path));
}

/** Makes renames and new files in a folder durable. */
export function syncDirectory(directory: string): void {
    const handle = openSync(directory, 'r');
    try {
        fsyncSync(handle);
    } finally {
        closeSync(handle);
    }
}

/** Reads and checks a snapshot. Throws StateError. */
export function readSnapshotFile(path: string): SnapshotContents {
    const data = readFileSync(path);
    if (data.length < HEAD_BYTES || !data.subarray(0, 8).equals(MAGIC))
        throw damaged(path, 'its head is not that of a snapshot');
    const metaEnd = HEAD_BYTES + data.readUInt32LE(8);
    const runtimeEnd = metaEnd + data.readUInt32LE(12);
    if (runtimeEnd !== data.length) throw damaged(path, 'its length is wrong');
    const metaBytes = data.subarray(HEAD_BYTES, metaEnd);
    const runtime = data.subarray(metaEnd, runtimeEnd);
    if (crc32(metaBytes) !== data.readUInt32LE(16) || crc32(runtime) !== data.readUInt32LE(20)) {
        throw damaged(path, 'its checksum does not match');
    }
    const meta = metaSchema.safeParse(JSON.parse(metaBytes.toString('utf8')));
    if (!meta.success) throw damaged(path, meta.error.issues[0]?.message ?? 'its fields are wrong', meta.error);
    if (meta.data.runtimeVersion !== RUNTIME_VERSION) {
        throw new StateError(
            `${path} was written by ${meta.data.runtimeVersion} and this is ${RUNTIME_VERSION}; use the version that wrote it, or start over with --reset`,
        );
    }
    return { meta: meta.data, runtime };
}
