import { assertConsistency, computeConsistencyPath, computeTreeHead, encodeHistoryEntry } from '@ocm/sdk';
import { describe, expect, it } from 'vitest';
import { type Outcome, walk } from './walk.js';

/** The entry of what a step has settled, nothing if it has settled nothing. */
function entryOf({ before, after }: Outcome): Uint8Array | undefined {
    const isSettled = ({ commitments }: Outcome['before'], address: string) =>
        commitments.some((each) => each.address.toBase58() === address && each.state === 'settled');
    const settled = after.commitments.find(
        ({ address, state }) => state === 'settled' && !isSettled(before, address.toBase58()),
    );
    if (settled === undefined) return undefined;
    const { address, epoch, kind, root, totalBytes, gross } = settled;
    const penalty = after.contract.penaltyTotal - before.contract.penaltyTotal;
    return encodeHistoryEntry({ commitment: address.toBytes(), epoch, kind, root, totalBytes, gross, penalty });
}

/** The peaks that RFC 9162 has over these entries, by level; zeros where the size has no such bit. */
function peaksOf(entries: readonly Uint8Array[], levels: number): Uint8Array[] {
    const peaks: Uint8Array[] = Array.from({ length: levels }, () => new Uint8Array(32));
    let start = 0;
    for (let level = levels - 1; level >= 0; level -= 1) {
        const size = 2 ** level;
        if ((entries.length & size) === 0) continue;
        peaks[level] = computeTreeHead(entries.slice(start, start + size));
        start += size;
    }
    return peaks;
}

describe('INV-7, the history of a contract', () => {
    it('only grows, by exactly what is settled, and proves it', async () => {
        let history: { world: object; entries: Uint8Array[] } | undefined;
        let longest = 0;
        await walk(
            (outcome) => {
                const { world, after } = outcome;
                if (history?.world !== world) history = { world, entries: [] };
                const { entries } = history;
                const entry = entryOf(outcome);
                if (entry !== undefined) entries.push(entry);
                const { historySize, historyFrontier, settledCommitments } = after.contract;
                expect([Number(historySize), settledCommitments]).toEqual([entries.length, entries.length]);
                expect(historyFrontier).toEqual(peaksOf(entries, historyFrontier.length));

                longest = Math.max(longest, entries.length);
                if (entry === undefined || entries.length < 2) return;
                const firstSize = entries.length - 1;
                assertConsistency({
                    firstSize,
                    secondSize: entries.length,
                    firstRoot: computeTreeHead(entries.slice(0, firstSize)),
                    secondRoot: computeTreeHead(entries),
                    path: computeConsistencyPath(entries, firstSize),
                });
            },
            { seed: 7 },
        );
        expect(longest).toBeGreaterThanOrEqual(3);
    });
});
