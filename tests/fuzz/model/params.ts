import type { Params } from '@ocm/sdk';
import { Pack } from '../pack.js';
import { PARAMS } from './rules.js';

/** What the board may choose from; the last two are out of range (protocol 6.15). */
export const PARAM_SETS: readonly Params[] = [
    PARAMS,
    {
        ...PARAMS,
        commitWindowSecs: 30,
        proveWindowSecs: 20,
        challengeWindowSecs: 90,
        challengeResponseSecs: 10,
        cosignWindowSecs: 200,
        prefundEpochs: 1,
        livenessSlashBasisPoints: 10_000,
        challengeBond: 1n,
        unbondSecs: 60,
    },
    {
        ...PARAMS,
        commitDelaySecs: 7,
        challengeWindowSecs: 30,
        settleWindowSecs: 67,
        slashMultiplierBasisPoints: 50_000,
        livenessSlashBasisPoints: 0,
        seedDelaySlots: 256,
        prefundEpochs: 5,
        unbondSecs: 1_200,
    },
    { ...PARAMS, slashMultiplierBasisPoints: 9_999 },
    { ...PARAMS, settleWindowSecs: 61 },
];
export const VALID_SETS = 3;
const MAX_EPOCH_LENGTHS = 4;

/** In the order of the account. */
export function packParams(params: Params): Uint8Array {
    const pack = new Pack();
    for (let place = 0; place < MAX_EPOCH_LENGTHS; place += 1) pack.u32(params.epochLengthsSecs[place] ?? 0);
    pack.u32(params.commitDelaySecs).u32(params.commitWindowSecs).u32(params.proveWindowSecs);
    pack.u32(params.challengeWindowSecs).u32(params.challengeResponseSecs).u32(params.cosignWindowSecs);
    pack.u32(params.settleWindowSecs).u32(params.tokenGraceSecs).u32(params.unbondSecs);
    pack.u16(params.seedDelaySlots).u16(params.prefundEpochs).u32(params.slashMultiplierBasisPoints);
    pack.u16(params.livenessSlashBasisPoints).u16(params.severeSlaBasisPoints);
    return pack.u64(params.challengeBond).u64(params.creditBytes).u64(params.maxTokenBytes).done();
}
