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
    readonly pauseBits: number;
    /** Unix seconds. */
    readonly pauseUntil: bigint;
    readonly params: Params;
    readonly pendingParamsHash: Uint8Array;
    /** Unix seconds. */
    readonly pendingParamsAt: bigint;
}

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
