import type { urlPattern } from '@ocm/sdk/http';
import type { z } from 'zod';

const WORD_BITS = 32;
const ANY = '*';

type Token = { literal: string } | typeof ANY | '?';

/**
 * RFC 8007 5.2.3 without regular expressions: all positions of the pattern that a text may have reached are bits, moved on
 * together with each character (Baeza-Yates and Gonnet's Shift-And), so that the time is the text's length times the
 * pattern's words of 32 bits, whatever the pattern.
 */
export function compilePattern({ pattern, caseSensitive }: z.infer<typeof urlPattern>): (text: string) => boolean {
    const tokens = tokensOf(caseSensitive ? pattern : pattern.toLowerCase());
    const words = Math.floor(tokens.length / WORD_BITS) + 1;
    const masks = new Map<string, Uint32Array>();
    const [single, any] = [new Uint32Array(words), new Uint32Array(words)];
    tokens.forEach((token, index) => {
        if (token === ANY) setBit(any, index);
        else if (token === '?') setBit(single, index);
        else {
            const mask = masks.get(token.literal) ?? new Uint32Array(words);
            setBit(mask, index);
            masks.set(token.literal, mask);
        }
    });
    return (text) => {
        let state = new Uint32Array(words);
        setBit(state, 0);
        pass(state, any);
        for (const character of caseSensitive ? text : text.toLowerCase()) {
            state = step(state, masks.get(character), single, any);
        }
        return isSet(state, tokens.length);
    };
}

function tokensOf(pattern: string): Token[] {
    const tokens: Token[] = [];
    const characters = [...pattern];
    for (let index = 0; index < characters.length; index += 1) {
        let character = characters[index] ?? '';
        const isEscaped = character === '$' && ['$', '*', '?'].includes(characters[index + 1] ?? '');
        if (isEscaped) {
            index += 1;
            character = characters[index] ?? '';
        }
        if (!isEscaped && character === ANY) {
            // Two in a row mean the same as one; `pass` relies on there being one.
            if (tokens.at(-1) !== ANY) tokens.push(ANY);
        } else if (!isEscaped && character === '?') tokens.push('?');
        else tokens.push({ literal: character });
    }
    return tokens;
}

function step(
    state: Uint32Array,
    mask: Uint32Array | undefined,
    single: Uint32Array,
    any: Uint32Array,
): Uint32Array<ArrayBuffer> {
    const next = new Uint32Array(state.length);
    let carry = 0;
    for (let word = 0; word < state.length; word += 1) {
        const bits = state[word] ?? 0;
        const moved = bits & ((mask?.[word] ?? 0) | (single[word] ?? 0));
        next[word] = (moved << 1) | carry | (bits & (any[word] ?? 0));
        carry = moved >>> (WORD_BITS - 1);
    }
    pass(next, any);
    return next;
}

/** Any text includes none: who stands before `*` stands behind it as well. */
function pass(state: Uint32Array, any: Uint32Array): void {
    let carry = 0;
    for (let word = 0; word < state.length; word += 1) {
        const before = (state[word] ?? 0) & (any[word] ?? 0);
        state[word] = (state[word] ?? 0) | (before << 1) | carry;
        carry = before >>> (WORD_BITS - 1);
    }
}

function setBit(bits: Uint32Array, index: number): void {
    const word = Math.floor(index / WORD_BITS);
    bits[word] = (bits[word] ?? 0) | (1 << (index % WORD_BITS));
}

const isSet = (bits: Uint32Array, index: number): boolean =>
    ((bits[Math.floor(index / WORD_BITS)] ?? 0) & (1 << (index % WORD_BITS))) !== 0;
