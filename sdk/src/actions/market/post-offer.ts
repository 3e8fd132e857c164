import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { PricesByKind, Split } from '../../accounts/terms.js';
import { findConfigAddress, findOfferAddress, findParticipantAddress } from '../../addresses/index.js';
import { type DeliveryMethod, encodeDeliveryMethods } from '../../core/delivery-method.js';
import { assertSla, MAX_SLA_TIERS, type Sla } from '../../core/sla.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger, assertKeySet, assertPositive } from '../checks.js';

const MAX_CLAIMS = 4;
const MAX_SPLITS = 8;
const ALL_BASIS_POINTS = 10_000;
const UNUSED_TIER = { metric: 0, threshold: 0, basisPoints: 0 };

/** What `getPostOfferInstructions` needs. Money is in base units of the seller's stake mint. */
export interface PostOfferInput {
    /** The seller's cold key. Signs. */
    readonly owner: PublicKey;
    /** Pays the rent; `owner` when left out. Signs. */
    readonly payer?: PublicKey;
    /** Free to choose, once per seller (u32). */
    readonly index: number;
    /** One to four of the seller's active egress claims, all different. */
    readonly claims: readonly PublicKey[];
    /** 0 = the kind is not paid by volume. */
    readonly pricePerGigabyte: PricesByKind;
    readonly commitFeePerEpoch: bigint;
    readonly minKilobitsPerSecond: bigint;
    readonly maxKilobitsPerSecond: bigint;
    /** What all contracts of this offer may hold together. */
    readonly totalKilobitsPerSecond: bigint;
    readonly minEpochs: number;
    /** One of `Config.params.epochLengthsSecs`. */
    readonly epochLengthSecs: number;
    readonly sla: Sla;
    /** One to eight that add up to 10 000 basis points. */
    readonly splits: readonly Split[];
    /** Unix seconds. */
    readonly expiresAt: bigint;
    /** How the bytes are delivered, by methods that every claim can do; unicast when left out. */
    readonly deliveryMethods?: readonly DeliveryMethod[];
    /** Whether only capacity within an unexpired bandwidth proof may be sold; not when left out. */
    readonly verifiedOnly?: boolean;
}

function assertTerms(input: PostOfferInput): void {
    if (input.claims.length < 1 || input.claims.length > MAX_CLAIMS)
        throw argumentError('claims', 'one to four claims');
    if (new Set(input.claims.map((claim) => claim.toBase58())).size !== input.claims.length) {
        throw argumentError('claims', 'claims that are all different');
    }
    assertPositive('minKilobitsPerSecond', input.minKilobitsPerSecond);
    if (input.maxKilobitsPerSecond < input.minKilobitsPerSecond) {
        throw argumentError('maxKilobitsPerSecond', 'at least minKilobitsPerSecond');
    }
    if (input.totalKilobitsPerSecond < input.maxKilobitsPerSecond) {
        throw argumentError('totalKilobitsPerSecond', 'at least maxKilobitsPerSecond');
    }
    assertInteger('minEpochs', input.minEpochs, 1, 21_845);
    assertSla(input.sla);
    assertSplits(input.splits);
    assertPriced(input);
}

/** Kinds 0 and 1 are unicast, kind 2 is multicast. */
function assertPriced({ pricePerGigabyte, deliveryMethods = ['unicast'] }: PostOfferInput): void {
    const methods = ['unicast', 'unicast', 'multicast'] as const;
    if (pricePerGigabyte.some((price, kind) => price > 0n && !deliveryMethods.includes(methods[kind]!))) {
        throw argumentError('pricePerGigabyte', 'a price of 0 for each kind whose method is not in deliveryMethods');
    }
}

function assertSplits(splits: readonly Split[]): void {
    const sum = splits.reduce((total, split) => total + split.basisPoints, 0);
    if (splits.length < 1 || splits.length > MAX_SPLITS || sum !== ALL_BASIS_POINTS) {
        throw argumentError('splits', 'one to eight splits that add up to 10000 basis points');
    }
    for (const { payee } of splits) assertKeySet('splits', payee);
}

/**
 * Offers claimed capacity for sale; the offer is `findOfferAddress({ participant, index })`.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for claims, rates, epochs or splits that no offer can have;
 * MKT_CORE__* for an SLA that no settlement could apply.
 * @example
 * const instructions = await getPostOfferInstructions({ owner, index: 0, claims: [claim], minEpochs: 1,
 *     pricePerGigabyte: [5_000n, 5_000n, 0n], commitFeePerEpoch: 0n, minKilobitsPerSecond: 1_000n,
 *     maxKilobitsPerSecond: 100_000n, totalKilobitsPerSecond: 500_000n, epochLengthSecs: 3_600, sla,
 *     splits: [{ payee: owner, basisPoints: 10_000 }], expiresAt });
 */
export async function getPostOfferInstructions(input: PostOfferInput): Promise<TransactionInstruction[]> {
    const {
        owner,
        payer = owner,
        claims,
        sla,
        splits,
        deliveryMethods = ['unicast'],
        verifiedOnly = false,
        ...args
    } = input;
    assertTerms(input);
    const participant = findParticipantAddress({ owner });
    const accounts = {
        payer,
        owner,
        participant,
        config: findConfigAddress(),
        offer: findOfferAddress({ participant, index: input.index }),
    };
    const tiers = [...sla.tiers, ...new Array(MAX_SLA_TIERS - sla.tiers.length).fill(UNUSED_TIER)];
    return [
        buildInstruction(
            'market',
            'postOffer',
            accounts,
            {
                args: {
                    ...args,
                    pricePerGigabyte: [...args.pricePerGigabyte],
                    sla: { ...sla, tiers },
                    splits: [...splits],
                    deliveryMethods: encodeDeliveryMethods(deliveryMethods),
                    verifiedOnly,
                },
            },
            claims.map((pubkey) => ({ pubkey, isSigner: false, isWritable: false })),
        ),
    ];
}
