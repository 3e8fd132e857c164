import { PublicKey } from '@solana/web3.js';

export type Json = string | number | boolean | null | Json[] | { [field: string]: Json };

/** SDK values as JSON: 64-bit numbers as decimal strings, addresses in base58, bytes in hexadecimal. */
export function toJson(value: unknown): Json {
    if (typeof value === 'bigint') return value.toString();
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return value;
    if (value instanceof PublicKey) return value.toBase58();
    if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
    if (Array.isArray(value)) return value.map(toJson);
    if (typeof value === 'object')
        return Object.fromEntries(
            Object.entries(value)
                .filter(([, field]) => field !== undefined)
                .map(([name, field]) => [name, toJson(field)]),
        );
    throw new TypeError(`a ${typeof value} has no form in JSON`);
}

/** Every address that a value names, each once. */
export function listAddresses(value: unknown): string[] {
    const found = new Set<string>();
    const visit = (part: unknown): void => {
        if (part instanceof PublicKey) found.add(part.toBase58());
        else if (part instanceof Uint8Array || part === null || typeof part !== 'object') return;
        else for (const field of Object.values(part)) visit(field);
    };
    visit(value);
    found.delete(PublicKey.default.toBase58());
    return [...found];
}
