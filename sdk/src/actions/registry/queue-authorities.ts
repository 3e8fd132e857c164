import type { PublicKey, TransactionInstruction } from '@solana/web3.js';
import type { Authorities } from '../../accounts/config.js';
import { findConfigAddress } from '../../addresses/index.js';
import { buildInstruction } from '../../programs/instruction.js';
import { assertAuthorities } from './authorities.js';

/** What `getQueueAuthoritiesInstructions` needs. */
export interface QueueAuthoritiesInput {
    /** The configuration's board: a wallet, or a vault that signs by an executed proposal. Signs. */
    readonly board: PublicKey;
    /** All of them: those that stay are named again. */
    readonly authorities: Authorities;
}

/**
 * Announces a new board, guardian, treasury and fee; anyone may apply them after 72 hours.
 *
 * @throws MarketplaceError MKT_SDK__ARGUMENT_INVALID for a missing key or a fee above 500 basis points.
 * @example
 * const { guardian, treasury, feeBasisPoints } = config;
 * const authorities = { board: findBoardVaultAddress({ board }), guardian, treasury, feeBasisPoints };
 * const instructions = await getQueueAuthoritiesInstructions({ board: config.board, authorities });
 */
export async function getQueueAuthoritiesInstructions(input: QueueAuthoritiesInput): Promise<TransactionInstruction[]> {
    const { board, authorities } = input;
    assertAuthorities(authorities);
    return [buildInstruction('registry', 'queueAuthorities', { board, config: findConfigAddress() }, { authorities })];
}
