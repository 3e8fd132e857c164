import { z } from 'zod';

/** A base58 Solana address (32 bytes). */
export const address = z.string().regex(/^[1-9A-HJ-NP-Za-km-z]{32,44}$/, 'must be a base58 address');

/** 32 bytes as 64 lowercase hexadecimal digits. */
export const hash32 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lowercase hexadecimal digits');

/** A u64 as decimal digits: JSON numbers lose precision above 2^53. */
export const u64String = z
    .string()
    // Further checks would read the digits of what has none.
    .regex(/^(0|[1-9][0-9]{0,19})$/, { error: 'must be a decimal integer', abort: true })
    .refine((digits) => BigInt(digits) < 1n << 64n, 'must fit 64 bits');

/** Exactly `bytes` bytes in standard base64 with padding. */
export const base64Of = (bytes: number) =>
    z
        .string()
        .length(4 * Math.ceil(bytes / 3))
        .regex(/^[A-Za-z0-9+/]*={0,2}$/, 'must be base64');

export const TOKEN_BYTES = 160;
export const RECEIPT_BYTES = 112;
export const LEAF_BYTES = 112;
export const SIGNATURE_BYTES = 64;

/** Every error body of ours, on every interface. 5xx bodies never carry internals. */
export const errorBody = z.object({
    /** Stable code, `MKT_<LAYER>__<WHAT>`, listed in docs/errors.md. */
    code: z.string().regex(/^MKT_[A-Z]+__[A-Z0-9_]+$/),
    message: z.string(),
    details: z.record(z.string(), z.unknown()).optional(),
});
export type ErrorBody = z.infer<typeof errorBody>;
