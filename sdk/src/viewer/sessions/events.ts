import { z } from 'zod';
import { address, hash32, u64String } from '../../http/primitives.js';

const count = z.number().int().nonnegative();

/** What happens to the sessions of one who receives media and signs for it. */
export const sessionEvents = [
    /** A session is open at the node, which has a receipt over `bytes` of it. */
    z.object({ type: z.literal('session'), session: hash32, node: address, epoch: count, bytes: u64String }),
    /** The node holds a receipt over `bytes` in all; `copied` tells whether the content provider has its copy. */
    z.object({
        type: z.literal('receipt'),
        session: hash32,
        node: address,
        seq: count,
        bytes: u64String,
        copied: z.boolean(),
    }),
    /** Media goes on without receipts. */
    z.object({ type: z.literal('unsigned'), code: z.string(), message: z.string() }),
    /** Something of ours failed; the media is not affected. */
    z.object({ type: z.literal('error'), code: z.string(), message: z.string() }),
] as const;
export type SessionEvent = z.infer<(typeof sessionEvents)[number]>;
