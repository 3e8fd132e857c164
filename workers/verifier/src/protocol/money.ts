/** Settlement arithmetic of protocol 6.9, in whole base units; every division rounds down. */
const BASIS_POINTS = 10_000n;
const BYTES_PER_GIGABYTE = 1_000_000_000n;
const BYTES_PER_KILOBIT = 125n;
/** Amounts on chain have 64 bits. */
const U64_MAX = (1n << 64n) - 1n;

export const share = (value: bigint, basisPoints: number): bigint => (value * BigInt(basisPoints)) / BASIS_POINTS;
export const least = (a: bigint, b: bigint): bigint => (a < b ? a : b);
export const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
export const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

export function grossOf(bytes: bigint, pricePerGigabyte: bigint, spare: bigint): bigint {
    return least((bytes * pricePerGigabyte) / BYTES_PER_GIGABYTE, spare);
}

export const maxEpochBytes = (capKilobitsPerSecond: bigint, epochLengthSecs: number): bigint =>
    capKilobitsPerSecond * BYTES_PER_KILOBIT * BigInt(epochLengthSecs);

/** The dearest epoch that the cap allows: what the reserve counts in. */
export function maxEpochGross(terms: {
    capKilobitsPerSecond: bigint;
    epochLengthSecs: number;
    pricePerGigabyte: readonly bigint[];
    commitFeePerEpoch: bigint;
}): bigint {
    const dearest = terms.pricePerGigabyte.reduce(most, 0n);
    const bytes = maxEpochBytes(terms.capKilobitsPerSecond, terms.epochLengthSecs);
    return least((bytes * dearest) / BYTES_PER_GIGABYTE + terms.commitFeePerEpoch, U64_MAX);
}

export type Settlement = {
    penalty: bigint;
    net: bigint;
    fee: bigint;
    /** Eight places, in the order of the splits. */
    payouts: bigint[];
    treasury: bigint;
};

export function settle(input: {
    earned: bigint;
    penaltyBasisPoints: number;
    feeBasisPoints: number;
    splits: readonly { basisPoints: number }[];
}): Settlement {
    const penalty = share(input.earned, input.penaltyBasisPoints);
    const net = input.earned - penalty;
    const fee = share(net, input.feeBasisPoints);
    const payouts = input.splits.map(({ basisPoints }) => share(net - fee, basisPoints));
    return { penalty, net, fee, payouts, treasury: net - sum(payouts) };
}

/** 50 % to the content provider, 30 % to a challenger, the rest to the treasury (protocol 6.7). */
export function splitSlash(slashed: bigint, hasChallenger: boolean) {
    const contentProvider = share(slashed, 5_000);
    const challenger = hasChallenger ? share(slashed, 3_000) : 0n;
    return { contentProvider, challenger, treasury: slashed - contentProvider - challenger };
}

/** Samples to prove: 2 below one token of six decimals, 4 below a hundred, else 8 (protocol 6.15). */
export const sampleCount = (gross: bigint): number => (gross < 1_000_000n ? 2 : gross < 100_000_000n ? 4 : 8);
