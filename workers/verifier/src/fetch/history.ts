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
    const merged: string[] = [];
    const taken = new Set<string>();
    const places = lists.map(() => 0);
    const heads = () => lists.flatMap((list, i) => list[places[i] ?? 0] ?? []);
    const isBlocked = ({ signature }: SignatureAt) =>
        lists.some(
            (list, i) => list.findIndex((entry, at) => at > (places[i] ?? 0) && entry.signature === signature) >= 0,
        );
    for (let open = heads(); open.length > 0; open = heads()) {
        const slot = Math.min(...open.map((head) => head.slot));
        const candidates = open.filter((head) => head.slot === slot);
        const next =
            (candidates.length === 1 ? undefined : candidates.find((head) => !isBlocked(head))) ?? candidates[0];
        if (next === undefined) break;
        if (!taken.has(next.signature)) merged.push(next.signature);
        taken.add(next.signature);
        for (const [i, list] of lists.entries())
            if (list[places[i] ?? 0]?.signature === next.signature) places[i] = (places[i] ?? 0) + 1;
    }
    return merged;
}
