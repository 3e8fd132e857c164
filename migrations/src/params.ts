import type { Params } from '@ocm/sdk';

const HOUR_SECS = 3_600;
const DAY_SECS = 86_400;
const MEBIBYTE = 1n << 20n;

/** The defaults of protocol 6.15. */
export const PRODUCTION_PARAMS: Params = {
    epochLengthsSecs: [300, HOUR_SECS, DAY_SECS],
    commitDelaySecs: 600,
    commitWindowSecs: 2 * HOUR_SECS,
    proveWindowSecs: 6 * HOUR_SECS,
    challengeWindowSecs: 12 * HOUR_SECS,
    challengeResponseSecs: 3 * HOUR_SECS,
    cosignWindowSecs: 7 * DAY_SECS,
    settleWindowSecs: 2 * DAY_SECS,
    tokenGraceSecs: 600,
    unbondSecs: 7 * DAY_SECS,
    seedDelaySlots: 64,
    prefundEpochs: 6,
    slashMultiplierBasisPoints: 20_000,
    livenessSlashBasisPoints: 2_500,
    severeSlaBasisPoints: 5_000,
    challengeBond: 1_000_000n,
    creditBytes: 8n * MEBIBYTE,
    maxTokenBytes: 64n * 1024n * MEBIBYTE,
};

/**
 * Windows of seconds, for clusters whose configuration is marked as development. The commit window stays long enough
 * for a worker that was killed to come back.
 */
export function developmentParams(epochLengthSecs: number): Params {
    return {
        ...PRODUCTION_PARAMS,
        epochLengthsSecs: [...new Set([epochLengthSecs, 5, 20, 60])],
        commitDelaySecs: 2,
        commitWindowSecs: 600,
        cosignWindowSecs: 900,
        settleWindowSecs: 900,
        tokenGraceSecs: 2,
        unbondSecs: 60,
    };
}
