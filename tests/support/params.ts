import type { Params } from '@ocm/sdk';

/** Windows of seconds, so that a whole contract fits into a test; money rules as on a public cluster. */
export const TEST_PARAMS: Params = {
    epochLengthsSecs: [10, 60, 3_600],
    commitDelaySecs: 2,
    commitWindowSecs: 60,
    proveWindowSecs: 60,
    challengeWindowSecs: 60,
    challengeResponseSecs: 30,
    cosignWindowSecs: 120,
    settleWindowSecs: 300,
    tokenGraceSecs: 5,
    unbondSecs: 600,
    seedDelaySlots: 64,
    prefundEpochs: 3,
    slashMultiplierBasisPoints: 20_000,
    livenessSlashBasisPoints: 2_500,
    severeSlaBasisPoints: 5_000,
    challengeBond: 1_000_000n,
    creditBytes: 8n << 20n,
    maxTokenBytes: 64n << 30n,
};
