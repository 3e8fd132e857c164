import { Pack } from '../pack.js';
import type { Member, Pool } from './state.js';
import { sha256 } from './tree.js';

const leafOf = ({ owner, lifetime }: Member, index: number) =>
    sha256(Uint8Array.of(0), new Pack().u32(index).address(`wallet:${owner}`).u64(lifetime).done());
const nodeOf = (left: Uint8Array, right: Uint8Array) => sha256(Uint8Array.of(1), left, right);

/** The largest power of two below a size, where RFC 9162 splits. */
const splitOf = (size: number) => 2 ** Math.ceil(Math.log2(size) - 1);

function headOfLeaves(leaves: readonly Uint8Array[]): Uint8Array {
    if (leaves.length === 0) return new Uint8Array(32);
    if (leaves.length === 1) return leaves[0]!;
    const split = splitOf(leaves.length);
    return nodeOf(headOfLeaves(leaves.slice(0, split)), headOfLeaves(leaves.slice(split)));
}

function pathOfLeaves(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
    if (leaves.length <= 1) return [];
    const split = splitOf(leaves.length);
    const [left, right] = [leaves.slice(0, split), leaves.slice(split)];
    return index < split
        ? [...pathOfLeaves(left, index), headOfLeaves(right)]
        : [...pathOfLeaves(right, index - split), headOfLeaves(left)];
}

const heads = new WeakMap<readonly Member[], Uint8Array>();

/** RFC 9162 tree head over members in the order of their index (6.12). */
export function headOf(members: readonly Member[]): Uint8Array {
    const head = heads.get(members) ?? headOfLeaves(members.map(leafOf));
    heads.set(members, head);
    return head;
}

export const pathOf = (members: readonly Member[], index: number): Uint8Array[] =>
    pathOfLeaves(members.map(leafOf), index);

/** Whether two lists commit to the same tree. */
export const isSameTree = (left: readonly Member[], right: readonly Member[]) =>
    left.length === right.length && Buffer.compare(headOf(left), headOf(right)) === 0;

export const unpaid = ({ active, paid }: Pool) => active.total - paid;
export const bondHeld = ({ pending, bond }: Pool) => (pending ? bond : 0n);
export const excessOf = (pool: Pool) => pool.vault - unpaid(pool) - bondHeld(pool);
