import { z } from 'zod';
import { failure } from '../errors.js';
import type { Rpc } from './rpc.js';

const COMMITMENT = 'confirmed';
const PAGE = 1_000;
/** A contract of 65,535 commitments, each with a few transactions. */
const MAX_SIGNATURES = 500_000;
const signaturesAnswer = z.array(z.object({ signature: z.string(), slot: z.number(), err: z.unknown() }));
export type SignatureAt = { signature: string; slot: number };

/** Transactions that succeeded at an address, oldest first. */
export async function listSignatures(rpc: Rpc, address: string): Promise<SignatureAt[]> {
    const found: SignatureAt[] = [];
    let before: string | undefined;
    for (;;) {
        const options = { limit: PAGE, commitment: COMMITMENT, ...(before === undefined ? {} : { before }) };
        const page = await rpc('getSignaturesForAddress', [address, options], signaturesAnswer);
        for (const { signature, slot, err } of page) if (err === null) found.push({ signature, slot });
        before = page.at(-1)?.signature;
        if (page.length < PAGE || before === undefined) return found.reverse();
        if (found.length > MAX_SIGNATURES)
            throw failure('MKT_VERIFIER__HISTORY_TOO_LONG', `${address} has more than ${MAX_SIGNATURES} transactions`);
    }
}

/** One order of several lists: by slot, and within a slot as every list has it. */
export function mergeHistories(lists: readonly (readonly SignatureAt[])[]): string[] {
    const bySlot = new Map<number, string[][]>();
    for (const list of lists) {
        const groups = new Map<number, string[]>();
        for (const { slot, signature } of list) groups.set(slot, [...(groups.get(slot) ?? []), signature]);
        for (const [slot, group] of groups) bySlot.set(slot, [...(bySlot.get(slot) ?? []), group]);
    }
    const slots = [...bySlot.keys()].sort((a, b) => a - b);
    return slots.flatMap((slot) => mergeSlot(bySlot.get(slot) ?? []));
}

/** What stands first in one list and later in none is next; lists of one chain never contradict each other. */
function mergeSlot(groups: readonly (readonly string[])[]): string[] {
    const merged: string[] = [];
    let open = groups.filter((group) => group.length > 0);
    while (open.length > 0) {
        const heads = open.flatMap(([head]) => head ?? []);
        const next = heads.find((head) => open.every((group) => group.indexOf(head) <= 0)) ?? heads[0];
        if (next === undefined) break;
        merged.push(next);
        open = open.map((group) => group.filter((signature) => signature !== next)).filter((group) => group.length > 0);
    }
    return merged;
}
