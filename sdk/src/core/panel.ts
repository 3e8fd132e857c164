import { MarketplaceError } from './error.js';
import { assertU64, assertUint } from './fields.js';

/** Sub-windows of one measurement, the same moments for every member. */
export const PANEL_SUB_WINDOWS = 8;
/** Members of the largest panel. */
export const MAX_PANEL_SIZE = 64;

const MILLISECONDS_PER_SECOND = 1_000n;

/** What one member reported, capped at the rate at which the node was to send to it. */
export interface PanelRow {
    /** Received in each of the 8 sub-windows. */
    readonly kilobits: readonly number[];
    /** More than it was sent it cannot have received. */
    readonly pacedKilobitsPerSecond: bigint;
}

/** One measurement of a node by a panel (protocol 6.10.1). */
export interface Panel {
    /** The reports that came, in any order; a member without one has received nothing. */
    readonly rows: readonly PanelRow[];
    /** Members that were drawn. */
    readonly size: number;
    /** Members that may lie without raising the result above the truth. */
    readonly faults: number;
    readonly subWindowMs: number;
}

/** Both rounded down. */
export interface PanelRate {
    /** Never above what honest members received at once while at most `faults` members lie. */
    readonly verifiedKilobitsPerSecond: bigint;
    /** The same for all members, had the dropped ones received as much. */
    readonly estimatedKilobitsPerSecond: bigint;
}

function assertPanel({ rows, size, faults, subWindowMs }: Panel): void {
    assertUint('size', size, 8);
    assertUint('faults', faults, 8);
    assertUint('subWindowMs', subWindowMs, 32);
    if (size < 1 || size > MAX_PANEL_SIZE) throw new MarketplaceError('MKT_CORE__PANEL_SIZE_OUT_OF_RANGE', { size });
    if (faults >= size) throw new MarketplaceError('MKT_CORE__PANEL_FAULTS_OUT_OF_RANGE', { faults, size });
    if (rows.length > size) throw new MarketplaceError('MKT_CORE__PANEL_ROWS_TOO_MANY', { count: rows.length, size });
    if (subWindowMs === 0) throw new MarketplaceError('MKT_CORE__PANEL_WINDOW_ZERO', {});
    for (const { kilobits, pacedKilobitsPerSecond } of rows) {
        assertU64('pacedKilobitsPerSecond', pacedKilobitsPerSecond);
        for (let place = 0; place < PANEL_SUB_WINDOWS; place++) assertUint('kilobits', kilobits[place] ?? -1, 32);
    }
}

const ascending = (left: bigint, right: bigint) => (left < right ? -1 : left > right ? 1 : 0);

/** Kilobits of the smallest rows in one sub-window; missing rows are the smallest of all. */
function sumSmallest({ rows, size, faults, subWindowMs }: Panel, place: number): bigint {
    const reported = rows.map(({ kilobits, pacedKilobitsPerSecond }) => {
        const received = BigInt(kilobits[place] ?? 0);
        const sent = (pacedKilobitsPerSecond * BigInt(subWindowMs)) / MILLISECONDS_PER_SECOND;
        return received < sent ? received : sent;
    });
    const missing = new Array<bigint>(size - rows.length).fill(0n);
    const column = [...missing, ...reported].sort(ascending);
    return column.slice(0, size - faults).reduce((sum, value) => sum + value, 0n);
}

/**
 * The rate that a panel proves (protocol 6.10.1 item 7): of each sub-window the sum of the `size - faults` smallest rows, and of
 * these sums the lower median. While at most `faults` members lie it is never above the truth (INV-12).
 *
 * @throws MKT_CORE__PANEL_SIZE_OUT_OF_RANGE, MKT_CORE__PANEL_FAULTS_OUT_OF_RANGE, MKT_CORE__PANEL_ROWS_TOO_MANY,
 * MKT_CORE__PANEL_WINDOW_ZERO, MKT_CORE__FIELD_OUT_OF_RANGE
 * @example const { verifiedKilobitsPerSecond } = computePanelRate({ rows, size: 32, faults: 8, subWindowMs: 500 });
 */
export function computePanelRate(panel: Panel): PanelRate {
    assertPanel(panel);
    const { size, faults, subWindowMs } = panel;
    const rates = Array.from({ length: PANEL_SUB_WINDOWS }, (_, place) => {
        return (sumSmallest(panel, place) * MILLISECONDS_PER_SECOND) / BigInt(subWindowMs);
    }).sort(ascending);
    const verified = rates[(PANEL_SUB_WINDOWS - 1) >> 1] as bigint;
    return {
        verifiedKilobitsPerSecond: verified,
        estimatedKilobitsPerSecond: (verified * BigInt(size)) / BigInt(size - faults),
    };
}
