import type { EpochEvidence } from '@ocm/sdk/http';
import type { EpochFacts } from './epoch-facts.js';

const PPM = 1_000_000;
const U16_MAX = 65_535;
/** A stall is told in hundredths of a second. */
const MS_PER_CENTISEC = 10;

/**
 * The node's own summary of an epoch. Availability is from its records (requests not answered by 5xx); errors, time to
 * first byte and stalls are what the clients signed in their last receipts. Nothing served counts as available.
 */
export function summarise({ sessions, requestCount, answeredCount }: EpochFacts): EpochEvidence['sla'] {
    const receipts = [...sessions.values()].flatMap(({ highest }) => (highest === null ? [] : [highest.receipt]));
    const objects = sum(receipts.map((receipt) => receipt.objects));
    const errors = sum(receipts.map((receipt) => receipt.errors));
    const stallMs = sum(receipts.map((receipt) => receipt.stallCentisecs * MS_PER_CENTISEC));
    const watchedMs = sum([...sessions.values()].map((session) => watchedMsOf(session)));
    return {
        availabilityPpm: share(answeredCount, requestCount, PPM),
        errorPpm: share(errors, objects + errors, 0),
        ttfbP95Ms: Math.min(U16_MAX, percentile95(receipts.map((receipt) => receipt.ttfbP95Ms))),
        stallPpm: Math.min(PPM, share(stallMs, watchedMs, 0)),
        sessions: receipts.length,
    };
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
const share = (part: number, whole: number, ifNone: number): number =>
    whole === 0 ? ifNone : Math.floor((part * PPM) / whole);

function watchedMsOf({
    highest,
    entry,
}: {
    highest: { receipt: { lastMs: bigint } } | null;
    entry: { openedAtMs: number };
}): number {
    return highest === null ? 0 : Math.max(0, Number(highest.receipt.lastMs) - entry.openedAtMs);
}

/** Nearest rank: the smallest value that at least 95 % do not exceed. */
export function percentile95(values: number[]): number {
    const sorted = [...values].sort((a, b) => a - b);
    return sorted[Math.max(0, Math.ceil(sorted.length * 0.95) - 1)] ?? 0;
}
