import type { RouteExplanation } from '@ocm/sdk/http';

export type StreamPhase = 'idle' | 'routing' | 'opening' | 'playing' | 'ended' | 'failed';

export interface StreamState {
    readonly phase: StreamPhase;
    readonly delivery: 'node' | 'traditional' | null;
    readonly node: string | null;
    readonly servedBy: string | null;
    readonly explanation: RouteExplanation | null;
    readonly contract: string | null;
    readonly epoch: number | null;
    readonly sessions: number;
    readonly keyIsLocked: boolean | null;
    /** Of all sessions of this playback. */
    readonly receivedBytes: bigint;
    readonly acknowledgedBytes: bigint;
    readonly objects: number;
    readonly receiptsSigned: number;
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
    contract: null,
    epoch: null,
    sessions: 0,
    keyIsLocked: null,
    receivedBytes: 0n,
    acknowledgedBytes: 0n,
    objects: 0,
    receiptsSigned: 0,
    receiptCopies: 0,
    notes: [],
};

const MAX_NOTES = 4;

export function withNote(state: StreamState, note: string): StreamState {
    return state.notes.includes(note) ? state : { ...state, notes: [...state.notes, note].slice(-MAX_NOTES) };
}
