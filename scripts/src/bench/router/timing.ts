/** Asked together, so that the timer's own cost is shared by all of them. */
const BATCH = 64;

export interface Timed {
    /** Mean of a piece. */
    nanoseconds: number;
    /** Of the mean of each batch that kept the processor to itself. */
    p50Microseconds: number;
    p99Microseconds: number;
    /** Share of batches during which the kernel gave the processor to something else, and which say nothing of ours. */
    disturbed: number;
}

export const secondsSince = (start: bigint): number => Number(process.hrtime.bigint() - start) / 1e9;

/** What one look at the clock costs, in nanoseconds. */
export function measureTimer(): number {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 100_000; i += 1) process.hrtime.bigint();
    return (secondsSince(start) * 1e9) / 100_000;
}

const countSwitches = (): number => process.resourceUsage().involuntaryContextSwitches;

/** Each input once, in order. */
export function time(inputs: readonly string[], work: (input: string) => unknown): Timed {
    const count = Math.floor(inputs.length / BATCH);
    const quiet: number[] = [];
    let spent = 0;
    for (let batch = 0; batch < count; batch += 1) {
        const switches = countSwitches();
        const from = process.hrtime.bigint();
        for (let i = batch * BATCH; i < (batch + 1) * BATCH; i += 1) work(inputs[i] as string);
        const nanoseconds = Number(process.hrtime.bigint() - from);
        if (countSwitches() !== switches) continue;
        spent += nanoseconds;
        quiet.push(nanoseconds / BATCH / 1e3);
    }
    if (quiet.length === 0) throw new Error('not one batch had the processor to itself; measure on a quieter machine');
    quiet.sort((a, b) => a - b);
    const at = (share: number): number => quiet[Math.floor(quiet.length * share)] ?? 0;
    return {
        nanoseconds: spent / quiet.length / BATCH,
        p50Microseconds: at(0.5),
        p99Microseconds: at(0.99),
        disturbed: 1 - quiet.length / count,
    };
}
