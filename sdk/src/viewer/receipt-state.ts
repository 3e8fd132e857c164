import { z } from 'zod';
import { MarketplaceError } from '../core/index.js';
import { base64Of, hash32, RECEIPT_BYTES, u64String } from '../http/primitives.js';
import { MAX_SAMPLES } from './samples.js';

const U32_MAX = 0xffff_ffff;

/**
 * A receipt session as JSON, for a file or the browser's storage. It holds no key.
 * Whoever can write it can make the client sign for more than it got, so keep it where the key is kept.
 */
export const receiptSessionState = z.object({
    version: z.literal(1),
    tokenHash: hash32,
    /** `seq` of the highest receipt made or adopted; 0 before the first. */
    seq: z.number().int().min(0).max(U32_MAX),
    objects: z.number().int().min(0).max(U32_MAX),
    bytes: u64String,
    /** Unix milliseconds of the last completed object. */
    lastMs: u64String,
    accumulator: hash32,
    /** Milliseconds to first byte of the latest objects. */
    ttfbSamplesMs: z.array(z.number().int().nonnegative()).max(MAX_SAMPLES),
    stallMs: z.number().int().nonnegative(),
    errors: z.number().int().min(0).max(U32_MAX),
    /** Body of the highest receipt, to be sent again after a reconnect. */
    lastReceipt: base64Of(RECEIPT_BYTES).nullable(),
    /** Unix milliseconds from which the next receipt's 10 s count. */
    lastReceiptAtMs: z.number().int().nonnegative(),
});
export type ReceiptSessionState = z.infer<typeof receiptSessionState>;

/** @throws MKT_SDK__RECEIPT_STATE_INVALID for anything but a state of this version. */
export function parseReceiptSessionState(input: unknown): ReceiptSessionState {
    const result = receiptSessionState.safeParse(input);
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    throw new MarketplaceError(
        'MKT_SDK__RECEIPT_STATE_INVALID',
        {},
        {
            message: `the stored receipt session is not valid (${issue?.path.join('.')}: ${issue?.message}); delete it and start a new session`,
        },
    );
}
