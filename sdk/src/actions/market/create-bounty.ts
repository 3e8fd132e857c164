import { TOKEN_PROGRAM_ID } from '@solana/spl-token';
import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import { encodeStoredFootprint } from '../../accounts/footprint.js';
import {
    findBountyAddress,
    findConfigAddress,
    findEscrowAddress,
    findParticipantAddress,
    findTokenAccountAddress,
} from '../../addresses/index.js';
import { type DeliveryMethod, encodeDeliveryMethods } from '../../core/delivery-method.js';
import type { Footprint } from '../../core/footprint.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertInteger, assertPositive } from '../checks.js';

/** Sellers that one bounty can pay. */
const MAX_PAYMENTS = 32;

/** What `getCreateBountyInstructions` needs. */
export interface CreateBountyInput {
    /** The content provider's cold key. Signs, and pays the rewards into escrow. */
    readonly owner: PublicKey;
    /** Pays the rent and gets it back with the refund; `owner` when left out. Signs. */
    readonly payer?: PublicKey;
    /** Free to choose, once while the bounty stands. */
    readonly nonce: bigint;
    readonly mint: PublicKey;
    /** SPL Token when left out. */
    readonly tokenProgram?: PublicKey;
    readonly footprint: Footprint;
    /** Unicast when left out. */
    readonly deliveryMethods?: readonly DeliveryMethod[];
    /** Whether a bandwidth proof must show the rate. Without it and `contractRequired`, claims cost their makers nothing. */
    readonly verifiedOnly: boolean;
    /** Whether the claim must serve an active contract of this content provider. */
    readonly contractRequired: boolean;
    /** Least rate of a claim. */
    readonly kilobitsPerSecond: bigint;
    /** For how long a claim must have stood, seconds. */
    readonly holdSecs: number;
    /** Base units for each seller. */
    readonly reward: bigint;
    /** 1 to 32. */
    readonly maxPayments: number;
    /** Unix seconds, more than `holdSecs` ahead. */
    readonly expiresAt: bigint;
}

/**
 * Puts `reward × maxPayments` in escrow for the first sellers who hold capacity in a footprint; the bounty is
 * `findBountyAddress({ contentProvider, nonce })`.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for rates, rewards or counts of 0 or too high;
 * MKT_CORE__FOOTPRINT_INVALID, MKT_CORE__DELIVERY_METHODS_INVALID.
 * @example
 * const instructions = await getCreateBountyInstructions({ owner, nonce: 0n, mint, footprint, verifiedOnly: true,
 *     contractRequired: false, kilobitsPerSecond: 1_000_000n, holdSecs: 86_400, reward: 50_000_000n, maxPayments: 5, expiresAt });
 */
export async function getCreateBountyInstructions(input: CreateBountyInput): Promise<TransactionInstruction[]> {
    const { owner, payer = owner, mint, tokenProgram = TOKEN_PROGRAM_ID, footprint, ...rest } = input;
    assertPositive('kilobitsPerSecond', input.kilobitsPerSecond);
    assertPositive('reward', input.reward);
    assertInteger('maxPayments', input.maxPayments, 1, MAX_PAYMENTS);
    const contentProvider = findParticipantAddress({ owner });
    const bounty = findBountyAddress({ contentProvider, nonce: input.nonce });
    const accounts = {
        payer,
        owner,
        contentProvider,
        config: findConfigAddress(),
        bounty,
        mint,
        vault: findEscrowAddress({ holder: bounty }),
        ownerTokenAccount: findTokenAccountAddress({ owner, mint, tokenProgram }),
        tokenProgram,
    };
    const args = {
        ...rest,
        footprint: encodeStoredFootprint(footprint),
        deliveryMethods: encodeDeliveryMethods(input.deliveryMethods ?? ['unicast']),
    };
    return [buildInstruction('market', 'createBounty', accounts, { args })];
}
