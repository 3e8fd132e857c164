import { encodeLanesModule } from './hash-lanes-code.js';

export const LANES = 4;
/** Of one word of each lane. */
export const LANE_WORD_BYTES = 4 * LANES;
export const LANES_STATE_BYTES = 8 * LANE_WORD_BYTES;
export const LANES_BLOCK_BYTES = 16 * LANE_WORD_BYTES;
/** Words of the rounds' constants, then the initial state; what comes after is for whoever uses the memory. */
const CONSTANTS_AT = 0;
export const INITIAL_STATE_AT = 256;
export const LANES_FREE_AT = INITIAL_STATE_AT + LANES_STATE_BYTES;
const LANES_SCHEDULE_WORDS = 64;
export const LANES_SCHEDULE_BYTES = 4 * LANES_SCHEDULE_WORDS;

/** SHA-256 over four messages at once. Addresses are of `bytes`; a state or block holds each word four times, once a lane. */
export interface HashLanes {
    readonly bytes: Uint8Array;
    /** The same memory, by words. */
    readonly words: Uint32Array;
    /** Who filled the memory last: another's contents are nobody's to rely on. */
    owner: object | null;
    compress(state: number, words: number, output: number): void;
    /** As `compress` with a block that is the same in each lane, of which {@link expandSchedule} made `schedule`. */
    compressKnown(state: number, schedule: number, output: number): void;
    /** Blocks of 64 bytes, one every `stride`, become the words of a block. */
    lace(blocks: number, stride: number, words: number): void;
    /** Four words of each lane become 16 bytes, one lane every `stride`. */
    unlace(words: number, stride: number, bytes: number): void;
}

/** Fractions of the roots of the first primes (FIPS 180-4 4.2.2, 5.3.3), as words. */
function rootFractions(count: number, root: (prime: number) => number): number[] {
    const primes: number[] = [];
    for (let number = 2; primes.length < count; number++) {
        if (primes.every((prime) => number % prime !== 0)) primes.push(number);
    }
    return primes.map((prime) => Math.floor((root(prime) % 1) * 2 ** 32));
}
const CONSTANTS = rootFractions(LANES_SCHEDULE_WORDS, Math.cbrt);
const INITIAL_STATE = rootFractions(8, Math.sqrt);

const rotate = (word: number, bits: number): number => (word >>> bits) | (word << (32 - bits));

/** The words of all rounds, constants added, of one block of 16 words. */
export function expandSchedule(block: readonly number[]): Uint32Array {
    const words = new Uint32Array(LANES_SCHEDULE_WORDS);
    words.set(block);
    for (let index = block.length; index < words.length; index++) {
        const [old, late] = [words[index - 15] as number, words[index - 2] as number];
        const first = rotate(old, 7) ^ rotate(old, 18) ^ (old >>> 3);
        const second = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
        words[index] = (words[index - 16] as number) + first + (words[index - 7] as number) + second;
    }
    return words.map((word, index) => word + (CONSTANTS[index] as number));
}

/** Words that are the same in each lane. */
export function splat(lanes: HashLanes, address: number, values: Iterable<number>): void {
    let place = address / 4;
    for (const value of values) {
        lanes.words.fill(value, place, place + LANES);
        place += LANES;
    }
}

let found: HashLanes | null | undefined;

/**
 * One instance for the process, or null: where WebAssembly is not allowed (a browser's content policy), without SIMD, or if
 * its first hash is wrong.
 */
export function findHashLanes(): HashLanes | null {
    if (found === undefined) found = createHashLanes();
    return found;
}

export function createHashLanes(): HashLanes | null {
    try {
        const { exports } = new WebAssembly.Instance(new WebAssembly.Module(encodeLanesModule(CONSTANTS_AT)));
        const { memory, ...functions } = exports as unknown as Omit<HashLanes, 'bytes' | 'words' | 'owner'> & {
            memory: WebAssembly.Memory;
        };
        const [bytes, words] = [new Uint8Array(memory.buffer), new Uint32Array(memory.buffer)];
        const lanes: HashLanes = { ...functions, bytes, words, owner: null };
        words.set(CONSTANTS, CONSTANTS_AT / 4);
        splat(lanes, INITIAL_STATE_AT, INITIAL_STATE);
        return isRight(lanes) ? lanes : null;
    } catch {
        return null;
    }
}

/** SHA-256 of the empty message in all lanes, and that words are little-endian here. */
function isRight(lanes: HashLanes): boolean {
    const { bytes, words } = lanes;
    const [block, state] = [LANES_FREE_AT, LANES_FREE_AT + LANES_BLOCK_BYTES];
    splat(lanes, block, [0x8000_0000]);
    lanes.compress(INITIAL_STATE_AT, block, state);
    const isSame = words.subarray(state / 4, state / 4 + LANES).every((word) => word === 0xe3b0_c442);
    words.fill(0, block / 4, state / 4 + LANES_STATE_BYTES / 4);
    return isSame && bytes[INITIAL_STATE_AT] === 0x67;
}
