import { closeSync, fsyncSync, ftruncateSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ExecutedTransaction } from '../types.js';
import { damaged } from './errors.js';
import { decodeExecuted, encodeExecuted } from './executed-transaction-codec.js';
import { encodeFrame, scanFrames } from './frames.js';

/** Transactions after which a new segment is begun: old ones are dropped whole. */
const SEGMENT_TRANSACTIONS = 5_000;

export const segmentSchema = z.object({
    file: z.string().regex(/^history-\d+\.log$/),
    bytes: z.number().int().nonnegative(),
    count: z.number().int().positive(),
});
export type HistorySegment = z.infer<typeof segmentSchema>;

/** Reads the transactions of all segments a snapshot lists. Throws StateError. */
export function readSegments(directory: string, segments: readonly HistorySegment[]): ExecutedTransaction[] {
    const transactions: ExecutedTransaction[] = [];
    for (const segment of segments) {
        const path = join(directory, segment.file);
        let data: Buffer;
        try {
            data = readFileSync(path);
        } catch (cause) {
            throw damaged(path, 'it cannot be read', cause);
        }
        if (data.length < segment.bytes) throw damaged(path, 'it is shorter than the snapshot says');
        const { payloads, tornBytes } = scanFrames(path, data.subarray(0, segment.bytes), 0);
        if (tornBytes > 0 || payloads.length !== segment.count)
            throw damaged(path, 'it does not hold what the snapshot says');
        for (const payload of payloads) transactions.push(decodeExecuted(payload));
    }
    return transactions;
}

/**
 * Appends transactions and returns the segments a snapshot is to list. What an earlier attempt appended without its
 * snapshot getting finished is cut off first. Durable when this returns.
 */
export function appendToSegments(
    directory: string,
    segments: readonly HistorySegment[],
    transactions: readonly ExecutedTransaction[],
    capacity: number,
    generation: number,
): HistorySegment[] {
    if (transactions.length === 0) return [...segments];
    const last = segments.at(-1);
    const extendsLast = last !== undefined && last.count < SEGMENT_TRANSACTIONS;
    const base = extendsLast ? last : { file: `history-${generation}.log`, bytes: 0, count: 0 };
    const file = openSync(join(directory, base.file), extendsLast ? 'r+' : 'w', 0o600);
    let bytes = base.bytes;
    try {
        ftruncateSync(file, base.bytes);
        for (const transaction of transactions) {
            const frame = encodeFrame(encodeExecuted(transaction));
            bytes += writeSync(file, frame, 0, frame.length, bytes);
        }
        fsyncSync(file);
    } finally {
        closeSync(file);
    }
    const kept = [
        ...(extendsLast ? segments.slice(0, -1) : segments),
        { file: base.file, bytes, count: base.count + transactions.length },
    ];
    return dropOld(kept, capacity);
}

/** Leaves out leading segments that are not needed to fill the history. Their files go once no snapshot lists them. */
function dropOld(segments: readonly HistorySegment[], capacity: number): HistorySegment[] {
    let total = segments.reduce((sum, { count }) => sum + count, 0);
    const kept = [...segments];
    for (let first = kept[0]; first !== undefined && total - first.count >= capacity; first = kept[0]) {
        total -= first.count;
        kept.shift();
    }
    return kept;
}

export function removeSegments(directory: string, files: Iterable<string>): void {
    for (const file of files) rmSync(join(directory, file), { force: true });
}
