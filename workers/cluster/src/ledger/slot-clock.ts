import { SLOT_TIMES_LENGTH } from '../limits.js';

export interface ClockState {
    readonly slot: bigint;
    /** Unix seconds of that slot. */
    readonly unixTimestamp: bigint;
    /** Added to the wall clock; grows with time travel, shrinks by pauses. */
    readonly offsetMs: number;
}

export interface SlotClockOptions {
    readonly initial: ClockState;
    readonly slotDurationMs: number;
    /** Wall clock in Unix milliseconds. */
    readonly now: () => number;
}

/**
 * Slots and the time of each. The time of a slot is fixed when the slot begins, as on a cluster, and never smaller than
 * that of the slot before, whatever the wall clock does.
 */
export class SlotClock {
    private state: ClockState;
    private pausedAtMs: number | undefined;
    private readonly times = new Map<bigint, bigint>();
    private firstTick: number;

    constructor(private readonly options: SlotClockOptions) {
        this.state = options.initial;
        this.firstTick = options.now();
        this.remember();
    }

    get slot(): bigint {
        return this.state.slot;
    }

    get unixTimestamp(): bigint {
        return this.state.unixTimestamp;
    }

    get isPaused(): boolean {
        return this.pausedAtMs !== undefined;
    }

    get slotDurationMs(): number {
        return this.options.slotDurationMs;
    }

    snapshot(): ClockState {
        return this.state;
    }

    /** Unix seconds of a slot, if it is remembered. */
    timeOf(slot: bigint): bigint | undefined {
        return this.times.get(slot);
    }

    /** Slots that the wall clock owes since the last call; the caller begins them one after another. */
    dueSlots(): number {
        if (this.isPaused || this.options.slotDurationMs <= 0) return 0;
        const due = Math.floor((this.options.now() - this.firstTick) / this.options.slotDurationMs);
        if (due < 0) {
            this.firstTick = this.options.now();
            return 0;
        }
        this.firstTick += due * this.options.slotDurationMs;
        return due;
    }

    /** Begins the next slot. */
    tick(): void {
        this.begin(this.state.slot + 1n, this.state.offsetMs);
    }

    /** Jumps `slots` ahead; they take as long as they would have taken. */
    advance(slots: bigint): void {
        const elapsed = Number(slots) * Math.max(this.options.slotDurationMs, 0);
        this.begin(this.state.slot + slots, this.state.offsetMs + elapsed);
    }

    /** Moves the time to exactly `seconds` from now and begins one slot; blockhashes and SlotHashes stay usable. */
    travel(seconds: number): void {
        const targetMs = (Number(this.state.unixTimestamp) + Math.ceil(seconds)) * 1_000;
        this.begin(this.state.slot + 1n, targetMs - this.wallMs());
    }

    pause(): void {
        this.pausedAtMs ??= this.options.now();
    }

    resume(): void {
        if (this.pausedAtMs === undefined) return;
        const now = this.options.now();
        const paused = Math.max(0, now - this.pausedAtMs);
        this.pausedAtMs = undefined;
        this.firstTick = now;
        this.state = { ...this.state, offsetMs: this.state.offsetMs - paused };
    }

    /** Sets what a journal recorded. */
    restore(state: ClockState): void {
        this.state = state;
        this.remember();
    }

    private begin(slot: bigint, offsetMs: number): void {
        const wall = BigInt(Math.floor((this.wallMs() + offsetMs) / 1_000));
        const unixTimestamp = wall > this.state.unixTimestamp ? wall : this.state.unixTimestamp;
        this.state = { slot, unixTimestamp, offsetMs };
        this.remember();
    }

    /** The wall clock, standing still during a pause. */
    private wallMs(): number {
        return this.pausedAtMs ?? this.options.now();
    }

    private remember(): void {
        this.times.set(this.state.slot, this.state.unixTimestamp);
        if (this.times.size <= SLOT_TIMES_LENGTH) return;
        for (const slot of this.times.keys()) {
            this.times.delete(slot);
            return;
        }
    }
}
