type OneShotHash = (algorithm: 'sha256', data: Uint8Array, encoding: 'binary') => string;
type Host = { process?: { getBuiltinModule?: (name: string) => { hash?: OneShotHash } | undefined } };

const DIGEST_BYTES = 32;
const BLOCK_BYTES = 64;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;
/** Inputs are joined here: one call of the native hash costs more than the copy. No call leaves while it is in use. */
const scratch = new Uint8Array(4_096);
/** Its beginnings by length: making one takes as long as filling it. */
const beginnings: (Uint8Array | undefined)[] = new Array(scratch.length + 1).fill(undefined);

/**
 * Node's one-shot SHA-256, or null: in browsers, and in Node before 20.16. Found at run time, so that a bundle for
 * browsers needs no alias.
 */
export const nativeHash: OneShotHash | null =
    (globalThis as Host).process?.getBuiltinModule?.('node:crypto')?.hash ?? null;

/** SHA-256 over the concatenation of `parts`. */
export function nativeSha256(hash: OneShotHash, parts: readonly Uint8Array[]): Uint8Array {
    const digest = new Uint8Array(DIGEST_BYTES);
    write(digest, 0, hash('sha256', join(parts), 'binary'));
    return digest;
}

/** HMAC-SHA256 (RFC 2104); both pads of the key are made once. */
export function prepareNativeHmac(hash: OneShotHash, key: Uint8Array): (...parts: readonly Uint8Array[]) => Uint8Array {
    const block = key.length > BLOCK_BYTES ? nativeSha256(hash, [key]) : key;
    const inner = new Uint8Array(BLOCK_BYTES).fill(INNER_PAD);
    const outer = new Uint8Array(BLOCK_BYTES + DIGEST_BYTES).fill(OUTER_PAD, 0, BLOCK_BYTES);
    for (let i = 0; i < block.length; i++) {
        inner[i] = INNER_PAD ^ (block[i] as number);
        outer[i] = OUTER_PAD ^ (block[i] as number);
    }
    return (...parts) => {
        write(outer, BLOCK_BYTES, hash('sha256', join([inner, ...parts]), 'binary'));
        return nativeSha256(hash, [outer]);
    };
}

function join(parts: readonly Uint8Array[]): Uint8Array {
    const [first] = parts;
    if (first !== undefined && parts.length === 1) return first;
    let length = 0;
    for (const part of parts) length += part.length;
    const joined = length <= scratch.length ? beginning(length) : new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
        joined.set(part, at);
        at += part.length;
    }
    return joined;
}

function beginning(length: number): Uint8Array {
    const known = beginnings[length];
    if (known !== undefined) return known;
    const made = scratch.subarray(0, length);
    beginnings[length] = made;
    return made;
}

/** A digest as text of one character per byte costs half of what a buffer of its own does. */
function write(target: Uint8Array, offset: number, binary: string): void {
    for (let i = 0; i < binary.length; i++) target[offset + i] = binary.charCodeAt(i);
}
