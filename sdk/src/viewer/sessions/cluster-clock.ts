/** Clocks this close to each other are taken for equal: the answer was some time under way, and tells whole seconds. */
const CLOCK_TOLERANCE_MS = 2_000;

/**
 * By how much the cluster's clock, by which nodes and programs judge tokens and receipts, is ahead of the viewer's own.
 * 0 where the two agree as well as can be told, or where the issuer of the token does not tell the cluster's time.
 * @param clusterTimeSecs as the token's issuer told it
 * @param nowMs the viewer's clock, Unix milliseconds, as the answer arrived
 */
export function estimateClusterOffsetMs(clusterTimeSecs: number | undefined, nowMs: number): number {
    if (clusterTimeSecs === undefined) return 0;
    // The end of that second: a token is rather left too early than used too late.
    const offsetMs = (clusterTimeSecs + 1) * 1000 - nowMs;
    return Math.abs(offsetMs) <= CLOCK_TOLERANCE_MS ? 0 : offsetMs;
}
