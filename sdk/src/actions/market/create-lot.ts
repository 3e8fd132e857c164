import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { encodeStoredFootprint } from '../../accounts/footprint.js';
import { findConfigAddress, findEscrowAddress, findLotAddress, findParticipantAddress } from '../../addresses/index.js';
import { type DeliveryMethod, encodeDeliveryMethods } from '../../core/delivery-method.js';
import type { Footprint } from '../../core/footprint.js';
import { assertSla, MAX_SLA_TIERS, type Sla } from '../../core/sla.js';
import { argumentError } from '../../errors/sdk-error.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger, assertKeySet, assertPositive } from '../checks.js';

const UNUSED_TIER = { metric: 0, threshold: 0, basisPoints: 0 };

/** What `getCreateLotInstructions` needs. Money is in base units of `mint`, times are unix seconds. */
export interface CreateLotInput {
    /** The content provider's cold key. Signs. */
    readonly owner: PublicKey;
    /** Pays the rent and gets it back when the lot is closed; `owner` when left out. Signs. */
    readonly payer?: PublicKey;
    /** Free to choose, once while the lot stands. */
    readonly nonce: bigint;
    readonly mint: PublicKey;
    /** SPL Token when left out. */
    readonly tokenProgram?: PublicKey;
    readonly footprint: Footprint;
    /** Unicast when left out. */
    readonly deliveryMethods?: readonly DeliveryMethod[];
    /** Whether only capacity within an unexpired bandwidth proof counts; not when left out. */
    readonly verifiedOnly?: boolean;
    /** A whole number of units, three at least. */
    readonly kilobitsPerSecond: bigint;
    readonly unitKilobitsPerSecond: bigint;
    /** Cap of each contract, relative to what it commits: 10 000 (the rate itself, when left out) to 100 000. */
    readonly capBasisPoints?: number;
    readonly epochCount: number;
    /** One of `Config.params.epochLengthsSecs`. */
    readonly epochLengthSecs: number;
    readonly reservePricePerGigabyte: bigint;
    /** What each bid deposits. */
    readonly bidDeposit: bigint;
    readonly sla: Sla;
    /** Key that signs viewers' tokens. */
    readonly issuer: PublicKey;
    /** Each phase lasts an epoch at least: now to commitEndsAt, to revealEndsAt, to genesisAt. */
    readonly commitEndsAt: bigint;
    readonly revealEndsAt: bigint;
    /** Begin of every contract, at most 30 days ahead. */
    readonly genesisAt: bigint;
}

function assertLot(input: CreateLotInput): void {
    const { kilobitsPerSecond, unitKilobitsPerSecond: unit } = input;
    assertPositive('unitKilobitsPerSecond', unit);
    if (kilobitsPerSecond % unit !== 0n || kilobitsPerSecond / unit < 3n) {
        throw argumentError('kilobitsPerSecond', 'three or more whole units of unitKilobitsPerSecond');
    }
    assertPositive('reservePricePerGigabyte', input.reservePricePerGigabyte);
    assertPositive('bidDeposit', input.bidDeposit);
    assertInteger('epochCount', input.epochCount, 1, 21_845);
    assertInteger('capBasisPoints', input.capBasisPoints ?? 10_000, 10_000, 100_000);
    const phase = BigInt(input.epochLengthSecs);
    if (input.revealEndsAt < input.commitEndsAt + phase) {
        throw argumentError('revealEndsAt', 'an epoch or more after commitEndsAt');
    }
    if (input.genesisAt < input.revealEndsAt + phase) {
        throw argumentError('genesisAt', 'an epoch or more after revealEndsAt');
    }
    assertSla(input.sla);
    assertKeySet('issuer', input.issuer);
}

/**
 * Asks sellers to bid for contracts; the lot is `findLotAddress({ contentProvider, nonce })`. Its market needs a price
 * history before it can be cleared (`getOpenPriceHistoryInstructions`).
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for sizes, phases or prices that no lot can have;
 * MKT_CORE__FOOTPRINT_INVALID, MKT_CORE__DELIVERY_METHODS_INVALID, MKT_CORE__SLA_*.
 * @example
 * const instructions = await getCreateLotInstructions({ owner, nonce: 0n, mint, footprint, sla, issuer,
 *     kilobitsPerSecond: 300_000n, unitKilobitsPerSecond: 50_000n, reservePricePerGigabyte: 9_000n, bidDeposit: 1_000_000n,
 *     epochCount: 24, epochLengthSecs: 3_600, commitEndsAt, revealEndsAt, genesisAt });
 */
export async function getCreateLotInstructions(input: CreateLotInput): Promise<TransactionInstruction[]> {
    const { owner, payer = owner, mint, tokenProgram = TOKEN_PROGRAM_ID, footprint, sla, ...rest } = input;
    assertLot(input);
    const contentProvider = findParticipantAddress({ owner });
    const lot = findLotAddress({ contentProvider, nonce: input.nonce });
    const vault = findEscrowAddress({ holder: lot });
    const accounts = { payer, owner, contentProvider, config: findConfigAddress(), lot, mint, vault, tokenProgram };
    const tiers = [...sla.tiers, ...new Array(MAX_SLA_TIERS - sla.tiers.length).fill(UNUSED_TIER)];
    const args = {
        ...rest,
        footprint: encodeStoredFootprint(footprint),
        deliveryMethods: encodeDeliveryMethods(input.deliveryMethods ?? ['unicast']),
        verifiedOnly: input.verifiedOnly ?? false,
        capBasisPoints: input.capBasisPoints ?? 10_000,
        sla: { ...sla, tiers },
    };
    return [buildInstruction('market', 'createLot', accounts, { args })];
}
