import {
    add,
    addInt,
    and,
    at,
    type Code,
    encodeModule,
    get,
    load,
    loadSplat,
    multiplyInt,
    or,
    set,
    shiftLeft,
    shiftRight,
    shuffle,
    store,
    type WasmFunction,
    xor,
} from './hash-wasm.js';

const ROUNDS = 64;
const BLOCK_WORDS = 16;
const STATE_WORDS = 8;
const LANE_BYTES = 16;
const PAGES = 1;
/** Every word of a lane the other way round: SHA-256 counts big-endian. */
const SWAP = [3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12];
const LOW_WORDS = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
const HIGH_WORDS = [8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31];
const LOW_HALVES = [0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23];
const HIGH_HALVES = [8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31];

const rotate = (value: Code, bits: number): Code => or(shiftRight(value, bits), shiftLeft(value, 32 - bits));
const rotations = (value: Code, first: number, second: number, third: number): Code =>
    xor(xor(rotate(value, first), rotate(value, second)), rotate(value, third));
const smallSigma = (value: Code, first: number, second: number, shift: number): Code =>
    xor(xor(rotate(value, first), rotate(value, second)), shiftRight(value, shift));

const swapped = (value: Code): Code => shuffle(value, value, SWAP);

/**
 * The compression function of FIPS 180-4 6.2.2, its rounds unrolled and its working variables renamed instead of moved.
 * `wordOf` gives the code of a round's word plus its constant, `state` the first of ten locals.
 */
function compressionCode(input: number, output: number, state: number, wordOf: (round: number) => Code): Code {
    const names = Array.from({ length: STATE_WORDS }, (_, index) => state + index);
    const [both, before] = [state + STATE_WORDS, state + STATE_WORDS + 1];
    const code: number[] = [];
    for (const [index, name] of names.entries()) code.push(...set(name, load(get(input), index * LANE_BYTES)));
    code.push(...set(before, xor(get(names[1] as number), get(names[2] as number))));
    for (let round = 0; round < ROUNDS; round++) {
        const [a, b, , d, e, f, g, h] = Array.from(
            { length: STATE_WORDS },
            (_, index) => names[(index + STATE_WORDS * ROUNDS - round) % STATE_WORDS] as number,
        ) as [number, number, number, number, number, number, number, number];
        const choice = xor(get(g), and(get(e), xor(get(f), get(g))));
        const first = add(add(get(h), wordOf(round)), add(choice, rotations(get(e), 6, 11, 25)));
        // The majority of three, with a ^ b of this round as b ^ c of the next.
        const [now, last] = round % 2 === 0 ? [both, before] : [before, both];
        const majority = xor(get(b), and(get(now), get(last)));
        code.push(
            ...set(h, first),
            ...set(d, add(get(d), get(h))),
            ...set(now, xor(get(a), get(b))),
            ...set(h, add(add(get(h), majority), rotations(get(a), 2, 13, 22))),
        );
    }
    for (const [index, name] of names.entries()) {
        const sum = add(get(name), load(get(input), index * LANE_BYTES));
        code.push(...store(get(output), index * LANE_BYTES, sum));
    }
    return code;
}

/** `compress(state, words, output)`: one block of each of four messages. */
function compress(constants: number): WasmFunction {
    const [state, words, output, first] = [0, 1, 2, 3];
    const place = (round: number): number => first + (round % BLOCK_WORDS);
    const load16 = Array.from({ length: BLOCK_WORDS }, (_, index) =>
        set(place(index), load(get(words), index * LANE_BYTES)),
    );
    const wordOf = (round: number): Code => {
        const constant = loadSplat(at(constants), 4 * round);
        if (round < BLOCK_WORDS) return add(get(place(round)), constant);
        const old = add(smallSigma(get(place(round + 1)), 7, 18, 3), get(place(round + 9)));
        const word = add(add(get(place(round)), old), smallSigma(get(place(round + 14)), 17, 19, 10));
        return [...set(place(round), word), ...add(get(place(round)), constant)];
    };
    const code = [...load16.flat(), ...compressionCode(state, output, first + BLOCK_WORDS, wordOf)];
    return { name: 'compress', parameters: 3, vectors: BLOCK_WORDS + STATE_WORDS + 2, code };
}

/** `compressKnown(state, schedule, output)`: the same block for four states, its 64 words made before. */
function compressKnown(): WasmFunction {
    const [state, schedule, output, first] = [0, 1, 2, 3];
    const code = compressionCode(state, output, first, (round) => loadSplat(get(schedule), 4 * round));
    return { name: 'compressKnown', parameters: 3, vectors: STATE_WORDS + 2, code };
}

/** Four rows of four words become four columns; `first` is the first of eight locals, the rows are in its first four. */
function transpose(first: number): { code: Code; columns: readonly Code[] } {
    const row = (index: number): Code => get(first + index);
    const half = (index: number): Code => get(first + 4 + index);
    const code = [
        ...set(first + 4, shuffle(row(0), row(1), LOW_WORDS)),
        ...set(first + 5, shuffle(row(2), row(3), LOW_WORDS)),
        ...set(first + 6, shuffle(row(0), row(1), HIGH_WORDS)),
        ...set(first + 7, shuffle(row(2), row(3), HIGH_WORDS)),
    ];
    const columns = [
        shuffle(half(0), half(1), LOW_HALVES),
        shuffle(half(0), half(1), HIGH_HALVES),
        shuffle(half(2), half(3), LOW_HALVES),
        shuffle(half(2), half(3), HIGH_HALVES),
    ];
    return { code, columns };
}

/** `lace(blocks, stride, words)`: the same word of four blocks side by side. */
function lace(): WasmFunction {
    const [blocks, stride, words, first] = [0, 1, 2, 3];
    const { code, columns } = transpose(first);
    const quarters = Array.from({ length: 4 }, (_, quarter) => [
        ...[0, 1, 2, 3].flatMap((lane) => {
            const block = addInt(get(blocks), multiplyInt(get(stride), lane));
            return set(first + lane, swapped(load(block, LANE_BYTES * quarter)));
        }),
        ...code,
        ...columns.flatMap((column, index) => store(get(words), LANE_BYTES * (4 * quarter + index), column)),
    ]);
    return { name: 'lace', parameters: 3, vectors: 8, code: quarters.flat() };
}

/** `unlace(words, stride, bytes)`: four words of each lane as sixteen bytes, one lane every `stride` bytes. */
function unlace(): WasmFunction {
    const [words, stride, bytes, first] = [0, 1, 2, 3];
    const { code, columns } = transpose(first);
    const loads = [0, 1, 2, 3].flatMap((index) => set(first + index, load(get(words), LANE_BYTES * index)));
    const stores = columns.flatMap((column, lane) =>
        store(addInt(get(bytes), multiplyInt(get(stride), lane)), 0, swapped(column)),
    );
    return { name: 'unlace', parameters: 3, vectors: 8, code: [...loads, ...code, ...stores] };
}

/** SHA-256 over four messages at once; the round constants lie at `constants` of the memory. */
export const encodeLanesModule = (constants: number): Uint8Array<ArrayBuffer> =>
    encodeModule([compress(constants), compressKnown(), lace(), unlace()], PAGES);
