import { equalBytes } from './bytes.js';
import { type ErrorCode, MarketplaceError } from './error.js';
import { HASH_BYTES } from './hash.js';
import { computeTreeHead, hashChildren } from './record-tree.js';

/** A path is one node per level at most, and one to start with; sizes stay below 2^53. */
const MAX_PATH_LENGTH = 65;

export interface ConsistencyInput {
    readonly firstSize: number;
    readonly secondSize: number;
    readonly firstRoot: Uint8Array;
    readonly secondRoot: Uint8Array;
    readonly path: readonly Uint8Array[];
}

/**
 * Proof of RFC 9162 2.1.4.1 that the tree of all entries only appended to the tree of the first `firstSize` of them. Over
 * the entries of `encodeHistoryEntry` it connects two states of a contract's history.
 *
 * @throws MKT_CORE__INDEX_OUT_OF_RANGE
 * @example const path = computeConsistencyPath(settled.map(encodeHistoryEntry), sizeThatIHaveSeen);
 */
export function computeConsistencyPath(entries: readonly Uint8Array[], firstSize: number): Uint8Array[] {
    if (!Number.isInteger(firstSize) || firstSize < 1 || firstSize > entries.length) {
        throw new MarketplaceError('MKT_CORE__INDEX_OUT_OF_RANGE', { firstSize, size: entries.length });
    }
    const path: Uint8Array[] = [];
    let range = entries;
    let left = firstSize;
    // Once the way has turned right, the verifier no longer knows the root of what is left of the first tree.
    let isWhole = true;
    while (left < range.length) {
        const middle = largestPowerBelow(range.length);
        const isLeft = left <= middle;
        path.push(computeTreeHead(isLeft ? range.slice(middle) : range.slice(0, middle)));
        range = isLeft ? range.slice(0, middle) : range.slice(middle);
        if (!isLeft) {
            left -= middle;
            isWhole = false;
        }
    }
    if (!isWhole) path.push(computeTreeHead(range));
    return path.reverse();
}

/**
 * Consistency of two tree heads by the algorithm of RFC 9162 2.1.4.2. A tree is consistent with itself by an empty path;
 * nothing says anything about the empty tree, so it is refused.
 *
 * @throws MKT_CORE__INDEX_OUT_OF_RANGE, MKT_CORE__PATH_LENGTH_WRONG, MKT_CORE__FIRST_ROOT_MISMATCH, MKT_CORE__ROOT_MISMATCH
 * @example assertConsistency({ firstSize: 6, secondSize: 13, firstRoot, secondRoot, path });
 */
export function assertConsistency(input: ConsistencyInput): void {
    const { firstSize, secondSize, firstRoot, secondRoot, path } = input;
    const refuse = (code: ErrorCode) => new MarketplaceError(code, { firstSize, secondSize, nodes: path.length });
    const areSizes = Number.isSafeInteger(firstSize) && Number.isSafeInteger(secondSize);
    if (!areSizes || firstSize < 1 || firstSize > secondSize) throw refuse('MKT_CORE__INDEX_OUT_OF_RANGE');
    const areNodes = path.every((node) => node instanceof Uint8Array && node.length === HASH_BYTES);
    if (!areNodes || path.length > MAX_PATH_LENGTH) throw refuse('MKT_CORE__PATH_LENGTH_WRONG');
    if (firstSize === secondSize) {
        if (path.length > 0) throw refuse('MKT_CORE__PATH_LENGTH_WRONG');
        if (!equalBytes(firstRoot, secondRoot)) throw refuse('MKT_CORE__ROOT_MISMATCH');
        return;
    }
    const roots = climb(input);
    if (roots === undefined) throw refuse('MKT_CORE__PATH_LENGTH_WRONG');
    if (!equalBytes(roots.first, firstRoot)) throw refuse('MKT_CORE__FIRST_ROOT_MISMATCH');
    if (!equalBytes(roots.second, secondRoot)) throw refuse('MKT_CORE__ROOT_MISMATCH');
}

/** Both roots that the path leads to; nothing if it has too many or too few nodes. Sizes differ. */
function climb({ firstSize, secondSize, firstRoot, path }: ConsistencyInput) {
    let place = firstSize - 1;
    let last = secondSize - 1;
    const goUp = () => {
        place = Math.floor(place / 2);
        last = Math.floor(last / 2);
    };
    while (place % 2 === 1) goUp();
    // A full first tree is a node of the second, so the proof does not repeat it.
    const isFull = place === 0;
    const start = isFull ? firstRoot : path[0];
    if (start === undefined) return undefined;
    let first = start;
    let second = start;
    for (const node of isFull ? path : path.slice(1)) {
        if (last === 0) return undefined;
        if (place % 2 === 1 || place === last) {
            first = hashChildren(node, first);
            second = hashChildren(node, second);
            while (place % 2 === 0 && place !== 0) goUp();
        } else {
            second = hashChildren(second, node);
        }
        goUp();
    }
    return last === 0 ? { first, second } : undefined;
}

function largestPowerBelow(size: number): number {
    let power = 1;
    while (power * 2 < size) power *= 2;
    return power;
}
