import type { Lot, Model, Sla } from '../model/state.js';
import { OFFERS } from '../offers.js';
import type { Pack } from '../pack.js';
import type { Random } from '../random.js';
import { prefer } from './common.js';

export interface LotParams {
    /** `buyer:nonce`. */
    readonly lot: string;
}

export const lotBuyer = ({ lot }: LotParams) => lot.split(':')[0]!;
/** Every lot asks for the service of the first offer. */
export const LOT_SLA: Sla = OFFERS.get('s0:0')!.sla;
const MAX_TIERS = 8;
const UNUSED = { metric: 0, threshold: 0, basisPoints: 0 };

/** 192.0.2.0/25. */
export const packFootprint = (pack: Pack): Pack => {
    const value = new Uint8Array(16);
    value.set([192, 0, 2, 0]);
    return pack.u8(1).u8(25).raw(value);
};

export function packSla(pack: Pack, sla: Sla): Pack {
    pack.u8(sla.quorum).u16(sla.maxPenaltyBasisPoints).u16(sla.severeBasisPoints).u16(sla.slashBasisPoints);
    for (let place = 0; place < MAX_TIERS; place += 1) {
        const { metric, threshold, basisPoints } = sla.tiers[place] ?? UNUSED;
        pack.u8(metric).u32(threshold).u16(basisPoints);
    }
    return pack;
}

export function pickLot(model: Model, random: Random, fits: (lot: Lot) => boolean): Lot | null {
    return prefer(random, model.lots.values(), fits);
}
