import type { ReceiptEvent } from '@ocm/sdk/browser';
import type { RouteExplanation } from '@ocm/sdk/http';

export type StreamPhase = 'idle' | 'routing' | 'opening' | 'playing' | 'ended' | 'failed';

export interface StreamState {
    readonly phase: StreamPhase;
    readonly delivery: 'node' | 'traditional' | null;
    readonly node: string | null;
    readonly servedBy: string | null;
    readonly explanation: RouteExplanation | null;
    readonly epoch: number | null;
    /** Bytes that the node has a receipt over, by session; some may be of an earlier playback. */
    readonly sessions: Readonly<Record<string, bigint>>;
    /** Of all sessions of this playback. */
    readonly receivedBytes: bigint;
    readonly acknowledgedBytes: bigint;
    readonly objects: number;
    readonly receipts: number;
    readonly receiptCopies: number;
    /** What went wrong or was done without, in words. */
    readonly notes: readonly string[];
}

export const IDLE_STREAM: StreamState = {
    phase: 'idle',
    delivery: null,
    node: null,
    servedBy: null,
    explanation: null,
    epoch: null,
    sessions: {},
    receivedBytes: 0n,
    acknowledgedBytes: 0n,
    objects: 0,
    receipts: 0,
    receiptCopies: 0,
    notes: [],
};

const MAX_NOTES = 4;

export function withNote(state: StreamState, note: string): StreamState {
    return state.notes.includes(note) ? state : { ...state, notes: [...state.notes, note].slice(-MAX_NOTES) };
}

export function withObject(state: StreamState, lengthBytes: number): StreamState {
    return { ...state, receivedBytes: state.receivedBytes + BigInt(lengthBytes), objects: state.objects + 1 };
}

/** What the service worker tells of this playback. */
export function withEvent(state: StreamState, event: ReceiptEvent): StreamState {
    switch (event.type) {
        case 'located':
            return {
                ...state,
                phase: state.phase === 'routing' ? 'opening' : state.phase,
                delivery: event.node === null ? 'traditional' : 'node',
                node: event.node,
                servedBy: new URL(event.url).host,
            };
        case 'session': {
            const bytes = state.sessions[event.session] ?? BigInt(event.bytes);
            return { ...state, epoch: event.epoch, sessions: { ...state.sessions, [event.session]: bytes } };
        }
        case 'receipt': {
            const before = state.sessions[event.session];
            // The last receipt of an earlier playback.
            if (before === undefined) return state;
            const bytes = BigInt(event.bytes) > before ? BigInt(event.bytes) : before;
            return {
                ...state,
                sessions: { ...state.sessions, [event.session]: bytes },
                acknowledgedBytes: state.acknowledgedBytes + bytes - before,
                receipts: state.receipts + 1,
                receiptCopies: state.receiptCopies + (event.copied ? 1 : 0),
            };
        }
        case 'unsigned':
            return withNote(state, `Playing without receipts: ${event.message}`);
        case 'error':
            return withNote(state, event.message);
    }
}
