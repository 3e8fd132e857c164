import type { Summary } from '../model/state.js';
import type { Pack } from '../pack.js';
import type { Random } from '../random.js';

/** Good service mostly, else near the thresholds of the offers or beyond. */
export function proposeSummary(random: Random): Summary {
    const good = { availabilityPpm: 1_000_000, errorPpm: 0, ttfbP95Ms: 80, stallPpm: 0, sessions: 12 };
    if (random.chance(0.5)) return good;
    return {
        availabilityPpm: random.pick([1_000_000, 999_899, 999_000, 990_000, 989_999, 950_000, 949_999, 0, 1_000_001]),
        errorPpm: random.pick([0, 1_000, 1_001, 5_001, 10_000, 10_001, 1_000_000]),
        ttfbP95Ms: random.pick([0, 200, 201, 65_535]),
        stallPpm: random.pick([0, 1_000, 1_001, 50_001, random.chance(0.1) ? 1_000_001 : 0]),
        sessions: random.int(0, 3),
    };
}

/** No share above one. */
export const isSummary = ({ availabilityPpm, errorPpm, stallPpm }: Summary) =>
    availabilityPpm <= 1_000_000 && errorPpm <= 1_000_000 && stallPpm <= 1_000_000;

export const packSummary = (pack: Pack, summary: Summary): Pack =>
    pack
        .u32(summary.availabilityPpm)
        .u32(summary.errorPpm)
        .u16(summary.ttfbP95Ms)
        .u32(summary.stallPpm)
        .u32(summary.sessions);
