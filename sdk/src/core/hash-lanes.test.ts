import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { sha256 } from './hash.js';
import {
    createHashLanes,
    expandSchedule,
    type HashLanes,
    INITIAL_STATE_AT,
    LANES,
    LANES_BLOCK_BYTES,
    LANES_FREE_AT,
    LANES_SCHEDULE_BYTES,
    LANES_STATE_BYTES,
} from './hash-lanes.js';
import { portableSha256 } from './hash-portable.js';

const [WORDS, STATE] = [LANES_FREE_AT, LANES_FREE_AT + LANES_BLOCK_BYTES];
const SCHEDULE = STATE + LANES_STATE_BYTES;
const DIGESTS = SCHEDULE + LANES_SCHEDULE_BYTES;
const BLOCKS = 8_192;

/** FIPS 180-4 5.1.1. */
function pad(message: Uint8Array): Uint8Array {
    const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
    padded.set(message);
    padded[message.length] = 0x80;
    new DataView(padded.buffer).setUint32(padded.length - 4, message.length * 8);
    return padded;
}

function hashTogether(lanes: HashLanes, messages: readonly Uint8Array[]): Uint8Array[] {
    const padded = messages.map(pad);
    const length = padded[0]!.length;
    for (const [lane, message] of padded.entries()) lanes.bytes.set(message, BLOCKS + lane * length);
    for (let block = 0; block < length; block += 64) {
        lanes.lace(BLOCKS + block, length, WORDS);
        lanes.compress(block === 0 ? INITIAL_STATE_AT : STATE, WORDS, STATE);
    }
    lanes.unlace(STATE, 32, DIGESTS);
    lanes.unlace(STATE + LANES_STATE_BYTES / 2, 32, DIGESTS + 16);
    return messages.map((_, lane) => lanes.bytes.slice(DIGESTS + 32 * lane, DIGESTS + 32 * (lane + 1)));
}

const lanes = createHashLanes();
const messages = (length: number) =>
    fc.array(fc.uint8Array({ minLength: length, maxLength: length }), { minLength: LANES, maxLength: LANES });

describe('SHA-256 in lanes', () => {
    it('is there to be compared', () => {
        expect(lanes).not.toBeNull();
    });
    it('gives the hash of each of four messages of any length up to 300', () => {
        for (let length = 0; length <= 300; length++) {
            fc.assert(
                fc.property(messages(length), (four) => {
                    const expected = four.map((message) => portableSha256(message));
                    expect(hashTogether(lanes!, four)).toEqual(expected);
                    expect(four.map((message) => sha256(message))).toEqual(expected);
                }),
                { numRuns: 2 },
            );
        }
    });
    it('gives the same with a schedule that was made before', () => {
        fc.assert(
            fc.property(fc.uint8Array({ minLength: 0, maxLength: 55 }), (message) => {
                const view = new DataView(pad(message).buffer);
                const block = Array.from({ length: 16 }, (_, index) => view.getUint32(4 * index));
                lanes!.words.set(expandSchedule(block), SCHEDULE / 4);
                lanes!.compressKnown(INITIAL_STATE_AT, SCHEDULE, STATE);
                lanes!.unlace(STATE, 32, DIGESTS);
                const expected = portableSha256(message).subarray(0, 16);
                for (let lane = 0; lane < LANES; lane++) {
                    expect(lanes!.bytes.slice(DIGESTS + 32 * lane, DIGESTS + 32 * lane + 16)).toEqual(expected);
                }
            }),
        );
    });
});

describe('a platform without the lanes', () => {
    afterEach(() => vi.unstubAllGlobals());
    it('has none where modules may not be compiled', () => {
        class Refused {
            constructor() {
                throw new WebAssembly.CompileError('refused by the content policy');
            }
        }
        vi.stubGlobal('WebAssembly', { ...WebAssembly, Module: Refused });
        expect(createHashLanes()).toBeNull();
    });
    it('has none where there is no WebAssembly, or one that hashes wrongly', () => {
        vi.stubGlobal('WebAssembly', undefined);
        expect(createHashLanes()).toBeNull();
        const memory = { buffer: new ArrayBuffer(65_536) };
        class Wrong {
            exports = { memory, compress() {}, compressKnown() {}, lace() {}, unlace() {} };
        }
        vi.stubGlobal('WebAssembly', { Module: Object, Instance: Wrong });
        expect(createHashLanes()).toBeNull();
    });
});
