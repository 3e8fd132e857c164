import type { Params } from '@ocm/sdk';
import { TEST_PARAMS } from '../../support/index.js';

/** Defaults of protocol 6.15: what a public cluster starts with. */
export const PUBLIC_PARAMS: Params = {
    ...TEST_PARAMS,
    epochLengthsSecs: [300, 3_600, 86_400],
    commitDelaySecs: 600,
    commitWindowSecs: 7_200,
    proveWindowSecs: 21_600,
    challengeWindowSecs: 43_200,
    challengeResponseSecs: 10_800,
    cosignWindowSecs: 604_800,
    settleWindowSecs: 172_800,
    tokenGraceSecs: 600,
    unbondSecs: 604_800,
    prefundEpochs: 6,
};
