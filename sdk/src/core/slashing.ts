import { shareFloor } from './money.js';

const CONTENT_PROVIDER_BASIS_POINTS = 5_000;
const CHALLENGER_BASIS_POINTS = 3_000;

/** Who gets what of slashed stake; the three add up to it exactly. */
export interface SlashSplit {
    readonly contentProvider: bigint;
    /** Zero without a challenger. */
    readonly challenger: bigint;
    /** Its 20 %, what no challenger gets, and the dust of the floors, as in every settlement. */
    readonly treasury: bigint;
}

/**
 * 50 % to the content provider, 30 % to the challenger if there is one, the rest to the treasury (protocol 6.7).
 *
 * @throws MKT_CORE__FIELD_OUT_OF_RANGE
 * @example computeSlashSplit({ slashed: 101n, hasChallenger: true }); // 50, 30, 21
 */
export function computeSlashSplit(input: { slashed: bigint; hasChallenger: boolean }): SlashSplit {
    const contentProvider = shareFloor('slashed', input.slashed, CONTENT_PROVIDER_BASIS_POINTS);
    const challenger = input.hasChallenger ? shareFloor('slashed', input.slashed, CHALLENGER_BASIS_POINTS) : 0n;
    return { contentProvider, challenger, treasury: input.slashed - contentProvider - challenger };
}

/**
 * Slash for evidence that never came: `floor(lock · livenessSlash / 10 000)`; the rest of the lock is freed.
 *
 * @throws MKT_CORE__FIELD_OUT_OF_RANGE, MKT_CORE__BASIS_POINTS_OUT_OF_RANGE
 * @example computeLivenessSlash({ lock: 1_000n, livenessSlashBasisPoints: 2_500 }); // 250
 */
export function computeLivenessSlash(input: { lock: bigint; livenessSlashBasisPoints: number }): bigint {
    return shareFloor('lock', input.lock, input.livenessSlashBasisPoints);
}
