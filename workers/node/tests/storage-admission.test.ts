import { LRUCache } from 'lru-cache';
import { describe, expect, it } from 'vitest';
import { S3Fifo } from '../src/cache/storage/s3-fifo.js';

const REQUESTS = 60_000;
const OBJECTS = 10_000;
const ROOM_BYTES = 40_000_000;

/** Mulberry32: the same trace in every run. */
function randomOf(seed: number): () => number {
    let state = seed;
    return () => {
        state = (state + 0x6d2b79f5) | 0;
        let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
        mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    };
}

/** Ranks by Zipf with exponent 0.9, as measured at many CDN edges. */
function zipf(random: () => number): () => number {
    const sums = new Float64Array(OBJECTS);
    let sum = 0;
    for (let rank = 0; rank < OBJECTS; rank += 1) {
        sum += 1 / (rank + 1) ** 0.9;
        sums[rank] = sum;
    }
    return () => {
        const wanted = random() * sum;
        let [low, high] = [0, OBJECTS - 1];
        while (low < high) {
            const middle = (low + high) >> 1;
            if (sums[middle]! < wanted) low = middle + 1;
            else high = middle;
        }
        return low;
    };
}

/** Mostly small objects, some segments, few large ones. */
function sizeOf(object: number): number {
    const random = randomOf(object * 7919 + 3);
    const kind = random();
    if (kind < 0.7) return 512 + Math.floor(random() * 20_000);
    return kind < 0.95 ? 30_000 + Math.floor(random() * 60_000) : 500_000 + Math.floor(random() * 1_000_000);
}

const rank = zipf(randomOf(42));
const chance = randomOf(7);
let stranger = OBJECTS * 10;
const TRACES: Record<string, number[]> = {
    'a stable popularity': Array.from({ length: REQUESTS }, () => rank()),
    'scans in between': Array.from({ length: REQUESTS }, (_, index) => (index % 10_000 < 2_000 ? stranger++ : rank())),
    'many objects asked for once': Array.from({ length: REQUESTS }, () => (chance() < 0.4 ? stranger++ : rank())),
    'a popularity that drifts': Array.from({ length: REQUESTS }, (_, i) => rank() + Math.floor(i / 10_000) * 500),
};

interface Replayed {
    hitRatio: number;
    byteHitRatio: number;
    mostBytes: number;
}
function replay(
    trace: number[],
    cache: { use(key: string): boolean; put(key: string, bytes: number): number },
): Replayed {
    let [hits, hitBytes, bytes, mostBytes] = [0, 0, 0, 0];
    for (const object of trace) {
        const [key, size] = [`http://origin.example/${object}`, sizeOf(object)];
        bytes += size;
        if (cache.use(key)) {
            hits += 1;
            hitBytes += size;
        } else mostBytes = Math.max(mostBytes, cache.put(key, size));
    }
    return { hitRatio: hits / trace.length, byteHitRatio: hitBytes / bytes, mostBytes };
}

function lru(trace: number[]): Replayed {
    const cache = new LRUCache<string, number>({ maxSize: ROOM_BYTES, sizeCalculation: (size) => size });
    return replay(trace, {
        use: (key) => cache.get(key) !== undefined,
        put: (key, size) => cache.set(key, size).calculatedSize,
    });
}

function s3Fifo(trace: number[], favoursSmall: boolean): Replayed {
    const onEvict = (): void => undefined;
    const cache = new S3Fifo<number>({ maxBytes: ROOM_BYTES, maxCount: 1e9, favoursSmall, onEvict });
    return replay(trace, {
        use: (key) => cache.use(key) !== undefined,
        put: (key, size) => {
            cache.set(key, size, size);
            return cache.bytes;
        },
    });
}

describe('admission and eviction against plain LRU', () => {
    for (const [name, trace] of Object.entries(TRACES)) {
        it(`hits more often, and for more bytes, with ${name}`, () => {
            const [plain, disk, memory] = [lru(trace), s3Fifo(trace, false), s3Fifo(trace, true)];
            expect(disk.hitRatio).toBeGreaterThan(plain.hitRatio * 1.05);
            expect(disk.byteHitRatio).toBeGreaterThan(plain.byteHitRatio * 1.05);
            // Memory trades bytes for hits, and still has more of both.
            expect(memory.hitRatio).toBeGreaterThan(disk.hitRatio * 1.02);
            expect(memory.byteHitRatio).toBeGreaterThan(plain.byteHitRatio * 1.05);
            for (const { mostBytes } of [disk, memory]) expect(mostBytes).toBeLessThanOrEqual(ROOM_BYTES);
        });
    }
});
