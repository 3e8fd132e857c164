import { equalBytes, utf8 } from './bytes.js';

/** What a file of a copy may hold: no fractions, so that every value has one spelling. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** Members sorted by name, no white space: RFC 8785 for ASCII strings and integers. */
export function canonicalJson(value: Json): string {
    if (Array.isArray(value)) return `[${value.map(canonicalJson).join()}]`;
    if (typeof value !== 'object' || value === null) return JSON.stringify(value);
    const members = Object.entries(value as { [name: string]: Json })
        .sort(([left], [right]) => (left < right ? -1 : 1))
        .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
    return `{${members.join()}}`;
}

/** The value, or why the bytes are not its canonical form. A byte that could differ without a meaning would be slack. */
export function parseCanonical(bytes: Uint8Array): { value: Json } | { problem: string } {
    let value: Json;
    try {
        value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Json;
    } catch {
        return { problem: 'is not JSON in UTF-8' };
    }
    const canonical = utf8(canonicalJson(value));
    if (equalBytes(canonical, bytes)) return { value };
    const place = canonical.findIndex((byte, index) => byte !== bytes[index]);
    return { problem: `is not in canonical form at byte ${place < 0 ? canonical.length : place}` };
}
