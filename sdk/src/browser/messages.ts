import { z } from 'zod';
import { address } from '../http/primitives.js';
import { sessionEvents } from '../viewer/sessions/events.js';

/** A stall longer than this is a player that was left alone, not a viewer who waits. */
const MAX_STALL_MS = 3_600_000;
const tag = z.literal('ocm-receipts');

/** What the page tells its service worker. Any script of the page may say it, so it can do no more than this. */
export const pageMessage = z.discriminatedUnion('type', [
    /** A page has come whose player is about to start: have a session ready, and tell of it. */
    z.object({ ocm: tag, type: z.literal('start') }),
    /** Playback stood still for this long. */
    z.object({ ocm: tag, type: z.literal('stall'), durationMs: z.number().min(0).max(MAX_STALL_MS) }),
    /** Playback ended or the page is going away: sign for what is not acknowledged yet. */
    z.object({ ocm: tag, type: z.literal('finish') }),
]);
export type PageMessage = z.infer<typeof pageMessage>;

/** What the service worker tells the pages that it serves. */
export const receiptEvent = z.discriminatedUnion('type', [
    /** Where media comes from now; `node` is null for traditional delivery. */
    z.object({ type: z.literal('located'), node: address.nullable(), url: z.string() }),
    ...sessionEvents,
]);
export type ReceiptEvent = z.infer<typeof receiptEvent>;

export const workerMessage = z.object({ ocm: tag, event: receiptEvent });

type Untagged<M> = M extends unknown ? Omit<M, 'ocm'> : never;

export function toPageMessage(content: Untagged<PageMessage>): PageMessage {
    return { ocm: 'ocm-receipts', ...content } as PageMessage;
}

export function toWorkerMessage(event: ReceiptEvent): z.infer<typeof workerMessage> {
    return { ocm: 'ocm-receipts', event };
}
