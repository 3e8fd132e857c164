import { PublicKey } from '@solana/web3.js';
import { findConfigAddress } from '../addresses/index.js';
import { type AccountSource, createReader, type WithAddress } from './reader.js';

/** Protocol parameters. Times are seconds unless the name says otherwise; basis points are 1/10 000. */
export interface Params {
    /** Epoch lengths that an offer may choose. */
    readonly epochLengthsSecs: readonly number[];
    /** From an epoch's end to the first moment of commitment. */
    readonly commitDelaySecs: number;
    readonly commitWindowSecs: number;
    readonly proveWindowSecs: number;
    readonly challengeWindowSecs: number;
    readonly challengeResponseSecs: number;
    readonly cosignWindowSecs: number;
    /** From the last epoch's end until a contract may be finished. */
    readonly settleWindowSecs: number;
    readonly tokenGraceSecs: number;
    readonly unbondSecs: number;
    readonly seedDelaySlots: number;
    readonly prefundEpochs: number;
    readonly slashMultiplierBasisPoints: number;
    readonly livenessSlashBasisPoints: number;
    readonly severeSlaBasisPoints: number;
    /** Base units of the contract's mint. */
    readonly challengeBond: bigint;
    readonly creditBytes: bigint;
    readonly maxTokenBytes: bigint;
}

/** The marketplace's configuration. */
export interface Config {
    readonly board: PublicKey;
    readonly guardian: PublicKey;
    readonly treasury: PublicKey;
    /** First four bytes of the cluster's genesis hash, read little-endian. */
    readonly clusterTag: number;
    /** Whether the least times are lowered to one second. */
    readonly development: boolean;
    /** Mints that stake and contracts may use, at most four. */
    readonly mints: readonly PublicKey[];
    readonly feeBasisPoints: number;
    /** Sum of `PAUSE_BITS`; in force only before `pauseUntil`. */
    readonly pauseBits: number;
    /** Unix seconds. */
    readonly pauseUntil: bigint;
    readonly params: Params;
    readonly pendingParamsHash: Uint8Array;
    /** Unix seconds from which the queued parameters may be applied; 0 while none are queued. */
    readonly pendingParamsAt: bigint;
    readonly pendingAuthoritiesHash: Uint8Array;
    /** Unix seconds from which the queued authorities may be applied; 0 while none are queued. */
    readonly pendingAuthoritiesAt: bigint;
    /** Unix seconds at which the last pause began; after it, none may begin for as long as it lasted. */
    readonly pauseStartedAt: bigint;
}

/** Who governs the marketplace and what it takes; changed as one set. */
export interface Authorities {
    readonly board: PublicKey;
    readonly guardian: PublicKey;
    readonly treasury: PublicKey;
    /** At most 500. */
    readonly feeBasisPoints: number;
}

/** What a pause can stop; nothing else can be. */
export const PAUSE_BITS = { newContracts: 1, auction: 2, bandwidthProof: 4 } as const;

/** One kind of new business that a pause can stop. */
export type PauseBit = keyof typeof PAUSE_BITS;

const reader = createReader(
    'registry',
    'Config',
    ({ version, bump, reserved, ...config }): Config => ({
        ...config,
        mints: config.mints.filter((mint) => !mint.equals(PublicKey.default)),
        params: { ...config.params, epochLengthsSecs: config.params.epochLengthsSecs.filter((secs) => secs !== 0) },
    }),
);

/** Reads a configuration from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_{TRUNCATED,DISCRIMINATOR,VERSION} */
export const decodeConfig = reader.decode;

/**
 * The marketplace's configuration, or null on a cluster where the marketplace is not initialised.
 *
 * @throws MarketplaceError as `decodeConfig`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const config = await fetchConfig(connection);
 */
export function fetchConfig(
    connection: AccountSource,
    address: PublicKey = findConfigAddress(),
): Promise<WithAddress<Config> | null> {
    return reader.fetch(connection, address);
}

/** Whether something is paused at a moment, unix seconds. @example isPaused(config, 'newContracts', nowSecs) */
export function isPaused(config: Pick<Config, 'pauseBits' | 'pauseUntil'>, bit: PauseBit, nowSecs: bigint): boolean {
    return (config.pauseBits & PAUSE_BITS[bit]) !== 0 && nowSecs < config.pauseUntil;
}
