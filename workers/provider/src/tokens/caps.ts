import { computeEpochBounds } from '@ocm/sdk';
import { z } from 'zod';
import type { ContractTerms } from '../ports.js';

const GIBIBYTE = 2 ** 30;
const HOUR_SECS = 3_600;
const count = z
    .int()
    .min(1)
    .max(2 ** 32);
const bytes = z.int().min(1);

/** Caps of one contract; what is left out has the default. A cap bounds what is granted, whatever is delivered later. */
export const tokenCaps = z
    .strictObject({
        maxSessionBytes: bytes.describe('Bytes of one token'),
        openTokensPerClientKey: count.describe('Unexpired tokens of one client key'),
        tokensPerPrefix: count.describe('Tokens of one IPv4 /24 or IPv6 /48 per window'),
        bytesPerPrefix: bytes.describe('Bytes granted to one IPv4 /24 or IPv6 /48 per window'),
        tokensPerGroup: count.describe('Tokens of one client group per epoch'),
        bytesPerGroup: bytes.describe('Bytes granted to one client group per epoch'),
    })
    .partial();
export type TokenCapsConfig = z.infer<typeof tokenCaps>;
export type TokenCaps = { readonly [Name in keyof TokenCapsConfig]-?: number };

/**
 * A session of 4 GiB is an hour at 9 Mbit/s; after that the viewer asks for a further token. A prefix may hide a carrier's
 * thousands of subscribers, so that its caps stop machines that ask in a loop, and the group's stop many such prefixes.
 */
export const DEFAULT_CAPS: TokenCaps = {
    maxSessionBytes: 4 * GIBIBYTE,
    openTokensPerClientKey: 4,
    tokensPerPrefix: 2_000,
    bytesPerPrefix: 8_000 * GIBIBYTE,
    tokensPerGroup: 10_000,
    bytesPerGroup: 40_000 * GIBIBYTE,
};

/** The caps of a contract: its own, else those of all contracts, else the defaults. */
export function resolveCaps(
    contract: string,
    common: TokenCapsConfig = {},
    byContract: Readonly<Record<string, TokenCapsConfig>> = {},
): TokenCaps {
    const own = byContract[contract] ?? {};
    const given = [...Object.entries(common), ...Object.entries(own)].filter(([, value]) => value !== undefined);
    return { ...DEFAULT_CAPS, ...Object.fromEntries(given) };
}

/**
 * The time in which a prefix is counted: the epoch, in hours where it is longer. Never beyond the epoch, because that is
 * how long anything that follows from an address may be kept.
 */
export function findWindow(
    contract: Pick<ContractTerms, 'genesisAt' | 'epochLengthSecs'>,
    epoch: number,
    nowSecs: number,
): { beginsAtSecs: number; endsAtSecs: number } {
    const { beginsAt, endsAt } = computeEpochBounds(contract, epoch);
    const hours = Math.max(0, Math.floor((nowSecs - Number(beginsAt)) / HOUR_SECS));
    const beginsAtSecs = Number(beginsAt) + hours * HOUR_SECS;
    return { beginsAtSecs, endsAtSecs: Math.min(Number(endsAt), beginsAtSecs + HOUR_SECS) };
}
