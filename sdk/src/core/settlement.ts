import { MarketplaceError } from './error.js';
import { assertU64, MAX_U64 } from './fields.js';
import { assertBasisPoints, BASIS_POINTS, shareFloor } from './money.js';

/** Payees of one contract; the treasury is the ninth. */
export const MAX_SPLITS = 8;

export interface SplitShare {
    readonly basisPoints: number;
}

/** Money in base units of the mint. */
export interface SettlementInput {
    /** Fixed when the delivery was committed. */
    readonly gross: bigint;
    readonly topUp: bigint;
    readonly penaltyBasisPoints: number;
    readonly feeBasisPoints: number;
    /** 1 to 8 of them, 10 000 basis points together. */
    readonly splits: readonly SplitShare[];
}

/** `penalty + net = gross + topUp` and `Σ payouts + treasury = net`, exactly. */
export interface Settlement {
    /** Kept by the content provider: it never leaves the vault. */
    readonly penalty: bigint;
    readonly net: bigint;
    readonly fee: bigint;
    /** In the order of the splits. */
    readonly payouts: readonly bigint[];
    /** The fee plus the dust of the floors, below one base unit per split. */
    readonly treasury: bigint;
}

/** Accepts 1 to 8 splits that add up to exactly 10 000 basis points. Throws MKT_CORE__SPLITS_*, MKT_CORE__BASIS_POINTS_OUT_OF_RANGE. */
export function assertSplits(splits: readonly SplitShare[]): void {
    if (splits.length < 1 || splits.length > MAX_SPLITS) {
        throw new MarketplaceError('MKT_CORE__SPLITS_COUNT_WRONG', { count: splits.length, max: MAX_SPLITS });
    }
    for (const { basisPoints } of splits) assertBasisPoints('splits', basisPoints);
    const sum = splits.reduce((total, { basisPoints }) => total + basisPoints, 0);
    if (sum !== BASIS_POINTS) throw new MarketplaceError('MKT_CORE__SPLITS_SUM_WRONG', { sum, expected: BASIS_POINTS });
}

/**
 * Settlement arithmetic of protocol 6.9, the same as on chain.
 * Throws what {@link assertSplits} throws, MKT_CORE__AMOUNT_TOO_LARGE, MKT_CORE__BASIS_POINTS_OUT_OF_RANGE.
 */
export function computeSettlement(input: SettlementInput): Settlement {
    assertSplits(input.splits);
    assertU64('gross', input.gross);
    assertU64('topUp', input.topUp);
    const earned = input.gross + input.topUp;
    if (earned > MAX_U64) throw new MarketplaceError('MKT_CORE__AMOUNT_TOO_LARGE', { field: 'gross', value: earned });
    const penalty = shareFloor('penalty', earned, input.penaltyBasisPoints);
    const net = earned - penalty;
    const fee = shareFloor('fee', net, input.feeBasisPoints);
    const rest = net - fee;
    const payouts = input.splits.map(({ basisPoints }) => shareFloor('splits', rest, basisPoints));
    const paid = payouts.reduce((total, payout) => total + payout, 0n);
    return { penalty, net, fee, payouts, treasury: fee + rest - paid };
}
