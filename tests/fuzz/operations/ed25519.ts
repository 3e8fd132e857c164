import type { Evidence } from '../model/sessions.js';

/** How the instruction of the Ed25519 program before a proof of evidence may look (security 4.3). */
export const LAYOUTS = [
    'good',
    'missing',
    'named',
    'longer',
    'single',
    'padding',
    'swapped',
    'elsewhere',
    'notLast',
    'badSignature',
] as const;
export type Layout = (typeof LAYOUTS)[number];

const THIS = 0xffff;
const LENGTH = 494;
const HEAD = 30;

/** One signature's places: signature, key, message, each with the instruction that it lies in. */
function descriptor(view: DataView, at: number, places: readonly [number, number, number], length: number, of: number) {
    const [signature, key, message] = places;
    for (const [place, value] of [signature, of, key, of, message, length, of].entries()) {
        view.setUint16(at + 2 * place, value, true);
    }
}

/** Keys and signatures of the two, then the two messages, from `from` on. */
function place({ keys, signatures, messages }: Evidence, data: Uint8Array, from: number): void {
    data.set(keys[0], from);
    data.set(signatures[0], from + 32);
    data.set(keys[1], from + 96);
    data.set(signatures[1], from + 128);
    data.set(messages[0], from + 192);
    data.set(messages[1], from + 352);
}

const tokenAt = (from: number) => [from + 32, from, from + 192] as const;
const receiptAt = (from: number) => [from + 128, from + 96, from + 352] as const;

function encode(evidence: Evidence, layout: Layout): Uint8Array {
    // Elsewhere: true signatures of other messages are named, and unsigned ones lie where a careless reader looks.
    const from = layout === 'elsewhere' ? LENGTH : HEAD;
    const data = new Uint8Array(layout === 'elsewhere' ? 2 * LENGTH - HEAD : LENGTH + (layout === 'longer' ? 1 : 0));
    const view = new DataView(data.buffer);
    data[0] = layout === 'single' ? 1 : 2;
    data[1] = layout === 'padding' ? 1 : 0;
    const of = layout === 'named' ? 0 : THIS;
    const [token, receipt] = [
        [tokenAt(from), evidence.messages[0].length],
        [receiptAt(from), evidence.messages[1].length],
    ] as const;
    const [first, second] = layout === 'swapped' ? [receipt, token] : [token, receipt];
    descriptor(view, 2, first[0], first[1], of);
    descriptor(view, 16, second[0], second[1], of);
    place(evidence, data, HEAD);
    if (layout === 'elsewhere') place(evidence, data, LENGTH);
    if (layout === 'badSignature') data[HEAD + 40]! ^= 1;
    return data;
}

/** Data of the instructions that come before; only `good` proves anything. */
export function signedBefore(evidence: Evidence, layout: Layout): readonly Uint8Array[] {
    if (layout === 'missing') return [];
    const data = encode(evidence, layout);
    // A check of nothing stands between.
    return layout === 'notLast' ? [data, Uint8Array.of(0, 0)] : [data];
}
