import { PublicKey } from '@solana/web3.js';
import type { Sla } from '../core/sla.js';
import { type AccountListSource, type AccountSource, createReader, type WithAddress } from './reader.js';
import { byKind, type PricesByKind, type Split, takeUsed, trimSla } from './terms.js';

export type ContractState = 'proposed' | 'active' | 'underfunded' | 'closing' | 'settled' | 'cancelled';

/** One purchase of capacity with its escrow. Money is in base units of `mint`; lists by kind have three places. */
export interface Contract {
    /** Participant account of the buyer. */
    readonly contentProvider: PublicKey;
    /** Participant account of the seller. */
    readonly seller: PublicKey;
    readonly nonce: bigint;
    /** The offer that was accepted, or the bid that won a lot. */
    readonly offer: PublicKey;
    readonly mint: PublicKey;
    /** SPL Token or Token-2022: the owner of the mint account. */
    readonly tokenProgram: PublicKey;
    readonly vault: PublicKey;
    /** Two places for the keys that sign viewers' tokens; the all-zero key marks a free one. */
    readonly issuer: readonly PublicKey[];
    /** The epoch from which each place is in force. */
    readonly issuerFromEpoch: readonly number[];
    /** Unix seconds at which epoch 0 begins. */
    readonly genesisAt: bigint;
    readonly epochLengthSecs: number;
    readonly epochCount: number;
    readonly committedKilobitsPerSecond: bigint;
    /** Traffic above it is never paid. */
    readonly capKilobitsPerSecond: bigint;
    readonly pricePerGigabyte: PricesByKind;
    readonly commitFeePerEpoch: bigint;
    readonly sla: Sla;
    readonly splits: readonly Split[];
    readonly claims: readonly PublicKey[];
    /** Kilobits per second on each claim; they add up to the committed rate. */
    readonly claimShares: readonly bigint[];
    readonly feeBasisPoints: number;
    readonly treasury: PublicKey;
    /** Names the parameters with which the contract was signed; those it needs follow. */
    readonly paramsHash: Uint8Array;
    readonly prefundEpochs: number;
    readonly commitDelaySecs: number;
    readonly commitWindowSecs: number;
    readonly cosignWindowSecs: number;
    readonly settleWindowSecs: number;
    readonly slashMultiplierBasisPoints: number;
    readonly state: ContractState;
    /** Settled bytes. */
    readonly cumBytes: readonly bigint[];
    readonly grossTotal: readonly bigint[];
    readonly penaltyTotal: bigint;
    readonly topUpTotal: bigint;
    /** Sum of settled net. */
    readonly paidTotal: bigint;
    /** Gross of commitments that are neither settled nor void. */
    readonly openGross: bigint;
    /** Nine places, what each may withdraw: the payees of `splits` by their place, at `TREASURY_INDEX` the treasury. */
    readonly owed: readonly bigint[];
    readonly openCommitments: number;
    readonly settledCommitments: number;
    /** RFC 9162 history of settlements: size and the roots of its full subtrees. */
    readonly historySize: bigint;
    readonly historyFrontier: readonly Uint8Array[];
    readonly depositedTotal: bigint;
    readonly rentPayer: PublicKey;
    /** The seller's stake that stands behind this contract, base units: `bondFree` and the locks of open commitments. */
    readonly bondTotal: bigint;
    readonly bondFree: bigint;
    /** Bonds and bounties of challenges that the vault holds. */
    readonly heldTotal: bigint;
    /** Slashed for severe breaches and not yet collected. */
    readonly slashPending: bigint;
    /** Epoch, kinds (a bit each) and bytes of the latest commitments: epochs are committed in order. */
    readonly committedEpoch: number;
    readonly committedKinds: number;
    readonly committedBytes: bigint;
    readonly proveWindowSecs: number;
    readonly challengeWindowSecs: number;
    readonly challengeResponseSecs: number;
    readonly tokenGraceSecs: number;
    readonly seedDelaySlots: number;
    readonly livenessSlashBasisPoints: number;
    readonly challengeBond: bigint;
    readonly maxTokenBytes: bigint;
    readonly clusterTag: number;
}

/** The treasury's place in `Contract.owed`. */
export const TREASURY_INDEX = 8;

const reader = createReader(
    'market',
    'Contract',
    ({ version, bump, reserved, claimCount, splitCount, ...contract }): Contract => ({
        ...contract,
        claims: takeUsed(contract.claims, claimCount),
        claimShares: takeUsed(contract.claimShares, claimCount),
        splits: takeUsed(contract.splits, splitCount),
        pricePerGigabyte: byKind(contract.pricePerGigabyte),
        sla: trimSla(contract.sla),
    }),
    [2],
);

/** Reads a contract from account data. @throws MarketplaceError MKT_SDK__ACCOUNT_* (see `AccountReader.decode`) */
export const decodeContract = reader.decode;

/**
 * A contract, or null when none stands at the address (`findContractAddress`) or it was closed.
 *
 * @throws MarketplaceError as `decodeContract`, and MKT_SDK__ACCOUNT_OWNER.
 * @example const contract = await fetchContract(connection, address);
 */
export function fetchContract(connection: AccountSource, address: PublicKey): Promise<WithAddress<Contract> | null> {
    return reader.fetch(connection, address);
}

/**
 * All contracts, or those of one content provider or one seller (participant accounts).
 *
 * @throws MarketplaceError as `fetchContract`.
 * @example const contracts = await listContracts(connection, { seller });
 */
export function listContracts(
    connection: AccountListSource,
    filter: { contentProvider?: PublicKey; seller?: PublicKey } = {},
): Promise<WithAddress<Contract>[]> {
    return reader.list(connection, { contentProvider: filter.contentProvider, seller: filter.seller });
}

/**
 * The key whose tokens are valid in an epoch: the latest that has begun by then. Null when none has.
 *
 * @example const issuer = findIssuerInForce(contract, token.epoch);
 */
export function findIssuerInForce(
    contract: Pick<Contract, 'issuer' | 'issuerFromEpoch'>,
    epoch: number,
): PublicKey | null {
    let found: { key: PublicKey; from: number } | null = null;
    for (const [slot, key] of contract.issuer.entries()) {
        const from = contract.issuerFromEpoch[slot] ?? Number.POSITIVE_INFINITY;
        if (key.equals(PublicKey.default) || from > epoch) continue;
        if (found === null || from > found.from) found = { key, from };
    }
    return found?.key ?? null;
}

/** Begin and end of an epoch in unix seconds, `[begins, ends)`. */
export function computeEpochBounds(
    contract: Pick<Contract, 'genesisAt' | 'epochLengthSecs'>,
    epoch: number,
): { readonly beginsAt: bigint; readonly endsAt: bigint } {
    const beginsAt = contract.genesisAt + BigInt(epoch) * BigInt(contract.epochLengthSecs);
    return { beginsAt, endsAt: beginsAt + BigInt(contract.epochLengthSecs) };
}
