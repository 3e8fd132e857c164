import { ZERO_ADDRESS } from '../chain/address.js';
import type { Fields } from '../chain/borsh.js';

const MAX_PLACES = { splits: 8, claims: 4 };

/** Terms that a contract takes over from an offer or a lot. */
export const SOURCE_TERMS = [
    'mint',
    'epochLengthSecs',
    'pricePerGigabyte',
    'commitFeePerEpoch',
    'sla',
    'splits',
    'splitCount',
    'claims',
    'claimCount',
] as const;

/** An offer's arguments as a contract holds them: lists in their fixed places. */
export function termsOfOffer({ args, claims }: { args: Fields; claims: readonly string[] }): Fields {
    const splits = args.splits as Fields[];
    const noSplit = { payee: ZERO_ADDRESS, basisPoints: 0 };
    return {
        epochLengthSecs: args.epochLengthSecs ?? 0,
        pricePerGigabyte: args.pricePerGigabyte ?? [],
        commitFeePerEpoch: args.commitFeePerEpoch ?? 0n,
        sla: args.sla ?? {},
        splits: Array.from({ length: MAX_PLACES.splits }, (_, place) => splits[place] ?? noSplit),
        splitCount: splits.length,
        claims: Array.from({ length: MAX_PLACES.claims }, (_, place) => claims[place] ?? ZERO_ADDRESS),
        claimCount: claims.length,
    };
}

export function takeTerms(source: Fields | null, account: Fields | null, names: readonly string[]): Fields {
    const from = source ?? account ?? {};
    return Object.fromEntries(names.filter((name) => from[name] !== undefined).map((name) => [name, from[name] ?? 0]));
}

/** Fields of a contract that are parameters of the protocol. */
export const PARAMETER_FIELDS = [
    'feeBasisPoints',
    'treasury',
    'clusterTag',
    'prefundEpochs',
    'commitDelaySecs',
    'commitWindowSecs',
    'cosignWindowSecs',
    'settleWindowSecs',
    'slashMultiplierBasisPoints',
    'proveWindowSecs',
    'challengeWindowSecs',
    'challengeResponseSecs',
    'tokenGraceSecs',
    'seedDelaySlots',
    'livenessSlashBasisPoints',
    'challengeBond',
    'maxTokenBytes',
] as const;

export const takeParameters = (account: Fields | null): Fields => takeTerms(null, account, PARAMETER_FIELDS);
