import { MarketplaceError } from './error.js';
import { assertU64, assertUint, MAX_U64 } from './fields.js';

/** 100 % in basis points. */
export const BASIS_POINTS = 10_000;
/** Prices are per decimal gigabyte. */
export const BYTES_PER_GIGABYTE = 1_000_000_000n;
/** 1 kilobit/s = 1000 bit/s = 125 byte/s. */
export const BYTES_PER_SECOND_PER_KILOBIT = 125n;
/** Highest protocol fee that a configuration may set (protocol 6.15). */
export const MAX_FEE_BASIS_POINTS = 500;

/** Bytes that a rate can carry in one epoch: `cap · 125 · L`. Throws MKT_CORE__AMOUNT_TOO_LARGE above 2^64 − 1. */
export function computeMaxEpochBytes(input: { capKilobitsPerSecond: bigint; epochLengthSecs: number }): bigint {
    assertU64('capKilobitsPerSecond', input.capKilobitsPerSecond);
    assertUint('epochLengthSecs', input.epochLengthSecs, 32);
    const bytesPerSecond = input.capKilobitsPerSecond * BYTES_PER_SECOND_PER_KILOBIT;
    return fit('bytes', bytesPerSecond * BigInt(input.epochLengthSecs));
}

/**
 * Price of delivered bytes, `floor(bytes · price / 10^9)`, in base units of the mint (protocol 6.9). One floor per
 * commitment: the dust below one base unit stays with the content provider. Throws MKT_CORE__AMOUNT_TOO_LARGE.
 */
export function computeGross(input: { bytes: bigint; pricePerGigabyte: bigint }): bigint {
    assertU64('bytes', input.bytes);
    assertU64('pricePerGigabyte', input.pricePerGigabyte);
    return fit('gross', (input.bytes * input.pricePerGigabyte) / BYTES_PER_GIGABYTE);
}

/** What of a gross is payable: never more than the vault can spare (protocol 6.7, commit). */
export function computePayableGross(input: { bytes: bigint; pricePerGigabyte: bigint; spare: bigint }): bigint {
    assertU64('bytes', input.bytes);
    assertU64('pricePerGigabyte', input.pricePerGigabyte);
    assertU64('spare', input.spare);
    return min((input.bytes * input.pricePerGigabyte) / BYTES_PER_GIGABYTE, input.spare);
}

export interface MaxEpochGrossInput {
    readonly capKilobitsPerSecond: bigint;
    readonly epochLengthSecs: number;
    /** The highest of the contract's prices. */
    readonly maxPricePerGigabyte: bigint;
    readonly commitFeePerEpoch: bigint;
}

/** Highest gross of one epoch: all bytes of the cap at the highest price, plus the commit fee (protocol 6.6). */
export function computeMaxEpochGross(input: MaxEpochGrossInput): bigint {
    assertU64('commitFeePerEpoch', input.commitFeePerEpoch);
    const gross = computeGross({ bytes: computeMaxEpochBytes(input), pricePerGigabyte: input.maxPricePerGigabyte });
    return fit('maxEpochGross', gross + input.commitFeePerEpoch);
}

/** What the vault has to hold beyond what is owed: `prefundEpochs · maxEpochGross + openGross` (protocol 6.6). */
export function computeReserve(input: { prefundEpochs: number; maxEpochGross: bigint; openGross: bigint }): bigint {
    assertUint('prefundEpochs', input.prefundEpochs, 16);
    assertU64('maxEpochGross', input.maxEpochGross);
    assertU64('openGross', input.openGross);
    return fit('reserve', BigInt(input.prefundEpochs) * input.maxEpochGross + input.openGross);
}

/** Stake locked for a commitment: `floor(slashMultiplier · gross / 10 000)`; the multiplier is above 100 %. */
export function computeLock(input: { gross: bigint; slashMultiplierBasisPoints: number }): bigint {
    assertU64('gross', input.gross);
    assertUint('slashMultiplierBasisPoints', input.slashMultiplierBasisPoints, 32);
    return fit('lock', (input.gross * BigInt(input.slashMultiplierBasisPoints)) / BigInt(BASIS_POINTS));
}

/** Vault balance beyond what is owed and what open commitments may still earn; zero when nothing is left. */
export function computeSpare(input: { vaultBalance: bigint; owedTotal: bigint; openGross: bigint }): bigint {
    assertU64('vaultBalance', input.vaultBalance);
    assertU64('owedTotal', input.owedTotal);
    assertU64('openGross', input.openGross);
    const spare = input.vaultBalance - input.owedTotal - input.openGross;
    return spare > 0n ? spare : 0n;
}

export interface TopUpInput {
    /** Receipted unicast whose SLA source is a report quorum or a co-signature, and no severe breach. */
    readonly eligible: boolean;
    readonly commitFeePerEpoch: bigint;
    readonly gross: bigint;
    readonly spare: bigint;
}

/** Top-up to the minimum commit, clipped to what the vault can spare (protocol 6.9). */
export function computeTopUp(input: TopUpInput): bigint {
    assertU64('commitFeePerEpoch', input.commitFeePerEpoch);
    assertU64('gross', input.gross);
    assertU64('spare', input.spare);
    if (!input.eligible || input.commitFeePerEpoch <= input.gross) return 0n;
    return min(input.commitFeePerEpoch - input.gross, input.spare);
}

/** Slash of a severe breach: `min(lock, floor(commitFee · slash / 10 000))` (protocol 6.9). */
export function computeSevereSlash(input: {
    lock: bigint;
    commitFeePerEpoch: bigint;
    slashBasisPoints: number;
}): bigint {
    assertU64('lock', input.lock);
    return min(input.lock, shareFloor('slash', input.commitFeePerEpoch, input.slashBasisPoints));
}

/** `floor(value · basisPoints / 10 000)`. Throws MKT_CORE__BASIS_POINTS_OUT_OF_RANGE above 10 000. */
export function shareFloor(name: string, value: bigint, basisPoints: number): bigint {
    assertU64(name, value);
    assertBasisPoints(name, basisPoints);
    return (value * BigInt(basisPoints)) / BigInt(BASIS_POINTS);
}

export function assertBasisPoints(name: string, basisPoints: number): void {
    if (!Number.isInteger(basisPoints) || basisPoints < 0 || basisPoints > BASIS_POINTS) {
        throw new MarketplaceError('MKT_CORE__BASIS_POINTS_OUT_OF_RANGE', { field: name, basisPoints });
    }
}

function fit(name: string, value: bigint): bigint {
    if (value > MAX_U64) throw new MarketplaceError('MKT_CORE__AMOUNT_TOO_LARGE', { field: name, value });
    return value;
}

function min(left: bigint, right: bigint): bigint {
    return left < right ? left : right;
}
